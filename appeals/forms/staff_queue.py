"""Controls of the queue: the filter panel, what to do with the ticked rows, the name of a saved filter.

The panel and the toolbar hold some four hundred options and stand on every page of the queue, so their options are
drawn once per language and not by Django's widgets, which render a template for each. What comes back is read by
`appeals.filters.parse` and by the bulk view, not by a form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django import forms
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import grants_of
from accounts.rights import Action
from appeals import policies
from appeals.filters import ME, NOBODY, QueueFilters, Sort, Term
from appeals.models import Category, Channel, Priority, Regime, Status
from appeals.savedfilters import LONGEST_NAME
from appeals.selectors import names
from appeals.selectors.names import Named

Options = tuple[tuple[str, str], ...]

_kept: dict[tuple[str, str], tuple[object, Options]] = {}


@dataclass(frozen=True)
class Control:
    """A labelled control, drawn; `options` say a chosen value in words."""

    id: str
    name: str
    label: str
    html: SafeString
    options: Options = ()


def _options(kind: str, source: object, build: Callable[[], Iterable[tuple[str, str | Promise]]]) -> Options:
    """The options of a kind in the present language; built anew when the kept table behind them has been read anew."""
    key = (kind, get_language() or "kk")
    found = _kept.get(key)
    if found is None or found[0] is not source:
        found = _kept[key] = (source, tuple((str(value), str(label)) for value, label in build()))
    return found[1]


def _of_table(kind: str, rows: Mapping[int, Named], *, internal: bool = False) -> Options:
    """The active entries of a kept table, by name."""
    return _options(
        f"{kind}{internal}",
        rows,
        lambda: sorted(
            ((str(row.id), row.name) for row in rows.values() if row.is_active and not (internal and row.is_external)),
            key=lambda option: option[1],
        ),
    )


def _people(user: User) -> Options:
    """Colleagues by name; of the user's own units when all his roles lie in units."""
    units = {grant.department_id for grant in grants_of(user)}
    everybody = names.colleagues()
    kind = "people" if None in units else f"people{sorted(unit for unit in units if unit)}"
    return _options(
        kind,
        everybody,
        lambda: sorted(
            (
                (str(person.id), person.name)
                for person in everybody.values()
                if None in units or person.department_ids & units
            ),
            key=lambda option: option[1],
        ),
    )


@lru_cache(maxsize=512)
def _drawn(options: Options) -> str:
    return "".join(f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in options)


def _select(prefix: str, name: str, label: str, options: Options, empty: str, chosen: str = "") -> Control:
    whole = (("", empty), *options)
    body = _drawn(whole)
    if chosen and any(value == chosen for value, _label in options):
        mark = f'value="{escape(chosen)}"'
        body = body.replace(f"{mark}>", f"{mark} selected>", 1)
    html = f'<select class="govuk-select" name="{name}" id="{prefix}-{name}">{body}</select>'
    return Control(f"{prefix}-{name}", name, label, mark_safe(html), options)


def _date(name: str, label: str, chosen: str) -> Control:
    html = f'<input class="govuk-input" type="date" name="{name}" id="filter-{name}" value="{escape(chosen)}">'
    return Control(f"filter-{name}", name, label, mark_safe(html))


def _terms() -> list[tuple[str, str]]:
    return [
        (Term.OVERDUE, _("Overdue")),
        (Term.TODAY, _("Due today")),
        (Term.SOON, _("Due within 3 working days")),
        (Term.PAUSED, _("Clock paused")),
    ]


def _sorts() -> list[tuple[str, str]]:
    return [
        (Sort.DUE, _("By time left")),
        (Sort.NEWEST, _("Newest first")),
        (Sort.OLDEST, _("Oldest first")),
    ]


def panel(filters: QueueFilters, user: User) -> list[Control]:
    """The filter panel with the chosen values in place."""
    every = _("All")

    def select(name: str, label: str, options: Options, empty: str = every) -> Control:
        return _select("filter", name, label, options, empty, str(getattr(filters, name)))

    units = (*_options("no-unit", None, lambda: [(NOBODY, _("No unit yet"))]), *_of_table("units", names.departments()))
    nobody = _options("nobody", None, lambda: [(ME, _("I am the executor")), (NOBODY, _("Nobody yet"))])
    return [
        select("sort", _("Order"), _options("sort", None, _sorts), _("As usual")),
        select("status", _("Status"), _options("status", None, lambda: Status.choices)),
        select("term", _("Term"), _options("term", None, _terms)),
        select("unit", _("Unit"), units),
        select("executor", _("Executor"), (*nobody, *_people(user))),
        select("area", _("City sector"), _of_table("areas", names.areas())),
        select("topic", _("Topic"), _of_table("topics", names.topics())),
        select("sector", _("Sector"), _of_table("sectors", names.sectors())),
        select("priority", _("Priority"), _options("priority", None, lambda: Priority.choices)),
        select("channel", _("Channel"), _options("channel", None, lambda: Channel.choices)),
        select("regime", _("Legal regime"), _options("regime", None, lambda: Regime.choices)),
        select("category", _("Category"), _options("category", None, lambda: Category.choices)),
        _date("since", _("Received from"), filters.since),
        _date("until", _("Received until"), filters.until),
    ]


def in_words(controls: Iterable[Control], name: str, value: str) -> str:
    """A chosen value in words, for the chips above the list."""
    control = next(control for control in controls if control.name == name)
    return f"{control.label}: {dict(control.options).get(value, value)}"


def toolbar(user: User) -> list[Control]:
    """One control for each bulk step that needs a value and that the user may do at all."""
    pick = _("Choose")
    found = []
    if policies.may(user, Action.ROUTE):
        units = _of_table("units", names.departments(), internal=True)
        found.append(_select("bulk", "unit", _("Give to the unit"), units, pick))
    if policies.may(user, Action.ASSIGN):
        found.append(_select("bulk", "person", _("Give to the person"), _people(user), pick))
    if policies.may(user, Action.CLASSIFY):
        priorities = _options("priority", None, lambda: Priority.choices)
        found.append(_select("bulk", "topic", _("Set the topic"), _of_table("topics", names.topics()), pick))
        found.append(_select("bulk", "priority", _("Set the priority"), priorities, pick))
    return found


class SavedFilterForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the filter"), max_length=LONGEST_NAME)
    is_default = forms.BooleanField(label=gettext_lazy("Open this filter first"), required=False)
