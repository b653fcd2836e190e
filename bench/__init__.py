"""Measures the running hub: fills it with invented appeals, starts the real servers and asks them."""
