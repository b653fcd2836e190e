"""The ASGI entry point, for servers that speak only that."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
# Only web processes pool their database connections: a worker does one thing at a time and keeps one.
os.environ.setdefault("HALYQ_PROCESS", "web")

from django.core.asgi import get_asgi_application

application = get_asgi_application()
