"""Petitions: signatures, thresholds and the answers they earn."""
