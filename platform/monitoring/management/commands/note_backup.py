"""`manage.py note_backup`: called after a backup, so that the monitoring knows how old the last one is."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from monitoring import moments
from monitoring.models import Moment


class Command(BaseCommand):
    help = "Note that a backup has just been made; an alarm comes when the last one is older than a day."

    def handle(self, *args: Any, **options: Any) -> None:
        moments.note(Moment.Name.BACKUP, timezone.now())
