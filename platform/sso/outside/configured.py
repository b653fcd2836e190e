"""The outside provider that the environment names: its row follows the settings whenever the database is migrated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from sso.forms import LISTS, ProviderForm
from sso.models import OutsideProvider
from sso.outside import providers


def is_configured(row: OutsideProvider) -> bool:
    """Whether the environment says what this provider is; the pages of the administrator then only show it."""
    return bool(settings.SSO_OUTSIDE) and settings.SSO_OUTSIDE["slug"] == row.slug


def follow_settings(**_kwargs: object) -> None:
    """Add the provider or change it, by the same rules as the form. What was switched off stays so."""
    values = settings.SSO_OUTSIDE
    if not values or OutsideProvider._meta.db_table not in connection.introspection.table_names():
        return
    row = OutsideProvider.objects.filter(slug=values["slug"]).first()
    if row is not None:
        _refuse_another(row, values)
    form = ProviderForm(_as_typed(values), instance=row)
    if not form.is_valid():
        raise ImproperlyConfigured(f"HALYQ_OUTSIDE_*: {form.errors.as_json()}")
    if row is None:
        providers.add_provider(form.cleaned_data, actor=None)
    else:
        providers.change_provider(row.pk, form.cleaned_data, actor=None)


def _refuse_another(row: OutsideProvider, values: dict[str, Any]) -> None:
    """The accounts linked with one provider must not open for the people of another."""
    if (row.issuer, row.identifier_claim) != (values["issuer"], values["identifier_claim"]):
        raise ImproperlyConfigured(
            f"The issuer and the claim of {row.slug!r} are fixed: another provider needs another HALYQ_OUTSIDE_SLUG."
        )


def _as_typed(values: dict[str, Any]) -> dict[str, str]:
    return {name: "\n".join(value) if name in LISTS else value for name, value in values.items()}
