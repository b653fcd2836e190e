"""What can be done with a case: one line per action, shown in the page's menu when the viewer may and it will work.

A new action is a line in ACTIONS: where it leads, what it is called, which right it needs, when it makes sense.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from appeals import policies, workflow
from appeals.models import Appeal, Regime, Status
from appeals.selectors.case import Case
from appeals.workqueue import CLAIMABLE

WORK, CLOCK, ROUTE, END, VIEW = "work", "clock", "route", "end", "view"
GROUPS: tuple[tuple[str, str | Promise], ...] = (
    (WORK, _("Work")),
    (CLOCK, _("Term")),
    (ROUTE, _("Where it goes")),
    (END, _("Closing")),
    (VIEW, _("View")),
)


@dataclass(frozen=True)
class Viewer:
    """Who looks at the case, and what he may do on it."""

    user: User
    rights: frozenset[Action]

    def may(self, *actions: Action) -> bool:
        """Whether he may do one of these."""
        return not self.rights.isdisjoint(actions)

    def is_executor(self, appeal: Appeal) -> bool:
        return policies.is_executor(self.user, appeal)

    def decides(self, appeal: Appeal) -> bool:
        """The executor and the head decide; colleagues of the unit take the case first."""
        return self.is_executor(appeal) or self.may(Action.ASSIGN)


Condition = Callable[[Case, Viewer], bool]


@dataclass(frozen=True)
class CaseAction:
    """One line of the menu, for those who have `right` or one of `also`.

    `main` actions are buttons above the case; a `post` action is a button that acts at once.
    """

    key: str
    url_name: str
    label: str | Promise
    right: Action
    shown: Condition
    icon: str = ""
    group: str = WORK
    main: bool = False
    post: bool = False
    shortcut: str = ""
    fragment: str = ""
    also: tuple[Action, ...] = ()


@dataclass(frozen=True)
class MenuItem:
    """An action as the page shows it."""

    key: str
    url: str
    label: str | Promise
    icon: str
    post: bool
    shortcut: str


@dataclass(frozen=True)
class MenuGroup:
    label: str | Promise
    items: Sequence[MenuItem]


def _at_work(case: Case, viewer: Viewer) -> bool:
    return case.appeal.status in workflow.AT_WORK


def _open(case: Case, viewer: Viewer) -> bool:
    return case.appeal.is_open


def _always(case: Case, viewer: Viewer) -> bool:
    return True


def _claimable(case: Case, viewer: Viewer) -> bool:
    appeal = case.appeal
    fits = appeal.status in CLAIMABLE and appeal.department_id is not None
    return fits and appeal.executor_id in (None, viewer.user.pk)


def _assignable(case: Case, viewer: Viewer) -> bool:
    appeal = case.appeal
    waits = appeal.status == Status.AWAITING_INFO
    return appeal.department_id is not None and appeal.is_open and (waits or workflow.allows(appeal, Status.ASSIGNED))


def _returnable(case: Case, viewer: Viewer) -> bool:
    appeal = case.appeal
    if appeal.department_id is None or not workflow.allows(appeal, Status.REGISTERED):
        return False
    return viewer.decides(appeal) or (appeal.executor_id is None and viewer.may(Action.CLAIM))


def _decided_here(case: Case, viewer: Viewer) -> bool:
    return case.appeal.is_open and viewer.decides(case.appeal)


def _answerable(case: Case, viewer: Viewer) -> bool:
    return workflow.allows(case.appeal, Status.ANSWERED) and case.appeal.department_id is not None


def _askable(case: Case, viewer: Viewer) -> bool:
    return workflow.allows(case.appeal, Status.AWAITING_INFO)


def _waits(case: Case, viewer: Viewer) -> bool:
    return case.appeal.status == Status.AWAITING_INFO


def _extendable(case: Case, viewer: Viewer) -> bool:
    has_clock = any(timer.code in ("answer", "second_look") and not timer.stopped_at for timer in case.timers)
    return case.appeal.is_open and has_clock and viewer.decides(case.appeal)


def _closable(case: Case, viewer: Viewer) -> bool:
    appeal = case.appeal
    if appeal.status == Status.ANSWERED or not workflow.allows(appeal, Status.CLOSED):
        return False
    return viewer.decides(appeal) and (appeal.regime != Regime.APPEAL or viewer.may(Action.EXTEND))


def _unregistered(case: Case, viewer: Viewer) -> bool:
    return case.appeal.status == Status.RECEIVED


def _routable(case: Case, viewer: Viewer) -> bool:
    return workflow.allows(case.appeal, Status.ASSIGNED)


def _forwardable(case: Case, viewer: Viewer) -> bool:
    return workflow.allows(case.appeal, Status.FORWARDED)


def _promotable(case: Case, viewer: Viewer) -> bool:
    return case.appeal.is_open and case.appeal.regime == Regime.REQUEST


def _in_incident(case: Case, viewer: Viewer) -> bool:
    return case.appeal.incident_id is not None


def _has_messages(case: Case, viewer: Viewer) -> bool:
    return any(message.direction == "in" for message in case.messages)


A = Action
ACTIONS: list[CaseAction] = [
    CaseAction(
        "claim",
        "appeals:case-claim",
        _("Take into work"),
        A.CLAIM,
        _claimable,
        "hand",
        main=True,
        post=True,
        shortcut="c",
    ),
    CaseAction(
        "reply", "appeals:case-reply", _("Write the answer"), A.WORK, _answerable, "reply", main=True, shortcut="r"
    ),
    CaseAction(
        "ask", "appeals:case", _("Ask the applicant"), A.WORK, _askable, "chat", shortcut="a", fragment="ask-text"
    ),
    CaseAction(
        "message",
        "appeals:case",
        _("Message to the applicant"),
        A.WORK,
        _open,
        "send",
        shortcut="m",
        fragment="message-text",
    ),
    CaseAction("note", "appeals:case", _("Internal note"), A.WORK, _always, "note", shortcut="n", fragment="note-text"),
    CaseAction("files", "appeals:case-files", _("Add files"), A.WORK, _open, "attach", shortcut="f"),
    CaseAction("assign", "appeals:case-assign", _("Give to a person"), A.ASSIGN, _assignable, "user", shortcut="g"),
    CaseAction("co-executors", "appeals:case-co-executors", _("Co-executors"), A.WORK, _decided_here, "users"),
    CaseAction("hand-back", "appeals:case-hand-back", _("Hand back"), A.WORK, _returnable, "undo", shortcut="b"),
    CaseAction(
        "end-wait", "appeals:case-end-wait", _("End the wait, run the clock"), A.WORK, _waits, "clock", CLOCK, post=True
    ),
    CaseAction(
        "extend",
        "appeals:case-extend",
        _("Extend the term"),
        A.WORK,
        _extendable,
        "calendar",
        CLOCK,
        shortcut="e",
        also=(A.EXTEND,),
    ),
    CaseAction(
        "register", "appeals:case-register", _("Register"), A.REGISTER, _unregistered, "document", ROUTE, main=True
    ),
    CaseAction(
        "classify",
        "appeals:case-classify",
        _("Topic, kind and priority"),
        A.CLASSIFY,
        _open,
        "tag",
        ROUTE,
        shortcut="t",
    ),
    CaseAction("route", "appeals:case-route", _("Give to a unit"), A.ROUTE, _routable, "forward", ROUTE, shortcut="u"),
    CaseAction(
        "forward",
        "appeals:case-forward",
        _("Forward by competence"),
        A.ROUTE,
        _forwardable,
        "send",
        ROUTE,
        shortcut="w",
    ),
    CaseAction("split", "appeals:case-split", _("Split the appeal into questions"), A.ROUTE, _open, "split", ROUTE),
    CaseAction(
        "link", "appeals:case-link", _("Link with another appeal"), A.ROUTE, _always, "link", ROUTE, shortcut="l"
    ),
    CaseAction(
        "incident", "appeals:case-incident", _("Join to an incident"), A.ROUTE, _open, "merge", ROUTE, shortcut="i"
    ),
    CaseAction(
        "leave",
        "appeals:case-incident-leave",
        _("Take out of the incident"),
        A.ROUTE,
        _in_incident,
        "undo",
        ROUTE,
        post=True,
    ),
    CaseAction("messages", "appeals:case-move-messages", _("Move a message"), A.ROUTE, _has_messages, "chat", ROUTE),
    CaseAction(
        "promote", "appeals:case-promote", _("Promote to a statutory appeal"), A.ROUTE, _promotable, "document", ROUTE
    ),
    CaseAction("close", "appeals:case-close", _("Close without an answer"), A.REPLY, _closable, "lock", END),
    CaseAction("print", "appeals:case-print", _("Print view"), A.SEE, _always, "print", VIEW, shortcut="p"),
]


def menu_of(case: Case, viewer: Viewer) -> tuple[list[MenuItem], list[MenuGroup]]:
    """The buttons above the case, and the rest by groups."""
    shown = [line for line in ACTIONS if viewer.may(line.right, *line.also) and line.shown(case, viewer)]
    buttons = [_item(line, case.appeal) for line in shown if line.main]
    groups = [
        MenuGroup(label, [_item(line, case.appeal) for line in shown if line.group == key and not line.main])
        for key, label in GROUPS
    ]
    return buttons, [group for group in groups if group.items]


def _item(line: CaseAction, appeal: Appeal) -> MenuItem:
    """A form on the page itself is reached without loading the page again, so that one can type at once."""
    url = f"#{line.fragment}" if line.fragment else reverse(line.url_name, args=[appeal.number])
    return MenuItem(line.key, url, line.label, line.icon, line.post, line.shortcut)
