"""The WSGI entry point of the web processes."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
# Only web processes pool their database connections: a worker does one thing at a time and keeps one.
os.environ.setdefault("HALYQ_PROCESS", "web")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
