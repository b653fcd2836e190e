"""The open API: keys, versions and webhooks for other systems."""
