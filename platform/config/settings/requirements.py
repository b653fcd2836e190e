"""What production must be given before it may start."""

import base64
import binascii
import ipaddress
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ImproperlyConfigured

from config.settings.insecure import INSECURE_FIELD_KEY, INSECURE_HASH_KEY, INSECURE_SECRET_KEY, INSECURE_SSO_KEY

SHORTEST_SECRET = 32
SHORTEST_RSA_KEY = 2048


def _is_fernet_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except (binascii.Error, ValueError):
        return False


def _secret_problems(name: str, value: str, known: str) -> list[str]:
    if not value:
        return [f"{name} is not set."]
    if value == known or value.startswith("insecure"):
        return [f"{name} is the published development value."]
    if len(value) < SHORTEST_SECRET:
        return [f"{name} is shorter than {SHORTEST_SECRET} characters."]
    return []


def _field_key_problems(keys: list[str]) -> list[str]:
    if not keys:
        return ["HALYQ_FIELD_KEYS is not set."]
    if INSECURE_FIELD_KEY in keys:
        return ["HALYQ_FIELD_KEYS contains the published development key."]
    if not all(_is_fernet_key(key) for key in keys):
        return ["HALYQ_FIELD_KEYS must be Fernet keys (32 bytes in URL-safe base64), separated by commas."]
    return []


def _address_problems(allowed_hosts: list[str], database_url: str, redis_url: str) -> list[str]:
    problems = []
    if not allowed_hosts:
        problems.append("ALLOWED_HOSTS is not set.")
    if "*" in allowed_hosts:
        problems.append("ALLOWED_HOSTS must name the hosts; '*' lets anybody choose one.")
    if not database_url:
        problems.append("DATABASE_URL is not set.")
    if not redis_url:
        problems.append("REDIS_URL is not set.")
    return problems


def _is_signing_key(pem: str) -> bool:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        return False
    return isinstance(key, RSAPrivateKey) and key.key_size >= SHORTEST_RSA_KEY


def _sso_problems(keys: list[str] | None, public_url: str) -> list[str]:
    """None means that no other system signs people in through this hub."""
    if keys is None:
        return []
    problems = []
    if not keys:
        problems.append("HALYQ_SSO is on, but HALYQ_SSO_KEYS holds no key.")
    if INSECURE_SSO_KEY in keys:
        problems.append("HALYQ_SSO_KEYS contains the published development key.")
    if not all(_is_signing_key(key) for key in keys):
        problems.append(f"HALYQ_SSO_KEYS must be RSA private keys in PEM without a password, {SHORTEST_RSA_KEY} bits.")
    if not public_url.startswith("https://"):
        problems.append("PUBLIC_URL must begin with https:// when HALYQ_SSO is on: it is the issuer of the tokens.")
    return problems


def _fallback_problems(old: str) -> list[str]:
    return _secret_problems("A key of SECRET_KEY_FALLBACKS", old, INSECURE_SECRET_KEY)


def _outgoing_problems(allowed: Sequence[str]) -> list[str]:
    """A list that holds everything is none."""
    found = []
    for entry in allowed:
        try:
            network = ipaddress.ip_network(entry, strict=False)
        except ValueError:
            continue  # a host name
        if network.prefixlen < (8 if network.version == 4 else 32):
            found.append(f"OUTGOING_ALLOWED holds {entry}, which is too much; name single hosts or small networks.")
    return found


def refuse_unsafe_settings(
    *,
    debug: bool,
    secret_key: str,
    field_keys: list[str],
    hash_key: str,
    allowed_hosts: list[str],
    database_url: str,
    redis_url: str,
    sso_keys: list[str] | None = None,
    public_url: str = "",
    secret_key_fallbacks: Sequence[str] = (),
    outgoing_allowed: Sequence[str] = (),
    metrics_token: str = "",
) -> None:
    """Stop the start of production and name everything that is missing or unsafe at once."""
    problems = [
        *(["DEBUG must be off."] if debug else []),
        *_secret_problems("SECRET_KEY", secret_key, INSECURE_SECRET_KEY),
        *(problem for old in secret_key_fallbacks for problem in _fallback_problems(old)),
        *_outgoing_problems(outgoing_allowed),
        *(_secret_problems("HALYQ_METRICS_TOKEN", metrics_token, "") if metrics_token else []),
        *_secret_problems("HALYQ_HASH_KEY", hash_key, INSECURE_HASH_KEY),
        *_field_key_problems(field_keys),
        *_address_problems(allowed_hosts, database_url, redis_url),
        *_sso_problems(sso_keys, public_url),
    ]
    if problems:
        raise ImproperlyConfigured("Production does not start: " + " ".join(problems))
