"""Addresses of the look: display settings and the style page."""

from django.urls import path

from ui.views import preferences, style

app_name = "ui"
urlpatterns = [
    path("display/", preferences.preferences, name="preferences"),
    path("style/", style.style, name="style"),
]
