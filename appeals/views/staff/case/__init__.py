"""The page of one case for the staff, and everything that is done from it."""
