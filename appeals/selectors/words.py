"""What the search box means: a number, a phone, or words in any of their forms; and how frequent words are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import BooleanField, F, Func, Q

from common.crypto import keyed_hash
from common.phones import phone_or_none
from common.reference_numbers import parse_number
from common.rows import CachedRows
from common.text import search_query, search_terms
from common.text import words as words_of

FEW = 2000  # rows that are fetched and sorted at once without a thought
SHORTEST_PHONE = 10
STATISTICS = """
    SELECT most_common_elems::text::text[], most_common_elem_freqs,
           (SELECT reltuples FROM pg_class WHERE oid = 'appeals_appeal'::regclass)
    FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'appeals_appeal' AND attname = 'search'
"""


def exact(text: str) -> Q | None:
    """A number or a phone is looked up exactly; None for everything else."""
    number = parse_number(text)
    if number is not None:
        return Q(number=str(number))
    phone = phone_or_none(text) if sum(sign.isdigit() for sign in text) >= SHORTEST_PHONE else None
    return Q(applicant__phone_hash=keyed_hash(phone, purpose="phone")) if phone else None


def indexed(text: str) -> Q:
    """Every word in any of its forms, for the word index; words that say nothing by themselves find nothing."""
    query = _query(text)
    return Q(search=query) if query else Q(pk__in=[])


def plain(text: str) -> Q:
    """The same, written as a function call: that no index answers, so rows are read in the order of the page."""
    query = _query(text)
    return Q(Func(F("search"), query, function="ts_match_vq", output_field=BooleanField())) if query else Q(pk__in=[])


def _query(text: str) -> SearchQuery | None:
    query = search_query(text)
    return SearchQuery(query, config="simple", search_type="raw") if query else None


@dataclass(frozen=True)
class Shares:
    """In which part of all appeals a word stem stands, as the database's own statistics know it."""

    of_stem: Mapping[str, float]
    of_others: float  # at most, of a stem that is not listed
    rows: float

    def most_rows(self, text: str) -> float:
        """An upper bound of the appeals with all words of the text: those with its rarest word."""
        shares = [
            sum(self.of_stem.get(stem, self.of_others) for stem in stems)
            for stems in (search_terms(word) for word in words_of(text))
            if stems
        ]
        return min(shares, default=0.0) * self.rows


def _load() -> Shares:
    with connection.cursor() as cursor:
        cursor.execute(STATISTICS)
        found = cursor.fetchone()
    stems, shares, rows = found or (None, None, 0)
    if not stems or not shares:
        return Shares({}, 1.0, max(rows or 0, 0))
    # After the shares of the stems come their minimum and maximum.
    return Shares(dict(zip(stems, shares, strict=False)), shares[len(stems)], max(rows or 0, 0))


shares = CachedRows(_load, seconds=600)


def is_rare(text: str) -> bool:
    """Whether so few appeals have the rarest of the words that all of them may be fetched."""
    return shares().most_rows(text) <= FEW
