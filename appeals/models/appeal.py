"""The appeal itself: one row per case, whatever the channel."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals.models.applicant import Applicant
from appeals.models.catalog import Topic
from appeals.models.choices import LANGUAGES, Category, Channel, Kind, LinkKind, Outcome, Priority, Regime, Status
from organizations.models import Area, Department, Sector

# What still waits for the hub's next step: neither answered nor closed nor handed to another body.
WAITING_STATUSES = (
    Status.RECEIVED, Status.REGISTERED, Status.ASSIGNED, Status.IN_PROGRESS, Status.AWAITING_INFO, Status.REOPENED,
)  # fmt: skip
WAITING = models.Q(status__in=WAITING_STATUSES)


class Incident(models.Model):
    """One event in the city that several appeals tell about (a burst pipe, a dark street)."""

    title = models.CharField(_("title"), max_length=250)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic"))
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city sector")
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")

    def __str__(self) -> str:
        return self.title


class Appeal(models.Model):
    """A case from a resident. Written only by the steps; `status` only by workflow.change_status()."""

    # Identity
    number = models.CharField(_("number"), max_length=24)
    tracking_code = models.CharField(_("tracking code"), max_length=16)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)
    external_id = models.CharField(_("id in the channel"), max_length=120, help_text=_("Unique within the channel."))

    # What it is
    regime = models.CharField(_("legal regime"), max_length=8, choices=Regime.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    category = models.CharField(_("category"), max_length=16, choices=Category.choices)
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector"), db_index=False
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic"), db_index=False
    )
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    answer_language = models.CharField(_("language of the answer"), max_length=2, choices=LANGUAGES)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    text = models.TextField(_("text"))
    search = SearchVectorField(null=True, editable=False)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    is_demo = models.BooleanField(_("invented for the demo city"), default=False)
    is_taken_down = models.BooleanField(_("hidden from the public list"), default=False, editable=False)
    anonymised_at = models.DateTimeField(_("personal data removed"), null=True, blank=True, editable=False)

    # Who and where
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="appeals", verbose_name=_("applicant"))
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city sector"), db_index=False
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)

    # Where it stands
    status = models.CharField(_("status"), max_length=14, choices=Status.choices)
    outcome = models.CharField(_("outcome"), max_length=18, choices=Outcome.choices, blank=True, default="")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"), db_index=False
    )
    executor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("executor"),
        db_index=False,
    )
    suggested_rule = models.ForeignKey(
        "appeals.RoutingRule", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    complaint_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit complained about"),
        db_index=False,
    )
    complaint_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("official complained about"), db_index=False,
    )  # fmt: skip
    is_disputed = models.BooleanField(_("disputed"), default=False)
    has_unread_message = models.BooleanField(_("new message from the applicant"), default=False)

    # The four instants, and what came after them
    received_at = models.DateTimeField(_("received"))
    registered_at = models.DateTimeField(_("registered"), null=True, blank=True)
    clock_start_on = models.DateField(_("first day of the term"), null=True, blank=True)
    due_at = models.DateTimeField(
        _("due"), help_text=_("Due time of the running answer timer; kept beside it for the queue.")
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    # Relations to other appeals
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent appeal"),
        db_index=False,
    )
    incident = models.ForeignKey(
        Incident,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appeals",
        verbose_name=_("incident"),
        db_index=False,
    )

    # Head of the history chain and edit counter
    history_seq = models.PositiveIntegerField(default=0, editable=False)
    history_head = models.CharField(max_length=64, default="", blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints: ClassVar = [
            # A constraint, not unique=True: that would add a second index for LIKE, which nobody asks.
            models.UniqueConstraint(fields=["number"], name="appeal_number"),
            models.UniqueConstraint(fields=["channel", "external_id"], name="appeal_once_per_delivery"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="appeal_point_is_whole",
            ),
        ]
        # The queue is read in two orders, and filtered while it is read: what a filter may ask for stands in the index
        # beside the order, so that rows which do not fit are passed over without being fetched.
        indexes: ClassVar = [
            models.Index(
                # The last three let counts by unit and person be read from the index alone.
                fields=["due_at", "id", "department", "executor", "area", "status", "topic", "channel", "priority",
                        "category", "regime", "received_at", "is_confidential", "complaint_user"],
                name="appeal_waiting", condition=WAITING,
            ),
            models.Index(
                fields=["-received_at", "-id", "area", "status", "topic", "channel", "executor", "priority", "category",
                        "regime"],
                name="appeal_newest",
            ),
            models.Index(
                fields=["department", "-received_at", "-id", "area", "status", "topic", "channel", "executor",
                        "priority", "category", "regime"],
                name="appeal_unit_newest",
            ),
            models.Index(
                fields=["-received_at", "-id"], name="appeal_disputed", condition=models.Q(is_disputed=True)
            ),
            models.Index(
                fields=["-received_at", "-id"], name="appeal_unread", condition=models.Q(has_unread_message=True)
            ),
            models.Index(
                fields=["closed_at", "regime"], name="appeal_retention",
                condition=models.Q(closed_at__isnull=False, anonymised_at__isnull=True),
            ),
            models.Index(fields=["parent"], name="appeal_parent", condition=models.Q(parent__isnull=False)),
            models.Index(fields=["incident"], name="appeal_incident", condition=models.Q(incident__isnull=False)),
            # Words and what a filter may ask for in one index: each fetches few rows only together. Every search reads
            # the list of new entries to its end, so that list is kept short.
            GinIndex(
                fields=["search", "area", "topic", "department", "status", "channel", "priority", "category"],
                name="appeal_search", gin_pending_list_limit=512,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_statutory(self) -> bool:
        return self.regime == Regime.APPEAL


class Question(models.Model):
    """One of several questions in an appeal; each may have its own unit, executor and clock, and be forwarded alone."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="questions", verbose_name=_("appeal"))
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.TextField(_("text"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    executor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("executor")
    )
    forwarded_at = models.DateTimeField(_("forwarded"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        ordering = ["appeal", "position"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints: ClassVar = [models.UniqueConstraint(fields=["appeal", "position"], name="question_position")]
        indexes: ClassVar = [
            models.Index(
                fields=["department", "appeal"], name="question_waiting",
                condition=models.Q(forwarded_at__isnull=True, answered_at__isnull=True),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.appeal_id}/{self.position}"


class AppealLink(models.Model):
    """A link between two appeals, `source` being the later one."""

    source = models.ForeignKey(Appeal, models.PROTECT, related_name="links_out", verbose_name=_("appeal"))
    target = models.ForeignKey(Appeal, models.PROTECT, related_name="links_in", verbose_name=_("linked appeal"))
    kind = models.CharField(_("kind"), max_length=10, choices=LinkKind.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("linked by")
    )
    made_at = models.DateTimeField(_("linked"), default=timezone.now)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
