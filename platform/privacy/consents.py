"""Texts of consent in force, and giving and withdrawing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from common.rows import CachedRows, forget_rows
from privacy.access import may_write_texts
from privacy.models import ConsentEvent, ConsentPurpose, ConsentText
from privacy.models.consent import PARTS
from privacy.registries import GivenElsewhere, consents_elsewhere

FILING = "appeal"  # the purpose asked for in the form of an appeal
NO_VERSION = "-"


@dataclass(frozen=True)
class InForce:
    """What the forms need to know, read from memory: the filing of an appeal costs no query for it."""

    asked: frozenset[str]
    known: frozenset[str]
    texts: dict[str, ConsentText]
    versions: dict[str, frozenset[str]]  # everything that was ever shown


def _load() -> InForce:
    purposes = list(ConsentPurpose.objects.all())
    texts: dict[str, ConsentText] = {}
    versions: dict[str, set[str]] = {}
    rows = ConsentText.objects.filter(published_at__isnull=False, effective_from__lte=timezone.localdate())
    for text in rows.select_related("purpose").order_by("effective_from", "id"):
        texts[text.purpose.slug] = text
        versions.setdefault(text.purpose.slug, set()).add(text.version)
    return InForce(
        asked=frozenset(row.slug for row in purposes if row.is_asked),
        known=frozenset(row.slug for row in purposes),
        texts=texts,
        versions={slug: frozenset(found) for slug, found in versions.items()},
    )


in_force = CachedRows(_load)


def is_asked(slug: str) -> bool:
    """A purpose nobody has entered is asked for: data are never taken without consent by an oversight."""
    rows = in_force()
    return slug in rows.asked or slug not in rows.known


def text_of(slug: str) -> ConsentText | None:
    return in_force().texts.get(slug)


def version_of(slug: str, *, shown: str = "") -> str:
    """The version a form has shown, where that is one of the published ones; else the one in force."""
    if shown and shown in in_force().versions.get(slug, ()):
        return shown
    text = text_of(slug)
    return text.version if text else NO_VERSION


# Texts


@transaction.atomic
def new_draft(purpose_id: int, *, version: str, actor: User) -> ConsentText:
    """A draft that begins with the words of the newest version."""
    _require_writer(actor)
    newest = ConsentText.objects.filter(purpose_id=purpose_id).order_by("-id").first()
    if ConsentText.objects.filter(purpose_id=purpose_id, version=version).exists():
        raise ValidationFailed(_("This version exists already."), code="version_taken", field="version")
    words = {name: getattr(newest, name) for name in _word_fields()} if newest else {}
    return ConsentText.objects.create(purpose_id=purpose_id, version=version, **words)


@transaction.atomic
def publish(text_id: int, *, actor: User) -> ConsentText:
    """From now on nobody changes these words; they are in force from the day they name."""
    _require_writer(actor)
    text = ConsentText.objects.select_for_update(of=("self",)).select_related("purpose").filter(pk=text_id).first()
    if text is None:
        raise NotFound
    if text.published_at:
        raise Conflict(_("This version has been published already."), code="published")
    for name in _word_fields():
        if not name.endswith("_en") and not getattr(text, name).strip():
            raise ValidationFailed(
                _("Fill in every part in Kazakh and in Russian first."), code="incomplete", field=name
            )
    text.published_at, text.published_by = timezone.now(), actor
    text.save(update_fields=["published_at", "published_by"])
    transaction.on_commit(forget_rows)
    return text


def _word_fields() -> list[str]:
    return [f"{part}_{language}" for part in PARTS for language in ("kk", "ru", "en")]


def _require_writer(actor: User) -> None:
    if not may_write_texts(actor):
        raise NotAllowed


# Giving and withdrawing


@transaction.atomic
def give(user: User, slug: str, *, channel: str) -> ConsentEvent | None:
    """Agree to what is in force; None when that is agreed to already."""
    User.objects.select_for_update().get(pk=user.pk)
    text = text_of(slug)
    if text is None or not is_asked(slug):
        raise NotFound
    last = _last(user, text.purpose_id, f"user:{user.pk}")
    if last is not None and last.kind == ConsentEvent.Kind.GIVEN and last.version == text.version:
        return None
    return _record(ConsentEvent.Kind.GIVEN, user, text.purpose_id, f"user:{user.pk}", text.version, channel)


@transaction.atomic
def withdraw(user: User, slug: str, *, ref: str, channel: str) -> ConsentEvent | None:
    """Take back one consent; None when it is not given any more. `ref` is the account, or what it was given with."""
    User.objects.select_for_update().get(pk=user.pk)
    purpose = ConsentPurpose.objects.filter(slug=slug).first()
    given = next((row for row in held_by(user) if row.purpose == slug and row.ref == ref), None)
    if purpose is None or given is None:
        raise NotFound
    if given.withdrawn_at is not None:
        return None
    return _record(ConsentEvent.Kind.WITHDRAWN, user, purpose.pk, ref, given.version, channel)


def _record(kind: str, user: User, purpose_id: int, ref: str, version: str, channel: str) -> ConsentEvent:
    return ConsentEvent.objects.create(
        kind=kind,
        user=user,
        purpose_id=purpose_id,
        subject_ref=ref,
        version=version,
        language=(get_language() or "kk")[:2],
        channel=channel,
    )


def _last(user: User, purpose_id: int, ref: str) -> ConsentEvent | None:
    return ConsentEvent.objects.filter(user=user, purpose_id=purpose_id, subject_ref=ref).order_by("-id").first()


def agrees_to(user: User, slug: str) -> bool:
    """Whether the account has agreed to an extra use and not taken it back."""
    rows = ConsentEvent.objects.filter(user=user, purpose__slug=slug, subject_ref=f"user:{user.pk}").order_by("-id")
    last = rows.first()
    return last is not None and last.kind == ConsentEvent.Kind.GIVEN


# What a person has agreed to


@dataclass(frozen=True)
class HeldConsent:
    """One consent of a person, wherever it is kept."""

    purpose: str
    version: str
    language: str
    given_at: Any
    channel: str
    ref: str
    about: str
    withdrawn_at: Any = None


def held_by(user: User) -> list[HeldConsent]:
    """Newest first: those of the account, and those given with something such as an appeal."""
    last: dict[tuple[str, str], ConsentEvent] = {}
    given: dict[tuple[str, str], ConsentEvent] = {}
    for event in ConsentEvent.objects.filter(user=user).select_related("purpose").order_by("id"):
        key = (event.purpose.slug, event.subject_ref)
        last[key] = event
        if event.kind == ConsentEvent.Kind.GIVEN:
            given[key] = event
    rows = [_of_event(event, last[key]) for key, event in given.items()]
    for _slug, source in consents_elsewhere:
        rows += [_of_elsewhere(found, last.get((found.purpose, found.ref))) for found in source(user)]
    return sorted(rows, key=lambda row: row.given_at, reverse=True)


def _of_event(event: ConsentEvent, last: ConsentEvent) -> HeldConsent:
    withdrawn = last.at if last.kind == ConsentEvent.Kind.WITHDRAWN else None
    return HeldConsent(
        event.purpose.slug, event.version, event.language, event.at, event.channel, event.subject_ref, "", withdrawn
    )


def _of_elsewhere(found: GivenElsewhere, last: ConsentEvent | None) -> HeldConsent:
    withdrawn = last.at if last and last.kind == ConsentEvent.Kind.WITHDRAWN else None
    return HeldConsent(
        found.purpose, found.version, found.language, found.at, found.channel, found.ref, found.about, withdrawn
    )
