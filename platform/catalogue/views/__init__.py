"""Pages of the catalogue: the public ones, and those of the connections for the administrator."""
