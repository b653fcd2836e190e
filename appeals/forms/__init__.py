"""Forms of the appeal's pages: what is typed, checked and turned into values for the steps."""
