"""The outside OpenID Connect provider that the environment names, if it names one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config import environment as env


def read() -> dict[str, Any]:
    """The outside provider of the sign-in, if HALYQ_OUTSIDE_ISSUER names one; what is missing stops the start."""
    values: dict[str, Any] = {
        "slug": env.text("HALYQ_OUTSIDE_SLUG", "outside"),
        "name_kk": env.text("HALYQ_OUTSIDE_NAME_KK"),
        "name_ru": env.text("HALYQ_OUTSIDE_NAME_RU"),
        "name_en": env.text("HALYQ_OUTSIDE_NAME_EN"),
        "issuer": env.text("HALYQ_OUTSIDE_ISSUER"),
        "client_id": env.text("HALYQ_OUTSIDE_CLIENT_ID"),
        "secret": env.secret("HALYQ_OUTSIDE_SECRET"),
        "identifier_claim": env.text("HALYQ_OUTSIDE_CLAIM") or "sub",
        "email_domains": env.words("HALYQ_OUTSIDE_DOMAINS"),
        "strong_methods": env.words("HALYQ_OUTSIDE_AMR"),
        "strong_levels": env.words("HALYQ_OUTSIDE_ACR"),
    }
    if not values["issuer"]:
        return {}
    missing = [name for name in ("name_kk", "name_ru", "client_id", "secret") if not values[name]]
    if missing:
        names = ", ".join(f"HALYQ_OUTSIDE_{name.upper()}" for name in missing)
        raise ImproperlyConfigured(f"HALYQ_OUTSIDE_ISSUER is set, so these must be, too: {names}.")
    return values
