"""Registers the petitions app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "petitions"

    def ready(self) -> None:
        """Say on the civic ID which badges will come from here; there is nothing to award yet."""
        from identity.activity import Badge, badges

        petitions = _("petitions")
        for badge, slug in (
            (Badge(_("Voice of the city"), _("for signing a petition"), petitions, "hand", 10), "petition-signed"),
            (Badge(_("Initiator"), _("for a petition that was answered"), petitions, "flag", 20), "petition-answered"),
        ):
            badges.register(slug)(badge)
