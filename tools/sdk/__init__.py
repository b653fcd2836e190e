"""The clients of the open API and the collection of its requests, made from the committed document."""
