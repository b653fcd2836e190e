"""Figures for Prometheus, the line of each request in the log, and signs of life; other apps announce their own figures."""
