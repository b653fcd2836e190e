"""Addresses of the appeal: the resident's pages, the staff's pages, the channels' hooks."""

from django.urls import URLPattern, URLResolver

app_name = "appeals"
urlpatterns: list[URLPattern | URLResolver] = []
