"""Tell who must know when half, most and all of a term of the law has passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rights import Action
from common.calendar_rows import calendar
from privacy import access, breaches, clocks, history, notices, requests, takedowns, terms
from privacy.models import Breach, CaseEvent, DataRequest, TakedownRequest
from privacy.models.terms import Timed

BATCH = 200
HIGHER = 80  # from this share on the heads of the city are told too


@dataclass(frozen=True)
class Duty:
    """A table of things with a term, the page of one of them, and the right of those who look after them."""

    model: type[Timed]
    path_of: Callable[..., str]
    right: Action


DUTIES = (
    Duty(DataRequest, requests.path_of, Action.MANAGE_PRIVACY),
    Duty(TakedownRequest, takedowns.path_of, Action.TAKE_DOWN),
    Duty(Breach, breaches.path_of, Action.MANAGE_BREACHES),
)


def tell_due(now: dt.datetime | None = None) -> int:
    """Every notice that has come due; a repeat tells nothing twice."""
    now = now or timezone.now()
    told = 0
    for duty in DUTIES:
        due = duty.model._default_manager.filter(done_at=None, next_mark_at__lte=now).order_by("next_mark_at")
        for key in list(due.values_list("pk", flat=True)[:BATCH]):
            told += _tell(duty, key, now)
    return told


@transaction.atomic
def _tell(duty: Duty, key: int, now: dt.datetime) -> int:
    rows = duty.model._default_manager.select_for_update(skip_locked=True)
    row = rows.filter(pk=key, done_at=None, next_mark_at__lte=now).first()
    if row is None:
        return 0
    share = clocks.reached(row.received_at, row.due_at, row.told_share, now, calendar())
    if share is None:  # the calendar has moved the term meanwhile
        terms.set_marks(row)
        row.save(update_fields=["due_at", "next_mark_at"])
        return 0
    row.told_share = share
    following = clocks.next_mark(row.received_at, row.due_at, share, calendar())
    row.next_mark_at = following[1] if following else None
    row.save(update_fields=["told_share", "next_mark_at"])
    ref = row.ref  # type: ignore[attr-defined]  # each of the three has one
    history.record(ref, CaseEvent.Kind.REMINDED, data={"share": share})
    words = partial(_words, row, share)
    also = access.above_officers() if share >= HIGHER else ()
    return notices.tell_staff(duty.right, f"{ref}:{share}", duty.path_of(row), words, also=also)


def _words(row: Timed, share: int) -> tuple[str, str]:
    what = str(row._meta.verbose_name)
    title = _("Term over: %(what)s No. %(number)s") if share >= 100 else _("Term runs out: %(what)s No. %(number)s")
    body = _("%(share)s %% of the term of the law has passed.") % {"share": share}
    return title % {"what": what, "number": row.pk}, body


def recompute(now: dt.datetime | None = None) -> int:
    """After an edit of the calendar: due times and notices of everything open, from the terms frozen on the rows."""
    moved = 0
    for duty in DUTIES:
        for key in list(duty.model._default_manager.filter(done_at=None).values_list("pk", flat=True)):
            moved += _recompute(duty.model, key)
    return moved


@transaction.atomic
def _recompute(model: type[Timed], key: int) -> int:
    row = model._default_manager.select_for_update().filter(pk=key, done_at=None).first()
    if row is None or not terms.set_marks(row):
        return 0
    row.save(update_fields=["due_at", "next_mark_at"])
    return 1
