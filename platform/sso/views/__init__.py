"""Pages of the single sign-on: the administrator's, and everybody's own."""
