"""Adapters of the channels; importing this package registers them."""
