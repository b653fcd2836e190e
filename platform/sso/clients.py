"""Register, change and switch the connected systems; allauth's client row is made from ours and dies when it is off."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from allauth.idp.oidc.models import Client
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Conflict
from organizations.models import Organization
from sso import records
from sso.models import ConnectedSystem
from sso.scopes import OFFLINE, OPENID

SECRET_BYTES = 48
SECRET_OVERLAP = timedelta(hours=24)


@dataclass(frozen=True)
class SystemDescription:
    """All that the administrator says of a system."""

    name_kk: str
    name_ru: str
    name_en: str
    kind: str
    owner: Organization
    contact: str
    redirect_uris: Sequence[str]
    logout_uris: Sequence[str]
    scopes: Sequence[str]
    for_staff_only: bool


@transaction.atomic
def register_system(description: SystemDescription, *, actor: User) -> ConnectedSystem:
    """Make the system known; a confidential one cannot do anything before its secret is made."""
    system = ConnectedSystem.objects.create(**_values(description))
    _project(system)
    records.system_changed(system, actor=actor, what="registered", fields=sorted(_values(description)))
    return system


@transaction.atomic
def change_system(system_id: int, description: SystemDescription, *, actor: User) -> list[str]:
    """Change what was said of a system and give the names of the changed fields; tokens with scopes it lost die."""
    system = _locked(system_id)
    values = _values(description)
    changed = [name for name, value in values.items() if getattr(system, name) != value]
    if not changed:
        return []
    if "kind" in changed:
        raise Conflict(_("The kind of a system cannot be changed: register it anew."), code="kind_is_fixed")
    narrower = set(system.scopes) - set(values["scopes"])
    for name in changed:
        setattr(system, name, values[name])
    system.save()
    if narrower:
        Client.objects.filter(pk=system.client_id).delete()  # with all its tokens
    _project(system)
    records.system_changed(system, actor=actor, what="changed", fields=changed)
    return changed


@transaction.atomic
def make_secret(system_id: int, *, actor: User, at_once: bool = False, seen: str | None = None) -> str:
    """A new secret, shown by the caller once; the old one works for a day longer unless it has leaked.

    `seen` is the edition the caller decided over: a page that is loaded again must not replace the secret it showed.
    """
    system = _locked(system_id)
    if seen is not None and seen != system.secret_edition:
        raise Conflict(_("A secret was made already; nothing has changed. Begin anew to replace it."), code="made")
    if not system.is_confidential:
        raise Conflict(_("This system has no secret."), code="no_secret")
    now = timezone.now()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    keep = bool(system.secret_hash) and not at_once
    system.old_secret_hash = system.secret_hash if keep else ""
    system.old_secret_until = now + SECRET_OVERLAP if keep else None
    system.secret_hash, system.secret_made_at = make_password(secret), now
    system.save()
    _project(system)
    records.system_changed(system, actor=actor, what="secret_revoked" if at_once else "secret_made")
    return secret


@transaction.atomic
def switch_off(system_id: int, *, actor: User) -> None:
    """Nobody signs in to the system any more, and every token it holds is dead at once."""
    system = _locked(system_id)
    if not system.is_on:
        return
    system.switched_off_at = timezone.now()
    system.save(update_fields=["switched_off_at"])
    Client.objects.filter(pk=system.client_id).delete()
    records.system_changed(system, actor=actor, what="switched_off")


@transaction.atomic
def switch_on(system_id: int, *, actor: User) -> None:
    """The system works again, with its secret of before and without any token."""
    system = _locked(system_id)
    if system.is_on:
        return
    system.switched_off_at = None
    system.save(update_fields=["switched_off_at"])
    _project(system)
    records.system_changed(system, actor=actor, what="switched_on")


def is_secret_of(system: ConnectedSystem, secret: str) -> bool:
    """Whether this is the secret, or the one before it within the overlap."""
    if not system.secret_hash:
        return False
    if check_password(secret, system.secret_hash):
        return True
    until = system.old_secret_until
    return bool(until and timezone.now() < until and check_password(secret, system.old_secret_hash))


def _locked(system_id: int) -> ConnectedSystem:
    return ConnectedSystem.objects.select_for_update().get(pk=system_id)


def _values(description: SystemDescription) -> dict[str, Any]:
    values = {field.name: getattr(description, field.name) for field in fields(description)}
    lists = {name: list(values[name]) for name in ("redirect_uris", "logout_uris")}
    return values | lists | {"scopes": sorted({OPENID, *description.scopes})}


def _project(system: ConnectedSystem) -> None:
    """The row by which allauth's views know the system: nothing but codes with PKCE, and only what was registered."""
    if not system.is_on:
        return
    client = Client.objects.filter(pk=system.client_id).first() or Client(pk=system.client_id)
    client.name = system.name_in("en")[:100]
    client.type = Client.Type.CONFIDENTIAL if system.is_confidential else Client.Type.PUBLIC
    client.secret = system.secret_hash or make_password(None)
    client.set_redirect_uris(list(system.redirect_uris))
    client.set_post_logout_redirect_uris(list(system.logout_uris))
    client.set_scopes(list(system.scopes))
    client.set_default_scopes([OPENID])
    client.set_response_types([Client.ResponseType.CODE.value])
    refresh = [Client.GrantType.REFRESH_TOKEN.value] if OFFLINE in system.scopes else []
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE.value, *refresh])
    client.allow_uri_wildcards = client.skip_consent = False
    client.save()
