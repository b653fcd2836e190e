"""The wiring of the hub: settings, URLs, Celery and the entry points of its servers."""

from common import realm

realm.install_clock()

from config.celery import app as celery_app  # noqa: E402 - the clock comes before anything that keeps it

__all__ = ["celery_app"]
