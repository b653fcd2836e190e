"""Authors of appeals: how to reach one without an account, what he agreed to, and whom a breach touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals import notices
from appeals.models import Appeal, AppealEvent, EventKind
from common.reference_numbers import parse_number
from privacy import affected, consents
from privacy.registries import (
    GivenElsewhere,
    Person,
    PersonSource,
    Subject,
    Way,
    behind_refs,
    consents_elsewhere,
    person_sources,
    subject_finders,
    ways_to,
)

CHUNK = 500


def _ways(subject: Subject) -> list[Way]:
    appeal = Appeal.objects.select_related("applicant").filter(pk=subject.appeal_id or 0).first()
    contacts = notices.contacts_of(appeal) if appeal else []
    return [Way(contact.transport, contact.address) for contact in contacts]


def _find(number: str) -> Subject | None:
    """By the number of an appeal: the account of its author, or the appeal alone."""
    parsed = parse_number(number)
    appeal = Appeal.objects.select_related("applicant__user").filter(number=str(parsed)).first() if parsed else None
    if appeal is None:
        return None
    ref = f"appeal:{appeal.pk}"
    user = appeal.applicant.user
    return Subject(ref=f"user:{user.pk}" if user else ref, user=user, item_ref=ref)


def _consents(user: User) -> Iterator[GivenElsewhere]:
    """The event of the filing is the proof: it holds version and language and stands in a hash chain."""
    rows = AppealEvent.objects.filter(
        kind=EventKind.RECEIVED, appeal__applicant__user=user, data__has_key="consent"
    ).select_related("appeal")
    for event in rows.order_by("-occurred_at")[:200]:
        version, _space, language = str(event.data["consent"]).partition(" ")
        yield GivenElsewhere(
            purpose=consents.FILING,
            version=version,
            language=language,
            at=event.occurred_at,
            channel=event.appeal.channel,
            ref=f"appeal:{event.appeal_id}",
            about=event.appeal.number,
        )


def _persons(rows: QuerySet[Appeal]) -> Iterator[Person]:
    for appeal in rows.select_related("applicant").order_by("pk").iterator(chunk_size=CHUNK):
        who = appeal.applicant
        ref = affected.ref_of(iin=who.identifier, phone=who.phone, name="") or f"applicant:{who.pk}"
        yield Person(ref=ref, name=who.full_name, iin=who.identifier, phone=who.phone)


def _behind(refs: list[str]) -> Iterator[Person]:
    """The audit log names appeals by their number."""
    return _persons(Appeal.objects.filter(number__in=[ref.partition(":")[2] for ref in refs]))


def _by_filter(params: Mapping[str, str]) -> Iterator[Person]:
    """Authors of the appeals of a time, a unit and a city sector, each of them optional."""
    rows = Appeal.objects.all()
    if begin := parse_datetime(params.get("since", "")):
        rows = rows.filter(received_at__gte=begin)
    if end := parse_datetime(params.get("until", "")):
        rows = rows.filter(received_at__lte=end)
    for name, field in (("unit", "department__slug"), ("area", "area__slug"), ("number", "number")):
        if params.get(name):
            rows = rows.filter(**{field: params[name]})
    return _persons(rows)


def register_persons() -> None:
    ways_to.register("appeal")(_ways)
    subject_finders.register("appeals")(_find)
    consents_elsewhere.register("filings")(_consents)
    behind_refs.register("appeal")(_behind)
    person_sources.register("appeals")(
        PersonSource(
            title=_("Authors of appeals"),
            find=_by_filter,
            fields=("since", "until", "unit", "area", "number"),
            order=10,
        )
    )
