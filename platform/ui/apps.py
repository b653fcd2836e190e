"""The look of the site: static files, template tags, display preferences, error pages."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "ui"
    label = "ui"
