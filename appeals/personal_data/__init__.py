"""What the appeals tell the duties on personal data: copies, anonymisation, periods, public items, persons behind."""
