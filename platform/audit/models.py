"""Who signed in, viewed, exported or configured what; the life of an appeal itself is in appeals.models.event."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import actions


class AuditRecord(models.Model):
    """One security-relevant act. Append-only; written by `audit.trail` alone, sealed into the chain by `audit.sealing`.

    `digest` is a keyed hash of everything the row says and there from the first moment; `seq`, `prev_hash` and `hash`
    give it its place in the chain shortly after.
    """

    Action = actions.Action
    Category = actions.Category
    Outcome = actions.Outcome

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("actor"), db_index=False
    )
    action = models.CharField(_("action"), max_length=40, choices=actions.action_choices)
    category = models.CharField(_("category"), max_length=20, choices=actions.category_choices)
    outcome = models.CharField(_("outcome"), max_length=10, choices=actions.Outcome.choices, default="success")
    subject_ref = models.CharField(_("subject"), max_length=120, blank=True)
    fields = models.JSONField(_("fields"), default=list)
    reason = models.TextField(_("reason"), blank=True)
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    address = models.GenericIPAddressField(_("network address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=200, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    seq = models.BigIntegerField(_("number in the chain"), null=True, unique=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit record")
        verbose_name_plural = _("audit records")
        indexes: ClassVar = [
            models.Index(fields=["subject_ref", "-at"], name="audit_by_subject"),
            models.Index(fields=["actor", "-at"], name="audit_by_actor"),
            models.Index(fields=["action", "-at"], name="audit_by_action"),
            models.Index(fields=["category", "-at", "-id"], name="audit_by_category"),
            models.Index(fields=["outcome", "-at", "-id"], name="audit_by_outcome"),
            models.Index(fields=["-at", "-id"], name="audit_by_time"),
            models.Index(fields=["id"], name="audit_unsealed", condition=models.Q(seq__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_ref}"


class ChainHead(models.Model):
    """The last link of the chain, one row; the sealer moves it in the transaction that seals."""

    ONLY = 1

    seq = models.BigIntegerField(_("number in the chain"), default=0)
    hash = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(_("sealed"), null=True)

    class Meta:
        verbose_name = _("end of the chain")
        verbose_name_plural = _("end of the chain")

    def __str__(self) -> str:
        return str(self.seq)


class AuditCheckpoint(models.Model):
    """Up to here the chain was proved: what stands before may be removed and what follows is still provable.

    `proof` is a keyed hash of the row, so that nobody makes a checkpoint in the database alone.
    """

    seq = models.BigIntegerField(_("number in the chain"), unique=True)
    hash = models.CharField(max_length=64)
    records = models.BigIntegerField(_("records"))
    last_at = models.DateTimeField(_("time of the last record"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    reason = models.TextField(_("reason"), blank=True)
    proof = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("checkpoint of the log")
        verbose_name_plural = _("checkpoints of the log")

    def __str__(self) -> str:
        return str(self.seq)


class ChainCheck(models.Model):
    """One verification of the chain: from where, how far, and what it found. A long one goes on where it stopped.

    `proof` is a keyed hash of the row, so that nobody writes into the database that all is verified already.
    """

    is_whole = models.BooleanField(_("whole chain"))
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    through_seq = models.BigIntegerField(_("verified up to"), default=0)
    through_hash = models.CharField(max_length=64, blank=True)
    checked = models.BigIntegerField(_("records"), default=0)
    problem_seq = models.BigIntegerField(_("first broken record"), null=True)
    problem = models.CharField(_("problem"), max_length=60, blank=True)
    proof = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("verification of the chain")
        verbose_name_plural = _("verifications of the chain")

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.through_seq}"


class AcceptedBreak(models.Model):
    """A break of the chain that the security officer has looked into; see `audit.acceptance`."""

    seq = models.BigIntegerField(_("number in the chain"), db_index=True)
    why = models.CharField(_("problem"), max_length=60)
    reason = models.TextField(_("reason"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted"), default=timezone.now)
    proof = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("accepted break of the chain")
        verbose_name_plural = _("accepted breaks of the chain")

    def __str__(self) -> str:
        return f"{self.seq} {self.why}"


class SiemTarget(models.Model):
    """How far one receiver outside has got; it is sent what follows `last_seq`."""

    slug = models.CharField(_("receiver"), max_length=20, unique=True)
    last_seq = models.BigIntegerField(_("sent up to"), default=0)
    sent_at = models.DateTimeField(_("last sent"), null=True)
    attempts = models.PositiveIntegerField(_("failed tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("receiver of the log")
        verbose_name_plural = _("receivers of the log")

    def __str__(self) -> str:
        return self.slug
