"""Whole stories through the public entry points."""
