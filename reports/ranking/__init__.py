"""Public Control: bodies compared by a figure, with what chance and the mix of their topics explain."""
