"""Registers the monitoring app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "monitoring"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Monitoring")

    def ready(self) -> None:
        from monitoring import servers, statements, task_metrics, worker_server  # noqa: F401  # listen and announce
