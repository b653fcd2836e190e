"""Production: everything comes from the environment, and what is missing or unsafe stops the start."""

from config import environment as env
from config.settings.base import *  # noqa: F403
from config.settings.base import (
    ALLOWED_HOSTS,
    CONTENT_SECURITY_POLICY,
    FIELD_KEYS,
    HASH_KEY,
    METRICS_TOKEN,
    OUTGOING_ALLOWED,
    PUBLIC_URL,
    SECRET_KEY,
    SECRET_KEY_FALLBACKS,
    SSO_KEYS,
    SSO_PROVIDER,
    TRUSTED_PROXY_COUNT,
)
from config.settings.requirements import refuse_unsafe_settings

DEBUG = env.flag("DEBUG")
refuse_unsafe_settings(
    debug=DEBUG,
    secret_key=SECRET_KEY,
    secret_key_fallbacks=SECRET_KEY_FALLBACKS,
    outgoing_allowed=OUTGOING_ALLOWED,
    metrics_token=METRICS_TOKEN,
    field_keys=FIELD_KEYS,
    hash_key=HASH_KEY,
    allowed_hosts=ALLOWED_HOSTS,
    database_url=env.text("DATABASE_URL"),
    redis_url=env.text("REDIS_URL"),
    sso_keys=SSO_KEYS if SSO_PROVIDER else None,
    public_url=PUBLIC_URL,
)

# HTTPS is ended by the reverse proxy; without one in front the header must not be believed.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
# Lists of browsers are a matter of whoever owns the whole domain.
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD")
SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_PRELOAD else ["security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
TRUSTED_DEVICE_COOKIE, KNOWN_BROWSER_COOKIE = "__Host-halyq-trusted", "__Host-halyq-known"
LANGUAGE_COOKIE_NAME = "__Host-language"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"upgrade-insecure-requests": True},
}
KNOWN_DEVICE_COOKIE_NAME = "__Host-device"
