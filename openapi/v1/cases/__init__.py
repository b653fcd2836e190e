"""Cases: the same appeals from the side of those who work on them. What is refused on the page is refused here."""
