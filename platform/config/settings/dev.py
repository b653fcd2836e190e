"""`make run` and manage.py on a developer's machine: known keys, readable logs, no mail leaves the machine.

DEBUG=1 brings Django's debug pages and static files straight from the source folders.
"""

from config import environment as env
from config.logs import logging_config
from config.settings.base import *  # noqa: F403
from config.settings.base import FIELD_KEYS, HASH_KEY, LOG_LEVEL, SECRET_KEY, SSO_KEYS, STORAGES
from config.settings.insecure import INSECURE_FIELD_KEY, INSECURE_HASH_KEY, INSECURE_SECRET_KEY, INSECURE_SSO_KEY

DEBUG = env.flag("DEBUG")
SECRET_KEY = SECRET_KEY or INSECURE_SECRET_KEY
FIELD_KEYS = FIELD_KEYS or [INSECURE_FIELD_KEY]
HASH_KEY = HASH_KEY or INSECURE_HASH_KEY
SSO_PROVIDER = env.flag("HALYQ_SSO", True)
SSO_KEYS = SSO_KEYS or [INSECURE_SSO_KEY]
SSO_LOOPBACK = True
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
DEMO_ALLOWED = True
OUTGOING_ALLOWED = env.words("OUTGOING_ALLOWED", "127.0.0.0/8,::1,localhost")
WEBHOOKS_ALLOWED = env.words("HALYQ_WEBHOOKS_ALLOWED", "127.0.0.0/8,::1,localhost")
METRICS_NETWORKS = env.words("HALYQ_METRICS_NETWORKS", "127.0.0.1,::1")
LOGGING = logging_config(json=False, level=LOG_LEVEL)
if DEBUG:
    STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
