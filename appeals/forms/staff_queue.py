"""Forms of the queue: the filter panel, what to do with the ticked rows, the name of a saved filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import grants_of
from appeals import policies
from appeals.filters import ME, NOBODY, QueueFilters, Sort, Term
from appeals.models import Category, Channel, Priority, Regime, Status
from appeals.policies import Action
from appeals.savedfilters import LONGEST_NAME
from appeals.selectors import names
from appeals.selectors.names import Named
from ui.widgets import DateInput

Choice = tuple[str, str | Promise]

TERM_LABELS: list[Choice] = [
    (Term.OVERDUE, gettext_lazy("Overdue")),
    (Term.TODAY, gettext_lazy("Due today")),
    (Term.SOON, gettext_lazy("Due within 3 working days")),
    (Term.PAUSED, gettext_lazy("Clock paused")),
]
SORT_LABELS: list[Choice] = [
    (Sort.DUE, gettext_lazy("By time left")),
    (Sort.NEWEST, gettext_lazy("Newest first")),
    (Sort.OLDEST, gettext_lazy("Oldest first")),
]


class LeanSelect(forms.Select):
    """A select written in one go: Django's own renders a template for each of the two hundred options."""

    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        given = {key: text for key, text in self.build_attrs(self.attrs, dict(attrs or {})).items() if text is not None}
        marks = "".join(f' {key}="{escape(text)}"' for key, text in given.items())
        options = "".join(
            f'<option value="{escape(code)}"{" selected" if str(code) == chosen else ""}>{escape(label)}</option>'
            for code, label in self.choices
        )
        return mark_safe(f'<select name="{escape(name)}"{marks}>{options}</select>')


def _select(label: str, choices: Iterable[Choice], empty: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices], widget=LeanSelect)


def named(rows: Mapping[int, Named]) -> list[Choice]:
    """The active entries of a kept table, by name."""
    return sorted(((str(row.id), row.name) for row in rows.values() if row.is_active), key=lambda choice: choice[1])


def people(user: User) -> list[Choice]:
    """Colleagues by name; of the user's own units when all his roles lie in units."""
    units = {grant.department_id for grant in grants_of(user)}
    everybody = names.colleagues().values()
    known = everybody if None in units else [person for person in everybody if person.department_ids & units]
    return sorted(((str(person.id), person.name) for person in known), key=lambda choice: choice[1])


class QueueFilterForm(forms.Form):
    """The filter panel. It only shows: the address is read by `appeals.filters.parse`, which needs no database."""

    use_required_attribute = False

    def __init__(self, filters: QueueFilters, user: User) -> None:
        super().__init__(initial=filters.as_dict(), auto_id="filter-%s")
        every = _("All")
        self.fields = {
            "sort": _select(_("Order"), SORT_LABELS, _("As usual")),
            "status": _select(_("Status"), Status.choices, every),
            "term": _select(_("Term"), TERM_LABELS, every),
            "unit": _select(_("Unit"), [(NOBODY, _("No unit yet")), *named(names.departments())], every),
            "executor": _select(
                _("Executor"), [(ME, _("I am the executor")), (NOBODY, _("Nobody yet")), *people(user)], every
            ),
            "area": _select(_("City sector"), named(names.areas()), every),
            "topic": _select(_("Topic"), named(names.topics()), every),
            "sector": _select(_("Sector"), named(names.sectors()), every),
            "priority": _select(_("Priority"), Priority.choices, every),
            "channel": _select(_("Channel"), Channel.choices, every),
            "regime": _select(_("Legal regime"), Regime.choices, every),
            "category": _select(_("Category"), Category.choices, every),
            "since": forms.DateField(label=_("Received from"), required=False, widget=DateInput),
            "until": forms.DateField(label=_("Received until"), required=False, widget=DateInput),
        }

    def label_of(self, name: str, value: str) -> str:
        """A chosen value in words, for the chips above the list."""
        field = self.fields[name]
        choices = field.choices if isinstance(field, forms.ChoiceField) else ()
        words = dict(choices).get(value, value)  # type: ignore[arg-type]  # flat pairs only
        return f"{field.label}: {words}"


class SavedFilterForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the filter"), max_length=LONGEST_NAME)
    is_default = forms.BooleanField(label=gettext_lazy("Open this filter first"), required=False)


class BulkForm(forms.Form):
    """The toolbar over the ticked rows: one value for each action that needs one."""

    use_required_attribute = False

    def __init__(self, user: User) -> None:
        super().__init__(auto_id="bulk-%s")
        pick = _("Choose")
        self.fields = {}
        if policies.may(user, Action.ROUTE):
            internal = {pk: row for pk, row in names.departments().items() if not row.is_external}
            self.fields["unit"] = _select(_("Give to the unit"), named(internal), pick)
        if policies.may(user, Action.ASSIGN):
            self.fields["person"] = _select(_("Give to the person"), people(user), pick)
        if policies.may(user, Action.CLASSIFY):
            self.fields["topic"] = _select(_("Set the topic"), named(names.topics()), pick)
            self.fields["priority"] = _select(_("Set the priority"), Priority.choices, pick)
