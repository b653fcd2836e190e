"""Where the subject of a record is to be seen: each app registers its own kind of subject."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import NoReverseMatch, reverse

from common.registry import Registry

# By the word before the colon: a function from what stands behind it to an address, empty when there is no page.
subject_pages: Registry[Callable[[str], str]] = Registry("kind of subject")


def page_of(subject_ref: str) -> str:
    """The address of the page about a subject, or nothing."""
    kind, _colon, key = subject_ref.partition(":")
    if not key:
        return ""
    try:
        return subject_pages.get(kind)(key) if kind in subject_pages else _in_administration(kind, key)
    except NoReverseMatch:
        return ""


def _in_administration(label: str, key: str) -> str:
    """What an administrator edited is named by its model."""
    app, dot, model = label.lower().partition(".")
    return reverse(f"admin:{app}_{model}_change", args=[key]) if dot else ""


@subject_pages.register("user")
def _user(key: str) -> str:
    return reverse("admin:accounts_user_change", args=[key]) if key.isdigit() else ""


@subject_pages.register("audit-row")
def _record(key: str) -> str:
    return reverse("audit:record", args=[key]) if key.isdigit() else ""
