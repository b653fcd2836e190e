"""Django app: audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from audit import account_changes, listeners  # noqa: F401 - connects to the signals
        from audit.navigation import register_navigation

        register_navigation()
