"""Sandboxes: an akimat of his own for each partner, with invented people and a clock that he can move."""
