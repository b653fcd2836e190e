"""Registers the reports app and its entries in the menus."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "reports"
    verbose_name = _("Statistics")

    def ready(self) -> None:
        from reports import gauges  # noqa: F401  # announces itself
        from reports.opendata import navigation as open_data
        from reports.opendata import public_item
        from reports.periodic import forms, keeping, navigation, personal_data  # noqa: F401  # the forms announce themselves
        from reports.qr.navigation import register_qr
        from reports.views.navigation import register_navigation
        from reports.warning.registration import register_warning

        open_data.register_navigation()
        public_item.register()
        register_qr()
        register_warning()
        navigation.register_navigation()
        personal_data.register()
        keeping.register_periods()
        register_navigation()
