"""What production must be given before it may start."""

import base64
import binascii

from django.core.exceptions import ImproperlyConfigured

from config.settings.insecure import INSECURE_FIELD_KEY, INSECURE_HASH_KEY, INSECURE_SECRET_KEY

SHORTEST_SECRET = 32


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


def refuse_unsafe_settings(
    *,
    debug: bool,
    secret_key: str,
    field_keys: list[str],
    hash_key: str,
    allowed_hosts: list[str],
    database_url: str,
    redis_url: str,
) -> None:
    """Stop the start of production and name everything that is missing or unsafe at once."""
    problems = [
        *(["DEBUG must be off."] if debug else []),
        *_secret_problems("SECRET_KEY", secret_key, INSECURE_SECRET_KEY),
        *_secret_problems("HALYQ_HASH_KEY", hash_key, INSECURE_HASH_KEY),
        *_field_key_problems(field_keys),
        *_address_problems(allowed_hosts, database_url, redis_url),
    ]
    if problems:
        raise ImproperlyConfigured("Production does not start: " + " ".join(problems))
