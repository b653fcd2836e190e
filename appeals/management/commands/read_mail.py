"""Read e-mails from .eml files, as if they had come to the mailbox."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appeals import deliveries, mailbox
from appeals.channels.base import Malformed, channels
from appeals.models import Channel, RawDelivery


class Command(BaseCommand):
    help = "Read e-mails from .eml files; the same message twice makes one appeal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE.eml")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        for file in files:
            try:
                raw = file.read_bytes()
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror}") from error
            self.stdout.write(f"{file.name}: {self._read(raw)}")

    def _read(self, raw: bytes) -> str:
        if len(raw) > channels.get(Channel.EMAIL).largest_payload:
            return "too large"
        is_new = mailbox.store(raw)
        try:
            external_id = channels.get(Channel.EMAIL).delivery_id(raw)
        except Malformed as error:
            return f"refused: {error}"
        deliveries.process_waiting()
        row = RawDelivery.objects.select_related("appeal").get(channel=Channel.EMAIL, external_id=external_id[:200])
        outcome = row.appeal.number if row.appeal else row.error or row.get_status_display()
        return f"{outcome}{'' if is_new else ' (known already)'}"
