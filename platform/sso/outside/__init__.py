"""Signing in to the hub through an outside OpenID Connect provider."""
