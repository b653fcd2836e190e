"""Duties of the law on personal data: consents, requests, retention, take-downs and breaches."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "privacy"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Personal data")

    def ready(self) -> None:
        """Announce what the apps below hold, and forget texts of consent when they are edited."""
        from django.db.models.signals import post_delete, post_save

        from accounts.rights import Action
        from audit.signals import chain_broken
        from audit.subjects import SubjectPage, page_by_number, subject_pages
        from common.rows import forget_rows
        from privacy import affected, breaches  # noqa: F401  # the first registers the sources it knows itself
        from privacy.holdings import copies, erasure, periods
        from privacy.navigation import register_navigation

        register_navigation()
        for kind, page, right, label in (
            ("request", "staff-request", Action.MANAGE_PRIVACY, _("Request about personal data")),
            ("takedown", "staff-takedown", Action.TAKE_DOWN, _("Take-down")),
            ("breach", "staff-breach", Action.MANAGE_BREACHES, _("Breach")),
            ("consent", "staff-text", Action.CONFIGURE, _("Text of consent")),
        ):
            subject_pages.register(kind)(SubjectPage(page_by_number(f"privacy:{page}"), (right,), label))
        subject_pages.register("hold")(
            SubjectPage(lambda _key: reverse("privacy:staff-retention"), (Action.MANAGE_PRIVACY,), _("Legal hold"))
        )
        chain_broken.connect(breaches.on_broken_chain, dispatch_uid="privacy.breaches.chain")
        copies.register()
        erasure.register()
        periods.register()
        for model in ("ConsentPurpose", "ConsentText", "Term", "Restriction"):
            for signal in (post_save, post_delete):
                signal.connect(forget_rows, sender=f"privacy.{model}", dispatch_uid=f"forget-{model}-{id(signal)}")
