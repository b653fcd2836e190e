"""Addresses: duties of the law on personal data: consents, requests, retention, take-downs and breaches."""

from django.urls import URLPattern, URLResolver

app_name = "privacy"
urlpatterns: list[URLPattern | URLResolver] = []
