"""Celery entry points of the monitoring."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from monitoring import moments
from monitoring.certificate import end_of_certificate
from monitoring.models import Moment


@shared_task
def tick() -> None:
    """Beat asked, the queue carried it and a worker did it: all three are alive."""
    moments.note(Moment.Name.TICK, timezone.now())


@shared_task
def look_at_certificate() -> str:
    """How long the certificate is good that visitors of the site are shown."""
    end = end_of_certificate(settings.PUBLIC_URL)
    if end is not None:
        moments.note(Moment.Name.CERTIFICATE, end)
    return end.isoformat() if end else ""
