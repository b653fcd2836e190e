"""What a resident has done with appeals: the figures and the latest of his civic ID."""

from __future__ import annotations

from django.db.models import Avg, Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from appeals.models import Appeal, Feedback, Reply, Verdict
from identity import activity
from identity.activity import Activity, Happening, Source

MOST = 12


def read(user: User) -> Activity:
    return Activity(counts=_counts(user), happenings=_filed(user) + _judged(user))


def _counts(user: User) -> list[activity.Count]:
    mine = reverse("appeals:my_appeals")
    answer = Reply.objects.filter(appeal=OuterRef("pk"), sent_at__isnull=False)
    filed = (
        Appeal.objects.filter(applicant__user=user)
        .annotate(has_answer=Exists(answer))
        .aggregate(all=Count("pk"), answered=Count("pk", filter=Q(has_answer=True)))
    )
    judged = Feedback.objects.filter(appeal__applicant__user=user).aggregate(
        solved=Count("appeal", filter=Q(verdict=Verdict.SOLVED), distinct=True),
        disputed=Count("appeal", filter=Q(is_dispute=True), distinct=True),
        rated=Count("rating"),
        rating=Avg("rating"),
    )
    average = _("%(rating).1f of 5 on average") % {"rating": judged["rating"]} if judged["rating"] else ""
    return [
        activity.Count(_("Submitted"), filed["all"], mine),
        activity.Count(_("Answered"), filed["answered"]),
        activity.Count(_("Solved by your word"), judged["solved"]),
        activity.Count(_("Answers disputed"), judged["disputed"]),
        activity.Count(_("Ratings given"), judged["rated"], note=average),
    ]


def _filed(user: User) -> list[Happening]:
    rows = (
        Appeal.objects.filter(applicant__user=user).order_by("-received_at", "-id").values_list("number", "received_at")
    )
    return [
        Happening(at, _("You submitted appeal %(number)s") % {"number": number}, _url(number), icon="edit", tone="info")
        for number, at in rows[:MOST]
    ]


def _judged(user: User) -> list[Happening]:
    rows = Feedback.objects.filter(appeal__applicant__user=user).select_related("appeal").order_by("-given_at")[:MOST]
    return [_judgement(row) for row in rows]


def _judgement(row: Feedback) -> Happening:
    number = row.appeal.number
    if row.is_dispute:
        title, icon, tone = _("You disputed the answer to %(number)s"), "scale", "warn"
    elif row.verdict == Verdict.SOLVED:
        title, icon, tone = _("You called %(number)s solved"), "check-circle", "good"
    else:
        title, icon, tone = _("You judged the answer to %(number)s"), "star", "calm"
    return Happening(row.given_at, title % {"number": number}, _url(number), icon=icon, tone=tone)


def _url(number: str) -> str:
    return reverse("appeals:tracking", args=[number])


def announce() -> None:
    activity.sources.register("appeals")(Source(gettext_lazy("Appeals"), 10, read))
