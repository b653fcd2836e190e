"""Signing in with two factors, sessions and devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SigninConfig(AppConfig):
    name = "signin"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Signing in")

    def ready(self) -> None:
        from signin import listeners, reauthentication, receivers, recovery_codes  # noqa: F401 - register themselves
        from signin.navigation import register_navigation

        reauthentication.replace_allauths()
        recovery_codes.replace_allauths()
        register_navigation()
