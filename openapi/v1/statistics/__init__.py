"""The statistics: the dictionary of figures, the figures themselves, and what is made of them. Open to everybody."""
