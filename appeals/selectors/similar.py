"""What an operator should see while the caller speaks: his earlier appeals, and open appeals about the same thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, FloatField, QuerySet, Value, When
from django.db.models.functions import Left
from django.utils import timezone

from appeals.models import Appeal
from appeals.models.appeal import WAITING
from common.crypto import keyed_hash
from common.phones import phone_or_none
from common.text import beginning, search_terms, words

SIMILAR_DAYS = 60
MOST_COMPARED = 1000
MOST_STEMS = 24  # of a long text; more make the search slower, not better
EXCERPT = 160
LONGEST_SAID = 600
MOST_WEIGHED = 20  # of the likeliest, whose words are looked at one by one
SHARED_NEAR = 2
MOSTLY = 0.35  # of the words, where nothing says that it is near; endings hide some that are the same


@dataclass(frozen=True)
class BriefAppeal:
    """An appeal in one line of a list beside another one."""

    id: int
    number: str
    status: str
    subject: str
    excerpt: str
    area_id: int | None
    topic_id: int | None
    department_id: int | None
    incident_id: int | None
    address: str
    received_at: dt.datetime
    due_at: dt.datetime
    closed_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


FIELDS = tuple(BriefAppeal.__dataclass_fields__)


def similar_open(
    text: str,
    area_id: int | None = None,
    topic_id: int | None = None,
    limit: int = 5,
    *,
    address: str = "",
    among: QuerySet[Appeal] | None = None,
) -> list[BriefAppeal]:
    """Open appeals of the last two months about the same: near, or in clearly the same words; best first.

    Near is the same city sector or a street that both name; there two shared words are enough, elsewhere it takes a
    good third of them, so that the operator reads few lines and not whatever has «street» in it. The same topic counts
    like another shared word. Confidential ones never; `among` holds what the asking person may see. At most the newest
    `MOST_COMPARED` are compared, so it takes the same time however many there are.
    """
    said = _words_said(text)
    stems = list(dict.fromkeys(stem for word in said for stem in word))[:MOST_STEMS]
    if not stems:
        return []
    query = SearchQuery(any_of(stems), config="simple", search_type="raw")
    waiting = Appeal.objects.filter(WAITING, received_at__gte=timezone.now() - dt.timedelta(days=SIMILAR_DAYS))
    if area_id is not None:
        waiting = waiting.filter(area_id=area_id)
    # Ids only, read from the index; what the caller tells about is seldom older than the newest thousand.
    newest = waiting.order_by("-received_at", "-id").values("id")[:MOST_COMPARED]
    rows = _seen(among).filter(pk__in=newest, is_confidential=False, search=query)
    same_topic = Case(When(topic_id=topic_id, then=Value(0.02)), default=Value(0.0), output_field=FloatField())
    ranked = rows.annotate(likeness=SearchRank(F("search"), query) + same_topic).order_by("-likeness", "-id")
    streets = set(search_terms(address))
    found: dict[int, BriefAppeal] = {}
    for row, whole in _with_text(ranked, MOST_WEIGHED):
        theirs = set(search_terms(f"{whole} {row.address}"))
        shared = sum(not theirs.isdisjoint(word) for word in said) + (topic_id is not None and row.topic_id == topic_id)
        near = area_id is not None or not streets.isdisjoint(theirs)
        if shared >= (SHARED_NEAR if near else max(SHARED_NEAR, len(said) * MOSTLY)):
            found[row.id] = row
    return list(found.values())[:limit]


def _words_said(text: str) -> list[tuple[str, ...]]:
    """The distinct words of a text that say something, each with its stems."""
    each = (tuple(search_terms(word)) for word in words(text[:LONGEST_SAID]))
    return list(dict.fromkeys(stems for stems in each if stems))[:MOST_STEMS]


def earlier_by_phone(phone: str, limit: int = 10, *, among: QuerySet[Appeal] | None = None) -> list[BriefAppeal]:
    """The appeals filed with this telephone number, newest first; nothing for what is no number.

    `among` holds what the asking person may see.
    """
    number = phone_or_none(phone)
    if number is None:
        return []
    hashed = keyed_hash(number, purpose="phone")
    return _brief(_seen(among).filter(applicant__phone_hash=hashed).order_by("-applicant_id", "-id"), limit)


def _seen(among: QuerySet[Appeal] | None) -> QuerySet[Appeal]:
    return Appeal.objects.all() if among is None else among


def any_of(stems: Iterable[str]) -> str:
    """A search expression that any of the stems fulfils; stems are quoted, so no sign in them is an operator."""
    return " | ".join("'" + stem.replace("\\", "\\\\").replace("'", "''") + "'" for stem in stems)


def _with_text(rows: QuerySet[Appeal], limit: int) -> list[tuple[BriefAppeal, str]]:
    plain = [name for name in FIELDS if name != "excerpt"]
    found = rows.annotate(whole=Left("text", LONGEST_SAID)).values(*plain, "whole")[:limit]
    return [
        (BriefAppeal(**{name: row[name] for name in plain}, excerpt=beginning(row["whole"], EXCERPT)), row["whole"])
        for row in found
    ]


def _brief(rows: QuerySet[Appeal], limit: int) -> list[BriefAppeal]:
    plain = [name for name in FIELDS if name != "excerpt"]
    found = rows.annotate(whole=Left("text", EXCERPT + 1)).values(*plain, "whole")[:limit]
    return [
        BriefAppeal(**{name: row[name] for name in plain}, excerpt=beginning(row["whole"], EXCERPT)) for row in found
    ]
