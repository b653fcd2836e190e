"""What happened to appeals, in one order for every reader."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.models import Appeal, AppealEvent
from openapi.models.applications import Application


class WaitingEvent(models.Model):
    """An event that has no entry in the feed yet. A trigger of the history writes it in the event's own transaction.

    So whoever appends asks what waits, not what comes after the last one: an event that commits late is found.
    """

    event_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.event_id}"


class FeedEntry(models.Model):
    """One line of the feed. Numbers are given by one writer at a time, so a reader never finds one below his cursor.

    Appeals and events are never deleted, so no constraint watches over them: checking one waits for whoever has locked
    the appeal, and one long step would hold up the news of all others.
    """

    seq = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AppealEvent, models.PROTECT, related_name="+", db_constraint=False)
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="+", db_index=False)
    type = models.CharField(_("event"), max_length=40)
    time = models.DateTimeField(_("time"))
    status = models.CharField(_("status"), max_length=20)
    version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("entry of the feed")
        verbose_name_plural = _("entries of the feed")
        indexes: ClassVar = [
            models.Index(fields=["application", "seq"], name="feed_of_application"),
            models.Index(fields=["appeal", "seq"], name="feed_of_appeal"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"
