"""The pages of the open API."""
