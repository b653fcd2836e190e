"""Version 1 of the open API: one file per resource."""
