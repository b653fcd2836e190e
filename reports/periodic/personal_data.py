"""What reports hold of a person: that they are sent to him, and the questions he keeps."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from privacy.models import Decision
from privacy.registries import Erased, Erasure, ExportPart, Held, Row, Subject, erasures, exports
from reports.models import SavedQuestion, ScheduleRecipient


def _recipients(subject: Subject) -> QuerySet[ScheduleRecipient]:
    if subject.user is None:
        return ScheduleRecipient.objects.none()
    return ScheduleRecipient.objects.filter(user=subject.user).select_related("schedule").order_by("pk")


def _questions(subject: Subject) -> QuerySet[SavedQuestion]:
    if subject.user is None:
        return SavedQuestion.objects.none()
    return SavedQuestion.objects.filter(owner=subject.user).order_by("pk")


def _recipient_rows(subject: Subject) -> Iterator[Row]:
    for row in _recipients(subject):
        yield {"form": row.schedule.form, "how": row.schedule.get_period_kind_display(), "at": row.schedule.created_at}


def _question_rows(subject: Subject) -> Iterator[Row]:
    for row in _questions(subject):
        yield {"name": row.name, "query": row.query, "at": row.created_at, "changed": row.changed_at}


def _erase_recipients(subject: Subject, action: str, ground: str) -> Erased:
    return Erased(_recipients(subject).delete()[0])


def _erase_questions(subject: Subject, action: str, ground: str) -> Erased:
    return Erased(_questions(subject).delete()[0])


def register() -> None:
    exports.register("report_subscriptions")(
        ExportPart(
            title=_("Reports that are sent to you"),
            columns={"form": _("form"), "how": _("how often"), "at": _("Made")},
            rows=_recipient_rows,
            order=90,
        )
    )
    exports.register("report_questions")(
        ExportPart(
            title=_("Questions of the report builder"),
            columns={"name": _("name"), "query": _("question"), "at": _("Made"), "changed": _("changed")},
            rows=_question_rows,
            order=91,
        )
    )
    erasures.register("report_subscriptions")(
        Erasure(
            title=_("Reports that are sent to you"),
            actions=(Decision.Action.DELETE,),
            look=lambda subject: Held(_recipients(subject).count()),
            erase=_erase_recipients,
            order=90,
            is_closing=True,
        )
    )
    erasures.register("report_questions")(
        Erasure(
            title=_("Questions of the report builder"),
            actions=(Decision.Action.DELETE,),
            look=lambda subject: Held(_questions(subject).count()),
            erase=_erase_questions,
            order=91,
            is_closing=True,
        )
    )
