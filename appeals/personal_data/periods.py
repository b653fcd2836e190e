"""The appeals' kinds of record with a retention period."""

from __future__ import annotations

import datetime as dt
import logging

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from appeals.models import Appeal, Applicant, ChannelThread, RawDelivery, Regime, Reply
from appeals.personal_data import redaction
from appeals.personal_data.erasure import STATUTORY, held
from privacy import holds
from privacy.models import RetentionRule
from privacy.registries import RecordType, refs_of_users, retention

logger = logging.getLogger(__name__)

A = RetentionRule.Action


def _closed(regime: str, older: dt.datetime) -> QuerySet[Appeal]:
    rows = Appeal.objects.filter(regime=regime, closed_at__lt=older, anonymised_at=None)
    return rows.exclude(pk__in=Appeal.objects.filter(held()).values("pk"))


def _anonymise(regime: str, older: dt.datetime, limit: int) -> int:
    """Each appeal for itself: one that fails keeps none of the others, whose files would be gone already."""
    keys = list(_closed(regime, older).order_by("closed_at").values_list("pk", flat=True)[:limit])
    done, failure = 0, None

    def still_due(key: int) -> bool:
        return _closed(regime, older).filter(pk=key).exists()

    for key in keys:
        try:
            done += redaction.anonymise(key, ground="retention", cause=f"retention:{regime}", is_due=still_due)
        except Exception as error:
            logger.exception("appeal_not_anonymised", extra={"appeal": key})
            failure = error
    if failure is not None and not done:
        raise failure
    return done


def _payloads(older: dt.datetime) -> QuerySet[RawDelivery]:
    """The row stays without its contents: it is how a repeated delivery is known."""
    rows = RawDelivery.objects.filter(received_at__lt=older).exclude(status=RawDelivery.Status.WAITING)
    return rows.exclude(payload="").exclude(appeal__in=Appeal.objects.filter(held()))


def _empty_payloads(older: dt.datetime, action: str, limit: int) -> int:
    keys = list(_payloads(older).order_by("received_at", "pk").values_list("pk", flat=True)[:limit])
    return RawDelivery.objects.filter(pk__in=keys).update(payload="", error="")


def _drafts(older: dt.datetime) -> QuerySet[Reply]:
    """Begun and never sent, on appeals that are closed."""
    left = Q(sent_at=None, updated_at__lt=older, appeal__closed_at__lt=older, attachments=None)
    return Reply.objects.filter(left).exclude(appeal__in=Appeal.objects.filter(held()))


def _delete_drafts(older: dt.datetime, action: str, limit: int) -> int:
    keys = list(_drafts(older).order_by("pk").values_list("pk", flat=True)[:limit])
    return Reply.objects.filter(pk__in=keys, sent_at=None).delete()[0]


def _conversations(older: dt.datetime) -> QuerySet[ChannelThread]:
    """Those of people whose data are held or restricted stay."""
    kept = Applicant.objects.filter(user__in=holds.held_ids("user")).exclude(thread_key="")
    return ChannelThread.objects.filter(updated_at__lt=older).exclude(thread_key__in=kept.values("thread_key"))


def _delete_conversations(older: dt.datetime, action: str, limit: int) -> int:
    keys = list(_conversations(older).order_by("pk").values_list("pk", flat=True)[:limit])
    return ChannelThread.objects.filter(pk__in=keys, updated_at__lt=older).delete()[0]


def _refs_of(user_ids: list[int]) -> list[str]:
    keys = Appeal.objects.filter(applicant__user__in=user_ids).values_list("pk", flat=True)
    return [f"appeal:{key}" for key in keys]


def register_periods() -> None:
    refs_of_users.register("appeal")(_refs_of)
    retention.register("service_requests")(
        RecordType(
            title=_("Closed service requests: personal data"),
            actions=(A.ANONYMISE,),
            due=lambda older: _closed(Regime.REQUEST, older).count(),
            batch=lambda older, _action, limit: _anonymise(Regime.REQUEST, older, limit),
            order=10,
        )
    )
    retention.register(STATUTORY)(
        RecordType(
            title=_("Closed official appeals: personal data"),
            actions=(A.ANONYMISE,),
            due=lambda older: _closed(Regime.APPEAL, older).count(),
            batch=lambda older, _action, limit: _anonymise(Regime.APPEAL, older, limit),
            order=20,
        )
    )
    retention.register("raw_payloads")(
        RecordType(
            title=_("Payloads as channels delivered them"),
            actions=(A.ANONYMISE,),
            due=lambda older: _payloads(older).count(),
            batch=_empty_payloads,
            explanation=_("The row stays without its contents, so that a repeat is known."),
            order=30,
        )
    )
    retention.register("reply_drafts")(
        RecordType(
            title=_("Drafts of answers to closed appeals"),
            actions=(A.DELETE,),
            due=lambda older: _drafts(older).count(),
            batch=_delete_drafts,
            order=40,
        )
    )
    retention.register("conversations")(
        RecordType(
            title=_("Conversations in messengers that fell silent"),
            actions=(A.DELETE,),
            due=lambda older: _conversations(older).count(),
            batch=_delete_conversations,
            explanation=_("Only language and unfinished parts; the messages belong to the appeals."),
            order=50,
        )
    )
