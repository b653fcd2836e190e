"""Addresses: signing in with two factors, sessions and devices."""

from django.urls import URLPattern, URLResolver

app_name = "signin"
urlpatterns: list[URLPattern | URLResolver] = []
