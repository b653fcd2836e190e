"""Registers the openapi app."""

from django.apps import AppConfig


class OpenapiConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "openapi"

    def ready(self) -> None:
        from common.events import event_recorded
        from openapi import application_records, event_records, feed, gauges, schema  # noqa: F401  # announce themselves
        from openapi.models import Application
        from openapi.navigation import register_navigation
        from openapi.usage_periods import announce
        from openapi.webhooks import connector  # noqa: F401  # registers itself
        from signin import second_factor

        second_factor.always.append(lambda user: Application.objects.filter(owner=user).exists())
        register_navigation()
        application_records.register()
        announce()
        event_records.register()
        event_recorded.connect(feed.hint, dispatch_uid="openapi-feed")
