"""Reads settings from environment variables and takes server addresses apart."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be one of 1/0, true/false, yes/no, on/off; it is {value!r}.")
    return value in TRUE


def number(name: str, default: int) -> int:
    value = text(name) or str(default)
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number; it is {value!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, without empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def pem_blocks(name: str) -> list[str]:
    """The PEM blocks in a variable or in the file that NAME_FILE points to; line ends may be written as \\n."""
    value = text(name)
    path = text(f"{name}_FILE")
    if not value and path:
        try:
            value = Path(path).read_text(encoding="ascii")
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from None
    value = value.replace("\\n", "\n")
    return [block.strip() for block in re.findall(r"-----BEGIN [^-]+-----.+?-----END [^-]+-----", value, re.DOTALL)]


def secret(name: str) -> str:
    """A secret in a variable, or in the file that NAME_FILE points to."""
    value, path = text(name), text(f"{name}_FILE")
    if value or not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from None


def number_prefixes(name: str, default: str) -> list[str]:
    """What appeal numbers begin with: the present prefix, then those of before, which stay valid."""
    found = words(name) or [default]
    if not all(re.fullmatch("[A-Z]{2,5}", prefix) for prefix in found):
        raise ImproperlyConfigured(f"{name} must be prefixes of two to five capital Latin letters: TRK or SAU,TRK.")
    return found


def database(url: str) -> dict[str, Any]:
    """Django's database settings from postgresql://user:password@host:port/name?host=/socket/folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://; only PostgreSQL is supported.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def redis(url: str, number: int) -> str:
    """The address of one numbered database of a Redis server given as redis://, rediss:// or unix://."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    if parts.scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured("REDIS_URL must begin with redis://, rediss:// or unix://.")
    keep = "&".join(f"{key}={value}" for key, value in query.items() if key != "db")
    return urlunsplit((parts.scheme, parts.netloc, f"/{number}", keep, ""))


def broker(url: str, number: int) -> str:
    """The same database as Celery's transport writes it."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host={number}"
    return redis(url, number)


def check_siem(syslog: str, http: str, facility: int) -> None:
    """An address that nothing could be sent to stops the start, not the first batch."""
    if syslog and not _is_address(syslog, "tcp", "tls", "udp"):
        raise ImproperlyConfigured("SIEM_SYSLOG_URL must be tcp://host:port, tls://host:port or udp://host:port.")
    if http and not _is_address(http, "http", "https"):
        raise ImproperlyConfigured("SIEM_HTTP_URL must be https://host/path, or http:// inside the own network.")
    if not 0 <= facility <= 23:
        raise ImproperlyConfigured("SIEM_SYSLOG_FACILITY must be a number from 0 to 23.")


def _is_address(url: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        return False


def check_metrics(networks: list[str], bind: str) -> None:
    """A network that is none would close the figures to everybody without a word."""
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise ImproperlyConfigured(f"HALYQ_METRICS_NETWORKS holds {network!r}, which is no network.") from None
    if bind and not re.fullmatch(r"[^\s:]*:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}", bind):
        raise ImproperlyConfigured(f"HALYQ_WORKER_METRICS must be host:port; it is {bind!r}.")
