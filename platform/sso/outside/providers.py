"""Add, change and switch outside providers; who they are is fixed once somebody may have been linked with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from sso import records
from sso.models import OutsideProvider

FIXED = {"slug", "issuer", "identifier_claim"}


@transaction.atomic
def add_provider(values: Mapping[str, Any], *, actor: User | None) -> OutsideProvider:
    provider = OutsideProvider.objects.create(**values)
    records.provider_changed(provider, actor=actor, what="added", fields=sorted(values))
    return provider


@transaction.atomic
def change_provider(provider_id: int, values: Mapping[str, Any], *, actor: User | None) -> list[str]:
    """Change all but what the links depend on; an empty secret keeps the present one."""
    provider = OutsideProvider.objects.select_for_update().get(pk=provider_id)
    given = {name: value for name, value in values.items() if name not in FIXED}
    if not given.get("secret"):
        given.pop("secret", None)
    changed = [name for name, value in given.items() if getattr(provider, name) != value]
    for name in changed:
        setattr(provider, name, given[name])
    if changed:
        provider.save()
        records.provider_changed(provider, actor=actor, what="changed", fields=changed)
    return changed


@transaction.atomic
def switch_provider(provider_id: int, *, on: bool, actor: User) -> None:
    """While it is off nobody comes in through it; the links stay."""
    provider = OutsideProvider.objects.select_for_update().get(pk=provider_id)
    if provider.is_on == on:
        return
    provider.switched_off_at = None if on else timezone.now()
    provider.save(update_fields=["switched_off_at"])
    records.provider_changed(provider, actor=actor, what="switched_on" if on else "switched_off")
