"""Figures for Prometheus, the line of each request in the log, and signs of life; apps announce their own."""
