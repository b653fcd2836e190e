"""The hub as OpenID Connect provider: our rules around allauth's endpoints."""
