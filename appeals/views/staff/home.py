"""The first page of a working day: what waits, what has been told, where to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.rights import Action
from accounts.substitutions import stands_in_for, stood_in_by
from appeals import notice_texts, policies
from appeals.filters import QueueFilters, Tab
from appeals.models import Appeal
from appeals.selectors import oversight
from appeals.selectors.queue import MOST_COUNTED
from appeals.views.staff.base import queue_times, staff_of, staff_required
from appeals.views.staff.queue import queue_url
from appeals.views.staff.tabs import LABELS, tabs_of
from notifications import inbox as notices
from notifications.models import Notification
from notifications.selectors import inbox
from ui import dates

MOST_NOTICES = 12
TONES = {Tab.OVERDUE: "bad", Tab.SOON: "warn", Tab.DISPUTED: "bad", Tab.MESSAGES: "info", Tab.NEW: "info"}


@dataclass(frozen=True)
class Figure:
    """A number with its list behind it."""

    label: str | Promise
    value: str
    url: str
    tone: str


@dataclass(frozen=True)
class Shortcut:
    """A place to go; shown to those who may do the action there."""

    title: str | Promise
    text: str | Promise
    url_name: str
    icon: str
    action: Action


@dataclass(frozen=True)
class NoticeLine:
    """A notice in the reader's language, with the case it is about."""

    notice: Notification
    words: notice_texts.StaffLine
    number: str
    url: str


SHORTCUTS = (
    Shortcut(
        gettext_lazy("Register an appeal"),
        gettext_lazy("A call, a paper or a visitor"),
        "appeals:desk",
        "phone",
        Action.REGISTER,
    ),
    Shortcut(gettext_lazy("Queue"), gettext_lazy("Find, filter and give out"), "appeals:queue", "list", Action.SEE),
    Shortcut(
        gettext_lazy("Oversight"),
        gettext_lazy("Load, age and lateness by unit and person"),
        "appeals:oversight",
        "chart",
        Action.OVERSEE,
    ),
    Shortcut(
        gettext_lazy("Audit log"),
        gettext_lazy("Who signed in, saw, took out or changed what"),
        "audit:log",
        "shield",
        Action.AUDIT,
    ),
    Shortcut(
        gettext_lazy("Breaches"),
        gettext_lazy("Record a breach of personal data, tell the authorised body in time"),
        "privacy:staff-breaches",
        "alert",
        Action.MANAGE_BREACHES,
    ),
    Shortcut(
        gettext_lazy("Personal data"),
        gettext_lazy("Requests of residents about their data"),
        "privacy:staff",
        "lock",
        Action.MANAGE_PRIVACY,
    ),
    Shortcut(
        gettext_lazy("Take-downs"),
        gettext_lazy("Personal data off the public pages"),
        "privacy:staff-takedowns",
        "eye",
        Action.TAKE_DOWN,
    ),
    Shortcut(
        gettext_lazy("Help with an account"),
        gettext_lazy("A lost phone, foreign sessions, a new password"),
        "signin:find_account",
        "user",
        Action.SECURE_ACCOUNTS,
    ),
    Shortcut(
        gettext_lazy("Reference data and logs"),
        gettext_lazy("Terms, templates, topics, units"),
        "admin:index",
        "settings",
        Action.CONFIGURE,
    ),
)


@require_safe
@staff_required()
def home(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    lines = _lines(user)
    context = {
        "figures": _figures(user),
        "notices": lines,
        "has_unread": any(line.notice.read_at is None for line in lines),
        "shortcuts": _shortcuts(user),
        "stands_in": stands_in_for(user),
        "stood_in": stood_in_by(user),
    }
    return render(request, "appeals/staff/home.html", context)


@require_POST
@staff_required()
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark everything in one's inbox as read."""
    notices.mark_read(staff_of(request))
    return HttpResponseRedirect(reverse("appeals:staff-home"))


def _figures(user: User) -> list[Figure]:
    tabs = [tab for tab in tabs_of(user) if tab != Tab.ALL]
    counts = oversight.tab_counts(user, tabs, queue_times())
    return [
        Figure(
            label=LABELS[tab],
            value=_words(counts[tab]),
            url=queue_url(QueueFilters(tab=tab)),
            tone=TONES.get(tab, "") if counts[tab] else "",
        )
        for tab in tabs
    ]


def _words(number: int) -> str:
    if number > MOST_COUNTED:
        return _("%(number)s+") % {"number": dates.number(MOST_COUNTED)}
    return dates.number(number)


def _shortcuts(user: User) -> Sequence[dict[str, object]]:
    found: list[dict[str, object]] = []
    for item in SHORTCUTS:
        if not policies.may(user, item.action):
            continue
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        found.append({"title": item.title, "text": item.text, "url": url, "icon_name": item.icon})
    return found


def _lines(user: User) -> list[NoticeLine]:
    """The newest notices, each with the address of the case it is about."""
    rows = list(inbox(user)[:MOST_NOTICES])
    ids = {row.pk: row.subject_ref.removeprefix("appeal:") for row in rows if row.subject_ref.startswith("appeal:")}
    numbers = dict(
        Appeal.objects.filter(pk__in=[int(pk) for pk in ids.values() if pk.isdigit()]).values_list("pk", "number")
    )
    found = []
    for row in rows:
        number = numbers.get(int(ids[row.pk])) if ids.get(row.pk, "").isdigit() else None
        url = reverse("appeals:case", args=(number,)) if number else str(row.headers.get("path", ""))
        found.append(NoticeLine(row, notice_texts.inbox_line(row), number or "", url))
    return found
