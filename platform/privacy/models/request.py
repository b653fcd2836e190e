"""What a person asks of his data, what was decided for each kind of record, and the copy made for him."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from privacy.models.terms import LANGUAGES, Ground, Timed


class DataRequest(Timed):
    """A request under article 24 of the law on personal data, of an account or of the author of one appeal."""

    class Kind(models.TextChoices):
        KNOW = "know", _("Know what is kept about me")
        CORRECT = "correct", _("Correct my data")
        RESTRICT = "restrict", _("Restrict the use of my data")
        DELETE = "delete", _("Delete or anonymise my data")
        WITHDRAW = "withdraw", _("Withdraw my consent")

    class State(models.TextChoices):
        NEW = "new", _("Waits for a decision")
        DECIDED = "decided", _("Decided, being carried out")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Taken back")

    kind = models.CharField(_("what is asked"), max_length=10, choices=Kind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="data_requests",
        verbose_name=_("account"),
    )  # fmt: skip
    subject_ref = models.CharField(_("about"), max_length=60, db_index=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    wish = EncryptedTextField(_("in the person's words"), default="")
    closes_account = models.BooleanField(_("close the account too"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = EncryptedTextField(_("answer to the person"), default="")
    # Where the answer goes although the account may be gone by then; forgotten with the answer.
    reply_to = EncryptedTextField(default="")
    is_demo = models.BooleanField(_("invented for the demo city"), default=False, editable=False)

    class Meta:
        ordering = ["due_at", "id"]
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_ref", "kind"], name="one_open_data_request",
                condition=models.Q(state__in=["new", "decided"]),
            )
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["next_mark_at"], name="data_request_mark", condition=models.Q(done_at__isnull=True)),
            models.Index(fields=["state", "due_at", "id"], name="data_request_list"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def ref(self) -> str:
        return f"request:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.NEW, self.State.DECIDED}


class Decision(models.Model):
    """What becomes of one kind of record of the person, and the ground where it must stay."""

    class Action(models.TextChoices):
        DELETE = "delete", _("Delete")
        ANONYMISE = "anonymise", _("Anonymise")
        KEEP = "keep", _("Must stay")

    request = models.ForeignKey(DataRequest, models.CASCADE, related_name="decisions")
    record_type = models.CharField(_("kind of record"), max_length=40)
    action = models.CharField(_("decision"), max_length=10, choices=Action.choices)
    ground = models.ForeignKey(
        Ground, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ground")
    )
    changed = models.PositiveIntegerField(_("records changed"), default=0)
    kept = models.PositiveIntegerField(_("records kept"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "record_type"], name="one_decision_per_type"),
            models.CheckConstraint(
                condition=~models.Q(action="keep") | models.Q(ground__isnull=False), name="kept_with_a_ground"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.record_type} {self.action}"


class ExportFile(models.Model):
    """A copy of somebody's data: sealed with a key of its own, gone after a week."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        BUILDING = "building", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Deleted")

    request = models.OneToOneField(DataRequest, models.CASCADE, related_name="export")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    step = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    path = models.CharField(max_length=250, blank=True)
    key = EncryptedTextField(default="")
    size = models.PositiveBigIntegerField(_("size, bytes"), default=0)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    class Meta:
        verbose_name = _("copy of personal data")
        verbose_name_plural = _("copies of personal data")

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"


class Restriction(models.Model):
    """Data that are kept but used for nothing except what the law obliges to; hidden from every public page."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="restrictions", verbose_name=_("person")
    )
    request = models.ForeignKey(DataRequest, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(_("since"), default=timezone.now)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user"], name="restricted_once", condition=models.Q(lifted_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.since:%Y-%m-%d}"
