"""Django app: audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from audit import account_changes, gauges, listeners  # noqa: F401 - connect to the signals, announce figures
        from audit.navigation import register_navigation
        from audit.siem import connector  # noqa: F401 - registers itself

        register_navigation()
