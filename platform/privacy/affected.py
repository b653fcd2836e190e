"""The list of persons a breach touches: found by a job, each once, and handed out as a table."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator, Mapping
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.models import AuditRecord
from common import csv_lines
from common.crypto import keyed_hash
from privacy.models import AffectedPerson, AffectedQuery
from privacy.registries import Person, PersonSource, behind_refs, person_sources

logger = logging.getLogger(__name__)

CHUNK = 500
MOST_PERSONS = 500_000
COLUMNS = ("name", "iin", "phone")


def collect_due(limit: int = 10) -> int:
    """Every search that is not done; one that was cut off begins anew and adds nobody twice."""
    done = 0
    for query_id in list(
        AffectedQuery.objects.filter(done_at=None).order_by("id").values_list("pk", flat=True)[:limit]
    ):
        try:
            collect(query_id)
            done += 1
        except Exception:  # one search must not stop the others
            logger.exception("affected_persons_failed", extra={"query": query_id})
    return done


def collect(query_id: int) -> int:
    query = AffectedQuery.objects.get(pk=query_id)
    found = islice(person_sources.get(query.source).find(query.params), MOST_PERSONS)
    added = 0
    while chunk := list(islice(found, CHUNK)):
        added += _add(query, chunk)
    # What was pasted in names people in the clear; from now on they stand in the table, encrypted.
    params = {name: value for name, value in query.params.items() if name != "lines"}
    AffectedQuery.objects.filter(pk=query_id).update(done_at=timezone.now(), params=params)
    return added


@transaction.atomic
def _add(query: AffectedQuery, persons: list[Person]) -> int:
    """Each once, whichever search found him first."""
    by_ref: dict[str, Person] = {}
    for person in persons:
        if person.name or person.iin or person.phone:
            by_ref.setdefault(person.ref[:80], person)
    AffectedQuery.objects.select_for_update().get(pk=query.pk)
    known = set(AffectedPerson.objects.filter(breach=query.breach_id, ref__in=by_ref).values_list("ref", flat=True))
    rows = [
        AffectedPerson(breach_id=query.breach_id, ref=ref, name=person.name, iin=person.iin, phone=person.phone)
        for ref, person in by_ref.items()
        if ref not in known
    ]
    AffectedPerson.objects.bulk_create(rows, ignore_conflicts=True)
    AffectedQuery.objects.filter(pk=query.pk).update(found=F("found") + len(rows))
    return len(rows)


def table_of(breach_id: int, columns: list[str]) -> Iterator[str]:
    """The table the authorised body gets; read row by row, so it needs no memory."""
    persons = AffectedPerson.objects.filter(breach=breach_id).order_by("id").iterator(chunk_size=CHUNK)
    cells = ([getattr(person, name) if name in columns else "" for name in COLUMNS] for person in persons)
    return csv_lines.lines(COLUMNS, cells)


def person_of(user: User) -> Person:
    return Person(ref=f"user:{user.pk}", name=user.full_name, iin=user.iin, phone=user.phone)


def ref_of(*, iin: str, phone: str, name: str) -> str:
    """The same person from two sources is one row: known by IIN, else by phone, else by name."""
    for kind, value in (("iin", iin), ("phone", phone), ("name", name.casefold())):
        if value:
            return f"{kind}:{keyed_hash(value, purpose='affected')[:40]}"
    return ""


# The sources this app knows itself


def _users(params: Mapping[str, str]) -> Iterator[Person]:
    """Residents' accounts opened within a time; both ends are optional."""
    rows = User.objects.filter(is_active=True).order_by("pk")
    if begin := parse_datetime(params.get("since", "")):
        rows = rows.filter(date_joined__gte=begin)
    if end := parse_datetime(params.get("until", "")):
        rows = rows.filter(date_joined__lte=end)
    for user in rows.iterator(chunk_size=CHUNK):
        yield _merged(person_of(user))


def _looked_at(params: Mapping[str, str]) -> Iterator[Person]:
    """Everything one account looked at, downloaded or exported between two instants, by the audit log."""
    rows = AuditRecord.objects.filter(actor__username=params.get("account", "")).exclude(subject_ref="")
    if begin := parse_datetime(params.get("since", "")):
        rows = rows.filter(at__gte=begin)
    if end := parse_datetime(params.get("until", "")):
        rows = rows.filter(at__lte=end)
    refs = sorted(set(rows.filter(category__in=("access", "export")).values_list("subject_ref", flat=True)))
    for kind, find in behind_refs:
        mine = [ref for ref in refs if ref.startswith(f"{kind}:")]
        for start in range(0, len(mine), CHUNK):
            yield from map(_merged, find(mine[start : start + CHUNK]))


def _users_behind(refs: list[str]) -> Iterator[Person]:
    keys = [int(ref.partition(":")[2]) for ref in refs if ref.partition(":")[2].isdigit()]
    for user in User.objects.filter(pk__in=keys):
        yield person_of(user)


def _behind_requests(refs: list[str]) -> Iterator[Person]:
    keys = [int(ref.partition(":")[2]) for ref in refs if ref.partition(":")[2].isdigit()]
    for user in User.objects.filter(data_requests__in=keys).distinct():
        yield person_of(user)


def _from_file(params: Mapping[str, str]) -> Iterator[Person]:
    """A list somebody made elsewhere: name, IIN, phone in a line, in any order of what is known."""
    for line in csv.reader(io.StringIO(params.get("lines", ""))):
        cells = [cell.strip() for cell in line][:3] + [""] * (3 - len(line))
        name, iin, phone = cells[:3]
        if ref := ref_of(iin=iin, phone=phone, name=name):
            yield Person(ref, name, iin, phone)


def _merged(person: Person) -> Person:
    ref = ref_of(iin=person.iin, phone=person.phone, name="") or person.ref
    return Person(ref, person.name, person.iin, person.phone)


person_sources.register("users")(
    PersonSource(title=_("Accounts opened within a time"), find=_users, fields=("since", "until"), order=20)
)
person_sources.register("looked_at")(
    PersonSource(
        title=_("Everything one account looked at"), find=_looked_at, fields=("account", "since", "until"), order=30
    )
)
person_sources.register("file")(
    PersonSource(title=_("A list of persons"), find=_from_file, fields=("lines",), order=40)
)
behind_refs.register("user")(_users_behind)
behind_refs.register("request")(_behind_requests)
