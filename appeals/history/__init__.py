"""Bulk step: appeals that already happened, elsewhere or in the demo city, are replayed into tables and history."""
