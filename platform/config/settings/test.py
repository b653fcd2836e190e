"""Tests: the servers of tests/conftest.py, cheap password hashes, nothing leaves the process."""

from config import environment as env
from config.logs import logging_config
from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, MIDDLEWARE, VAR
from config.settings.insecure import INSECURE_FIELD_KEY, INSECURE_HASH_KEY, INSECURE_SECRET_KEY, INSECURE_SSO_KEY

SECRET_KEY = INSECURE_SECRET_KEY
FIELD_KEYS = [INSECURE_FIELD_KEY]
HASH_KEY = INSECURE_HASH_KEY
SSO_PROVIDER = True
SSO_KEYS = [INSECURE_SSO_KEY]
SSO_LOOPBACK = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

# The servers of a test run live in their own folder, so tests never touch the data of `make run`.
# Worker n of pytest-xdist has databases 2n and 2n+1 of the key-value server.
TEST_REDIS_URL = env.text("TEST_REDIS_URL") or f"unix://{VAR}/test/run/kv.sock"
TEST_WORKER = int(env.text("PYTEST_XDIST_WORKER").removeprefix("gw") or 0)
DATABASES = {
    "default": env.database(env.text("TEST_DATABASE_URL") or f"postgresql://hub@/hub?host={VAR}/test/run"),
}
CACHES = {"default": CACHES["default"] | {"LOCATION": env.redis(TEST_REDIS_URL, 2 * TEST_WORKER + 1)}}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}

MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]  # the live server has its own
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = VAR / "test" / "media"
DEMO_ALLOWED = True
OUTGOING_ALLOWED = ["127.0.0.0/8", "::1", "localhost"]
STREAM_SECONDS = 0  # a stream tells what there is and ends; its own tests let it last
EVEN_ANSWER_SECONDS = 0.0  # nobody measures here; tests that do set it
UNLISTED_VIEWS_RAISE = True
LOGGING = logging_config(json=False, level="WARNING")
