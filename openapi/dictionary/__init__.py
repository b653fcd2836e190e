"""The data dictionary: what every field of the open API means, in three languages, read out of the OpenAPI document."""
