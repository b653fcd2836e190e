"""Early warning: warnings with their history, who wants to hear of them, thresholds, and the tension index by day."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EarlyWarning(models.Model):
    """Something that grew beyond its expected range, from its first day until it ended or somebody closed it.

    Neither texts nor addresses are kept: they are read from the appeals whenever somebody who may see those looks.
    A new wording is kept as the words that several people used.
    """

    class Kind(models.TextChoices):
        GROWTH = "growth", _("Unusual growth")
        ADDRESS = "address", _("Repeated address")
        WORDING = "wording", _("New wording")

    class State(models.TextChoices):
        NEW = "new", _("New")
        WATCHED = "watched", _("Watched")
        EXPLAINED = "explained", _("Explained")
        CLOSED = "closed", _("Closed")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=80)  # what it is about, as the rules tell it apart; of an address a keyed hash
    sector_id = models.IntegerField(default=0)  # as in the facts: 0 stands for all of them
    topic_id = models.IntegerField(default=0)
    area_id = models.IntegerField(default=0)
    words = models.JSONField(default=list, blank=True)
    appeals = models.JSONField(default=list, blank=True)  # ids, for an address and a wording
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.NEW)
    days = models.PositiveSmallIntegerField(default=1)  # that were looked at together
    observed = models.PositiveIntegerField(_("observed"))
    expected = models.FloatField(_("expected"))
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    p_value = models.FloatField()
    first_on = models.DateField(_("since"))
    last_on = models.DateField(_("last seen"))
    opened_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("early warning")
        verbose_name_plural = _("early warnings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "key"], name="warning_open_once", condition=~models.Q(state="closed")
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["-last_on", "-id"], name="warning_newest"),
            models.Index(fields=["kind", "key", "-id"], name="warning_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def ratio(self) -> float:
        """How many times as much as expected."""
        return self.observed / max(self.expected, 0.1)


class WarningEvent(models.Model):
    """What happened to a warning; rows are only added."""

    class Kind(models.TextChoices):
        RAISED = "raised", _("Noticed")
        GREW = "grew", _("Grew further")
        STATE = "state", _("State changed")
        UNDONE = "undone", _("Change taken back")
        ENDED = "ended", _("Ended by itself")

    warning = models.ForeignKey(EarlyWarning, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    before = models.CharField(max_length=9, blank=True, default="", choices=EarlyWarning.State.choices)
    after = models.CharField(max_length=9, blank=True, default="", choices=EarlyWarning.State.choices)
    reason = models.CharField(max_length=500, blank=True, default="")
    observed = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.warning_id} {self.kind}"


class WarningSubscription(models.Model):
    """Somebody wants to hear of new warnings: of everything, or of one city sector and the city as a whole."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    area_id = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id} {self.area_id}"


class WarningThreshold(models.Model):
    """A number that decides what is worth a warning. Every one has a default that was measured (docs)."""

    class Key(models.TextChoices):
        FALSE_SHARE = "false_share", _("Growth: share of false alarms among alarms that is accepted")
        LEAST_APPEALS = "least_appeals", _("Growth: fewest appeals worth a warning")
        LEAST_RATIO = "least_ratio", _("Growth: how many times the expectation at least")
        ADDRESS_DAYS = "address_days", _("Address: days that are looked at together")
        ADDRESS_PEOPLE = "address_people", _("Address: different people at least")
        WORDING_PEOPLE = "wording_people", _("Wording: different people at least")
        WORDING_RATIO = "wording_ratio", _("Wording: how many times its earlier share at least")
        QUIET_DAYS = "quiet_days", _("All: quiet days after which a warning ends by itself")

    key = models.CharField(_("threshold"), max_length=20, choices=Key.choices, unique=True)
    value = models.FloatField(_("value"))

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("threshold of early warning")
        verbose_name_plural = _("thresholds of early warning")

    def __str__(self) -> str:
        return str(self.get_key_display())


class TensionComponent(models.Model):
    """A figure in the social-tension index: how much it weighs, and where its scale is calm and where tense."""

    GROWTH = "growth"

    metric = models.CharField(
        _("figure"), max_length=40, unique=True,
        help_text=_("Key of a share in the metric dictionary, or “growth”: appeals of a week over their expectation."),
    )  # fmt: skip
    weight = models.FloatField(_("weight"))
    calm = models.FloatField(_("calm at"), help_text=_("At this value the figure adds nothing. Shares in percent."))
    tense = models.FloatField(_("tense at"), help_text=_("At this value and beyond it adds all of its weight."))
    least = models.PositiveIntegerField(
        _("fewest cases"), default=20, help_text=_("With fewer in the denominator the figure is left out.")
    )

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("part of the tension index")
        verbose_name_plural = _("parts of the tension index")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(weight__gte=0, weight__lte=100) & ~models.Q(calm=models.F("tense")),
                name="tension_scale",
            )
        ]

    def __str__(self) -> str:
        return self.metric


class TensionDay(models.Model):
    """The index of one day, for the city (area 0) or one of its sectors, with the parts it was made of."""

    day = models.DateField()
    area_id = models.IntegerField(default=0)
    value = models.FloatField(null=True)
    parts = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["area_id", "day"], name="tension_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.area_id}"
