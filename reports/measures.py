"""What is counted and on which day: the SQL of every measure, over facts `f` and answers `a`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Basis:
    """Rows that are counted on one of their days. `since` is where a term still running is judged: `%(today)s`."""

    slug: str
    day: str
    where: str
    measures: Mapping[str, str]


def _one_if(condition: str) -> str:
    return f"({condition})::int"


# What an applicant may name when he disputes an answer; in his own words alone he names none.
DISPUTE_REASONS = ("incomplete", "not_specific", "late", "other")

RECEIVED = Basis("received", "f.received_on", "true", {"received": "1", "repeated": _one_if("f.is_repeated")})
TERM = Basis(
    "term",
    "f.due_on",
    "(f.term IN ('kept', 'late', 'lapsed') OR f.term = 'open' AND f.due_on < %(today)s)",
    {
        "due": "1",
        "kept": _one_if("f.term = 'kept'"),
        "late": _one_if("f.term = 'late'"),
        "not_done": _one_if("f.term IN ('open', 'lapsed')"),
        "lapsed": _one_if("f.term = 'lapsed'"),
        # Administrative Procedure Code art. 91: no act within the term is a refusal from the day the term ends.
        "deemed_refusals": _one_if("f.regime = 'appeal' AND f.term <> 'kept'"),
        "extended": _one_if("f.is_extended"),
    },
)
DONE = Basis(
    "done",
    "f.done_on",
    "f.ending <> ''",
    {
        "done": "1",
        "forwarded": _one_if("f.ending = 'forwarded'"),
        "withdrawn": _one_if("f.ending = 'withdrawn'"),
        "without_answer": _one_if("f.ending = 'without_answer'"),
        "first_contact": _one_if("f.ending = 'first_contact'"),
    },
)
ANSWERED = Basis(
    "answered",
    "a.answered_on",
    "true",
    {
        "answered": "1",
        "on_time": _one_if("a.on_time IS TRUE"),
        "overdue": _one_if("a.on_time IS FALSE"),
        "checked": _one_if("a.is_checked"),
        "formal": _one_if("a.is_formal"),
        "judged": _one_if("a.verdict <> ''"),
        "solved": _one_if("a.verdict = 'solved'"),
        "partly": _one_if("a.verdict = 'partly'"),
        "not_solved": _one_if("a.verdict = 'not_solved'"),
        "disputed": _one_if("a.is_disputed"),
        **{f"disputed_{reason}": _one_if(f"a.dispute_reasons ? '{reason}'") for reason in DISPUTE_REASONS},
        "disputed_unnamed": _one_if(f"a.is_disputed AND NOT a.dispute_reasons ?| ARRAY{[*DISPUTE_REASONS]}"),
        # Formal replies say "satisfied" as well: without a word of the applicant they have mended nothing.
        "mended": _one_if(
            "(a.verdict = 'solved' OR a.verdict = '' AND a.outcome = 'satisfied' AND NOT a.is_formal) "
            "AND NOT a.is_disputed"
        ),
        "rated": _one_if("a.rating IS NOT NULL"),
        "rating_sum": "coalesce(a.rating, 0)",
    },
)
BASES = (RECEIVED, TERM, DONE, ANSWERED)
MEASURES: tuple[str, ...] = tuple(name for basis in BASES for name in basis.measures)
