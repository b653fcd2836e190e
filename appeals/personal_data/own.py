"""Which appeals are a person's own: those of the account, or the one a reference names. Nobody else's, ever."""

from __future__ import annotations

from django.db.models import QuerySet

from appeals.models import Appeal
from privacy.registries import Subject


def appeals_of(subject: Subject) -> QuerySet[Appeal]:
    """By the link that a confirmed contact made. An equal IIN, phone or incident makes nobody an author."""
    if subject.user is not None:
        return Appeal.objects.filter(applicant__user=subject.user)
    return Appeal.objects.filter(pk=subject.appeal_id) if subject.appeal_id else Appeal.objects.none()


def refs_of(subject: Subject) -> dict[str, str]:
    """The numbers of his appeals by the reference under which notices know them."""
    return {f"appeal:{pk}": number for pk, number in appeals_of(subject).values_list("pk", "number")}


def log_refs_of(subject: Subject) -> dict[str, str]:
    """The same for the audit log, which names appeals by their number."""
    return {f"appeal:{number}": number for number in refs_of(subject).values()}
