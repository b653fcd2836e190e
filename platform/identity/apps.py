"""Identity levels of an account, the state signature and the digital civic ID."""

from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    name = "identity"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Identity")

    def ready(self) -> None:
        from identity import watching
        from identity.eds import connector  # noqa: F401 - registers itself
        from ui.navigation import PUBLIC, NavItem, register

        watching.watch()
        register(
            NavItem(
                label=_("My ID"), url_name="identity:civic_id", section=PUBLIC, order=25, shown=has_account,
                also=("/my/data/", "/my/consents/"),
            )
        )  # fmt: skip


def has_account(request: HttpRequest) -> bool:
    """Without touching the session of a visitor who has none."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
