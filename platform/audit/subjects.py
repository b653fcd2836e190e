"""What a record is about, in words and with its page: each app registers its own kinds of subject."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action as Right
from common.registry import Registry
from organizations.models import Department

Keys = Collection[str]
NAMED = "name_kk"  # rows of the reference tables carry their names themselves; naming others could cost a query each


def _numbered(keys: Keys) -> Mapping[str, str]:
    return {key: f"№ {key}" if key.isdigit() else key for key in keys}


@dataclass(frozen=True)
class SubjectPage:
    """From what stands behind the last colon to an address (empty when there is none), for whoever has one of the
    rights; what the kind is called, and the names of many subjects at once."""

    address: Callable[[str], str]
    rights: tuple[Right, ...]
    label: str | Promise = ""
    names: Callable[[Keys], Mapping[str, str]] = _numbered


@dataclass(frozen=True)
class Subject:
    """One subject as the reader sees it: «Account», «Ахметова Сәуле», and where it is to be seen."""

    kind: str
    name: str
    url: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}" if self.kind and self.name else self.kind or self.name


# By the words before the last colon.
subject_pages: Registry[SubjectPage] = Registry("kind of subject")

# What is looked at or taken out as a whole.
WHOLE: Mapping[str, str | Promise] = {
    "audit": _("Audit log"),
    "audit:print": _("Audit log, print view"),
    "queue": _("Queue of appeals"),
    "oversight": _("Oversight"),
}


def subjects_of(refs: Iterable[str], reader: User | AnonymousUser) -> dict[str, Subject]:
    """Each of the subjects in words; one query for each kind, however many there are."""
    by_kind: dict[str, set[str]] = {}
    found = {ref: Subject("", str(WHOLE.get(ref, ref)), "") for ref in refs}
    for ref in found:
        kind, _colon, key = ref.rpartition(":")
        if kind and key and ref not in WHOLE:
            by_kind.setdefault(kind, set()).add(key)
    for kind, keys in by_kind.items():
        page = _page_of_kind(kind)
        names = page.names(keys)
        for key in keys:
            url = _address(page, key, reader)
            found[f"{kind}:{key}"] = Subject(str(page.label or kind), names.get(key) or _number(key), url)
    return found


def _number(key: str) -> str:
    return _numbered([key])[key]


def _page_of_kind(kind: str) -> SubjectPage:
    if kind in subject_pages:
        return subject_pages.get(kind)
    app, _dot, name = kind.partition(".")
    try:
        model = apps.get_model(app, name)
    except (LookupError, ValueError):
        return SubjectPage(lambda key: "", ())
    return _of_model(model)


def _of_model(model: type[Model]) -> SubjectPage:
    """What an administrator edited is named by its model and stands in the administration site."""
    meta = model._meta
    label = str(meta.verbose_name)
    return SubjectPage(
        lambda key: reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[key]),
        (Right.CONFIGURE,),
        label[:1].upper() + label[1:],
        lambda keys: _names_of(model, keys) if hasattr(model, NAMED) else _numbered(keys),
    )


def _names_of(model: type[Model], keys: Keys) -> dict[str, str]:
    rows = model._base_manager.in_bulk([int(key) for key in keys if key.isdigit()])
    return {str(pk): str(row) for pk, row in rows.items()}


def _address(page: SubjectPage, key: str, reader: User | AnonymousUser) -> str:
    if not has_right(reader, *page.rights):
        return ""
    try:
        return page.address(key)
    except NoReverseMatch:
        return ""


def page_by_number(url_name: str) -> Callable[[str], str]:
    return lambda key: reverse(url_name, args=[key]) if key.isdigit() else ""


def names_in(model: type[Model]) -> Callable[[Keys], Mapping[str, str]]:
    return lambda keys: _names_of(model, keys)


subject_pages.register("user")(
    SubjectPage(page_by_number("signin:account"), (Right.SECURE_ACCOUNTS,), _("Account"), names_in(User))
)
subject_pages.register("department")(
    SubjectPage(
        lambda key: f"{reverse('accounts:shifts')}?unit={key}", (Right.SEE_SHIFTS,), _("Unit"), names_in(Department)
    )
)
subject_pages.register("audit-row")(SubjectPage(page_by_number("audit:record"), (Right.AUDIT,), _("Record of the log")))
subject_pages.register("audit")(SubjectPage(lambda key: "", (Right.AUDIT,), _("Place in the chain")))
