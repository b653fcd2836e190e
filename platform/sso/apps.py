"""One sign-in for the connected systems, and through an outside provider."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SsoConfig(AppConfig):
    name = "sso"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Single sign-on")
