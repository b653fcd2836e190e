"""Addresses: one sign-in for the connected systems, and through an outside provider."""

from django.urls import URLPattern, URLResolver

app_name = "sso"
urlpatterns: list[URLPattern | URLResolver] = []
