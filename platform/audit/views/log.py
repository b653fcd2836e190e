"""The log as a list: filters, pages by key, what it looks like on paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action as Right
from audit import selectors
from audit.filters import LogFilters, parse, with_beginning
from audit.forms import LogFilterForm
from audit.models import AuditRecord
from audit.selectors import ChainState, Cursor, TargetState
from audit.subjects import Subject, subjects_of
from audit.verification import Why
from audit.views.base import officer_of, officers_only, record_look
from audit.words import fields_in_words, filter_in_words
from ui import dates

MOST_PRINTED = 500


@never_cache
@require_safe
@officers_only
def page(request: HttpRequest) -> HttpResponse:
    filters, ignored = parse(request.GET)
    filters = with_beginning(filters, timezone.localdate())
    record_look(request, "audit", filters.active)
    after, before = (Cursor.parse(request.GET.get(name, "")) for name in ("after", "before"))
    found = selectors.page(filters, after=after, before=before)
    state = selectors.chain_state()
    context = {
        "rows": rows_of(found.rows, officer_of(request)),
        "form": LogFilterForm(initial=filters.active),
        "filters": filters,
        "count": len(filters.active),
        "chips": _chips(filters, officer_of(request)),
        "ignored": ignored,
        "state": state,
        "stats": _stats(state),
        "alarm": _alarm(state),
        "accept_url": _accept_url(state, officer_of(request)),
        "query": filters.query(),
        "newer_url": _address(filters, before=found.newer),
        "older_url": _address(filters, after=found.older),
    }
    return render(request, "audit/log.html", context)


@never_cache
@require_safe
@officers_only
def print_view(request: HttpRequest) -> HttpResponse:
    filters = with_beginning(parse(request.GET)[0], timezone.localdate())
    record_look(request, "audit:print", filters.active)
    rows = selectors.page(filters, size=MOST_PRINTED)
    context = {
        "rows": rows_of(rows.rows, officer_of(request)),
        "has_more": rows.older is not None,
        "chips": _chips(filters, officer_of(request)),
        "printed_at": timezone.now(),
        "state": selectors.chain_state(),
    }
    return render(request, "audit/print.html", context)


def rows_of(found: list[AuditRecord], reader: User) -> list[tuple[AuditRecord, Subject, str]]:
    """Each record with its subject and its fields in words."""
    subjects = subjects_of({row.subject_ref for row in found}, reader)
    return [(row, subjects[row.subject_ref], fields_in_words(row.fields)) for row in found]


def _address(filters: LogFilters, **cursor: Cursor | None) -> str:
    name, place = next(iter(cursor.items()))
    if place is None:
        return ""
    kept = filters.query()
    return f"{reverse('audit:log')}?{kept}{'&' if kept else ''}{name}={place}"


def _chips(filters: LogFilters, reader: User) -> list[dict[str, Any]]:
    """What narrows the list, each with the address of the list without it."""
    names = {ref: str(subject) for ref, subject in subjects_of([filters.subject], reader).items()}
    return [
        {
            "label": f"{LogFilterForm.base_fields[name].label}: "
            f"{names[value] if name == 'subject' else filter_in_words(name, value)}",
            "url": f"{reverse('audit:log')}?{filters.query(**{name: ''})}",
            "remove": True,
        }
        for name, value in filters.active.items()
    ]


def _stats(state: ChainState) -> list[dict[str, Any]]:
    check, whole = state.last_check, state.last_whole
    return [
        {
            "label": _("Records in the chain"),
            "value": state.seq,
            "note": _("last sealed %(when)s") % {"when": _ago(state.sealed_at)} if state.sealed_at else "",
        },
        {
            "label": _("Waiting to be sealed"),
            "value": state.waiting,
            "tone": "warn" if state.waiting >= selectors.MOST_WAITING else "",
        },
        {
            "label": _("Verified up to"),
            "value": check.through_seq if check else 0,
            "note": _verified(check.finished_at if check else None, whole.finished_at if whole else None),
            "tone": "bad" if check and check.problem else "good" if check else "warn",
        },
        *(_target(target) for target in state.targets),
    ]


def _ago(moment: dt.datetime) -> str:
    return dates.relative(moment, timezone.now())


def _verified(new: dt.datetime | None, whole: dt.datetime | None) -> str:
    if new is None:
        return _("not verified yet")
    if whole is None:
        return _ago(new)
    return _("%(when)s; the whole chain %(whole)s") % {"when": _ago(new), "whole": _ago(whole)}


def _target(target: TargetState) -> dict[str, Any]:
    behind = ngettext("%(count)s record behind", "%(count)s records behind", target.behind) % {"count": target.behind}
    return {
        "label": _("SIEM over %(way)s") % {"way": target.slug},
        "value": _("up to date") if not target.behind else behind,
        "note": target.error or (_ago(target.sent_at) if target.sent_at else ""),
        "tone": "bad" if target.error else "good" if not target.behind else "warn",
    }


def _accept_url(state: ChainState, reader: User) -> str:
    """For the security officer, where the break is at a record that is there."""
    check = state.last_check
    if check is None or not check.problem or not has_right(reader, Right.MANAGE_BREACHES):
        return ""
    row = AuditRecord.objects.filter(seq=check.problem_seq).only("pk").first()
    return reverse("audit:accept", args=[row.pk]) if row else ""


def _alarm(state: ChainState) -> str:
    check = state.last_check
    if check is None or not check.problem:
        return ""
    words = Why(check.problem).label if check.problem in Why.values else check.problem
    return _("Record number %(seq)s: %(why)s") % {"seq": check.problem_seq, "why": words}
