"""One sign-in for the connected systems, and through an outside provider."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SsoConfig(AppConfig):
    name = "sso"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Single sign-on")

    def ready(self) -> None:
        from allauth.account import signals as of_accounts
        from allauth.socialaccount import signals as of_outside
        from django.db.models.signals import post_migrate

        from signin.trusted_devices import trust_ended
        from sso import connections
        from sso.outside import adapter, configured, connector, links  # noqa: F401 - the connector registers itself
        from sso.views.navigation import register_navigation

        of_accounts.authentication_step_completed.connect(adapter.note_strength, dispatch_uid="sso-strength")
        of_outside.social_account_added.connect(links.linked_by_the_person, dispatch_uid="sso-linked")
        post_migrate.connect(configured.follow_settings, sender=self, dispatch_uid="sso-configured")
        trust_ended.connect(connections.end_tokens, dispatch_uid="sso-trust-ended")
        register_navigation()
