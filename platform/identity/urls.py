"""Addresses: identity levels of an account, the state signature and the digital civic ID."""

from django.urls import URLPattern, URLResolver

app_name = "identity"
urlpatterns: list[URLPattern | URLResolver] = []
