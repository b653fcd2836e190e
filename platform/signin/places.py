"""Where a network address is, in words: by a MaxMind database on this machine, and nothing is asked of anybody."""

from __future__ import annotations

import logging
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

import maxminddb
from babel import Locale
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

Address = IPv4Address | IPv6Address


def place_of(address: str | None) -> str:
    """«Turkistan, Kazakhstan», «this network», or the shortened address when the place is not known."""
    parsed = _parsed(address)
    if parsed is None:
        return _("place unknown")
    if parsed.is_loopback or parsed.is_private or parsed.is_link_local:
        return _("this network")
    found = _looked_up(str(parsed), get_language() or "kk")
    return found or _("place unknown (%(address)s)") % {"address": shortened(str(parsed))}


def shortened(address: str) -> str:
    """The half that names the network, not the household: `185.22.…`, `2a02:26f7:…`."""
    parsed = _parsed(address)
    if parsed is None:
        return ""
    if isinstance(parsed, IPv4Address):
        return ".".join(str(parsed).split(".")[:2]) + ".…"
    return ":".join(parsed.exploded.split(":")[:2]) + ":…"


def _parsed(address: str | None) -> Address | None:
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def _looked_up(address: str, language: str) -> str:
    path = str(settings.GEOIP_DATABASE or "")
    reader = _reader(path, _changed_at(path)) if path else None
    if reader is None:
        return ""
    try:
        record: Any = reader.get(address)
    except (ValueError, maxminddb.InvalidDatabaseError):
        logger.warning("place_lookup_failed")
        return ""
    return _words(record, language) if isinstance(record, dict) else ""


def _changed_at(path: str) -> float:
    """A database replaced by a newer one is opened anew, without a restart."""
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0


@lru_cache(maxsize=2)
def _reader(path: str, changed_at: float) -> Any:
    try:
        return maxminddb.open_database(path)
    except (OSError, maxminddb.InvalidDatabaseError):
        logger.error("place_database_unreadable", extra={"path": path})
        return None


def _words(record: dict[str, Any], language: str) -> str:
    city = _named(record.get("city"), language)
    country = record.get("country")
    code = str(country.get("iso_code", "")) if isinstance(country, dict) else ""
    country_name = Locale(language).territories.get(code) or _named(country, language)
    return ", ".join(part[:60] for part in (city, country_name) if part)


def _named(part: Any, language: str) -> str:
    """Databases have no Kazakh names of cities: the Russian one is read here by everybody."""
    names = part.get("names") if isinstance(part, dict) else None
    if not isinstance(names, dict):
        return ""
    return str(names.get(language) or names.get("ru" if language == "kk" else "en") or names.get("en") or "")
