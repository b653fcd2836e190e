"""Registers the openapi app."""

from django.apps import AppConfig


class OpenapiConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "openapi"

    def ready(self) -> None:
        from openapi import schema  # noqa: F401  # announces how keys are described
        from openapi.models import Application
        from openapi.navigation import register_navigation
        from signin import second_factor

        second_factor.always.append(lambda user: Application.objects.filter(owner=user).exists())
        register_navigation()
