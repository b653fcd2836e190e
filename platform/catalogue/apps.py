"""Django app: catalogue."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Catalogue of systems")

    def ready(self) -> None:
        from catalogue import gauges, plugins  # noqa: F401 - the figures register themselves
        from catalogue.navigation import register_navigation

        plugins.load()
        register_navigation()
