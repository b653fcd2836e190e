"""Problem Report: the same problem told many times, one page with its history."""
