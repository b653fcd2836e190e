"""The wiring of the hub: settings, URLs, Celery and the entry points of its servers."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
