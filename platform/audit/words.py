"""What stands in a record besides its action, in the reader's language: names of fields, and values that are codes.

A record keeps codes, so that it says the same in every language and to programs; a code without words here is shown
as it is.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Shift, User
from audit.forms import LogFilterForm
from audit.subjects import Subject, subjects_of
from ui import dates

Words = Mapping[str, str | Promise]

# Details that name a row elsewhere, and the kind of subject it is.
ROWS = {
    "user": "user",
    "user_id": "user",
    "substitute": "user",
    "department": "department",
    "department_id": "department",
    "organization_id": "organizations.Organization",
    "area_id": "organizations.Area",
    "row": "audit-row",
}

NAMES: Words = {
    "first": _("First day"), "last": _("Last day"), "people": _("Who"), "shifts": _("Duty roster"),
    "action": _("Action"), "actor": _("User name"), "address": _("Address"), "added": pgettext_lazy("audit", "Added"),
    "area_id": _("City sector"), "begins_on": _("First day"),
    "category": _("Category"), "changed": _("Rows changed"), "checkpoint": _("Checkpoint"),
    "contact": _("Contact"), "department": _("Unit"), "department_id": _("Unit"), "email": _("E-mail"),
    "ends_at": _("Ends"), "ends_on": _("Last day"), "factors": _("Second factors"), "filters": _("Filters"),
    "format": _("File format"), "hash": _("Hash"), "is_active": _("Account is open"), "is_staff": _("Staff member"),
    "is_superuser": _("All rights"), "item": _("Item"), "kept": _("Rows kept"), "kind": _("Kind"),
    "last_attempt": _("Last try"), "level": _("Identity level"), "login": _("Mark of the login that was typed"),
    "method": _("Way"), "of_the_hub": _("Signed out of the hub as well"), "organization_id": _("Organization"),
    "outcome": _("Outcome"), "pattern": _("Pattern"), "phone": _("Phone"), "provider": _("Provider"),
    "reason": _("Reason"), "reauthenticated": _("Confirmed once more"), "records": _("Records"),
    "refusal": _("Why refused"), "removed": pgettext_lazy("audit", "Removed"), "role": _("Role"),
    "row": _("Record of the log"),
    "seq": _("Number in the chain"), "sessions": _("Sessions"), "sha256": "SHA-256", "signature": _("What was found"),
    "since": _("From"), "size": _("Size, bytes"), "starts_at": _("Begins"), "step": _("Step"), "steps": _("Steps"),
    "subject": _("Object"), "substitute": _("Who stands in"), "type": _("Type"), "until": _("Until"),
    "user": _("Person"), "user_id": _("Person"), "what": _("What was done"),
}  # fmt: skip

CODES: Words = {
    "account": _("Account"), "added": pgettext_lazy("audit", "Added"), "app": _("Authenticator app"),
    "changed": pgettext_lazy("audit", "Changed"), "code": _("One-time code"), "contact": _("Contact"), "csv": "CSV",
    "deleted": pgettext_lazy("audit", "Removed"), "documents": _("Documents"), "email": _("E-mail"),
    "email_code": _("Code sent by e-mail"), "factor": _("Second factor"), "given": pgettext_lazy("audit", "Given"),
    "hidden": pgettext_lazy("audit", "Hidden"), "iin": _("IIN"), "jsonl": _("JSON lines"),
    "lifted": pgettext_lazy("audit", "Lifted"),
    "link_sent": _("A link was sent"), "mfa": _("Second factor"), "name": _("Name"), "own data": _("Own data"),
    "oversight": _("Oversight"), "passkey": _("Passkey"), "password": _("Password"),
    "password_reset_code": _("Code for a new password"), "phone": _("Phone"),
    "placed": pgettext_lazy("audit", "Placed"),
    "postal_address": _("Postal address"), "published": pgettext_lazy("audit", "Published"),
    "queue": _("Queue of appeals"),
    "reason": _("Reason"), "recovery": _("Recovery code"), "recovery_codes": _("Recovery codes"),
    "restricted": _("Use of the data restricted"), "restriction lifted": _("Restriction of use lifted"),
    "second_factor": _("Second factor"), "shown": pgettext_lazy("audit", "Shown"), "sms": _("SMS"),
    "socialaccount": _("Outside provider"), "totp": _("Authenticator app"), "trusted_device": _("Trusted device"),
    "webauthn": _("Passkey"), "wish": _("Text of the request"), "withdrawn": pgettext_lazy("audit", "Withdrawn"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One detail: what it is called, and what it says, with links where it names rows."""

    name: str
    values: tuple[Subject, ...]


def fields_in_words(fields: Iterable[Any]) -> str:
    return ", ".join(str(code_in_words(str(field))) for field in fields)


def code_in_words(code: str) -> str | Promise:
    if code in Role.values:
        return Role(code).label
    kind, colon, key = code.partition(":")
    if kind == "file" and colon:
        return gettext("File № %(number)s") % {"number": key}
    return CODES.get(code, code)


def lines_of(details: Any, reader: User | AnonymousUser) -> list[Line]:
    """Details as names and values; values before and after stand beside each other."""
    flat = list(_flat(details)) if isinstance(details, Mapping) else []
    named = subjects_of({ref for name, pair in flat for value in pair if (ref := _ref(name, value))}, reader)
    return [
        Line(str(NAMES.get(name, name)), tuple(_value(name, value, named) for value in pair)) for name, pair in flat
    ]


def _flat(details: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Each detail with its one value, or with the two before and after."""
    before, after = details.get("before"), details.get("after")
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = dict.fromkeys([*before, *after])
        yield from ((name, [before.get(name), after.get(name)]) for name in names)
    for name, value in details.items():
        if name in ("values", "filters") and isinstance(value, Mapping):
            yield from ((inner, pair if _is_pair(pair) else [pair]) for inner, pair in value.items())
        elif not (name in ("before", "after") and isinstance(value, Mapping)):
            yield name, [value]


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _ref(name: str, value: Any) -> str:
    return f"{ROWS[name]}:{value}" if name in ROWS and isinstance(value, int) and not isinstance(value, bool) else ""


def _value(name: str, value: Any, named: Mapping[str, Subject]) -> Subject:
    if ref := _ref(name, value):
        return Subject("", named[ref].name, named[ref].url)
    return Subject("", _text(name, value), "")


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if value in (None, "", [], {}):
        return gettext("nothing")
    if isinstance(value, list):
        return ", ".join(_text(name, one) for one in value)
    if isinstance(value, str):
        return _word(name, value)
    return json.dumps(value, ensure_ascii=False)


def _word(name: str, value: str) -> str:
    if name == "pattern" and value in Shift.Pattern.values:
        return str(Shift.Pattern(value).label)
    if name.endswith("_at") and (moment := parse_datetime(value)):
        return dates.long_datetime(moment)
    if (name.endswith("_on") or name in ("first", "last")) and (day := parse_date(value)):
        return dates.long_date(dt.date(day.year, day.month, day.day))
    if name in ("category", "action", "outcome"):
        return filter_in_words(name, value)
    return str(code_in_words(value))


def filter_in_words(name: str, value: str) -> str:
    """A value of the filter as its form calls it."""
    field = LogFilterForm.base_fields.get(name)
    labels = {str(key): str(label) for key, label in getattr(field, "choices", [])}
    return labels.get(value, value)
