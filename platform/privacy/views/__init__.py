"""Pages of the duties on personal data: for everybody, for the person, for the officer."""
