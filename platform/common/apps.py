"""Django app of the code that knows no domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Calendar and office hours")
