"""Where the subject of a record is to be seen: each app registers its own kind of subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action as Right
from common.registry import Registry


@dataclass(frozen=True)
class SubjectPage:
    """From what stands behind the colon to an address (empty when there is none), for whoever has one of the rights."""

    address: Callable[[str], str]
    rights: tuple[Right, ...]


# By the word before the colon.
subject_pages: Registry[SubjectPage] = Registry("kind of subject")


def page_of(subject_ref: str, reader: User | AnonymousUser) -> str:
    """The address of the page about a subject, or nothing where there is none that the reader may open."""
    kind, _colon, key = subject_ref.partition(":")
    if not key:
        return ""
    page = subject_pages.get(kind) if kind in subject_pages else SubjectPage(_of_model(kind), (Right.CONFIGURE,))
    if not has_right(reader, *page.rights):
        return ""
    try:
        return page.address(key)
    except NoReverseMatch:
        return ""


def _of_model(label: str) -> Callable[[str], str]:
    """What an administrator edited is named by its model and stands in the administration site."""
    app, dot, model = label.lower().partition(".")
    return lambda key: reverse(f"admin:{app}_{model}_change", args=[key]) if dot else ""


def _account(key: str) -> str:
    return reverse("admin:accounts_user_change", args=[key]) if key.isdigit() else ""


def _record(key: str) -> str:
    return reverse("audit:record", args=[key]) if key.isdigit() else ""


subject_pages.register("user")(SubjectPage(_account, (Right.MANAGE_ACCOUNTS,)))
subject_pages.register("audit-row")(SubjectPage(_record, (Right.AUDIT,)))
