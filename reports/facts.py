"""Events and clocks of an appeal -> its facts. The only reader of the history; whole appeals, never additions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from appeals.models import Appeal
from reports.writing import upsert

# Findings of the reply gate by which an answer is formal: it says nothing about this appeal, or what others were told.
FORMAL_FINDINGS = ("only_promise", "receipt", "nothing_done", "only_generic", "too_short", "near_copy")

_RANGE = "BETWEEN %(first)s AND %(last)s"
_CHOSEN = "= ANY(%(ids)s)"

_STEPS = """
step AS MATERIALIZED (
    SELECT e.appeal_id, e.seq, e.kind, e.data, e.actor_id, e.occurred_at,
           (e.occurred_at AT TIME ZONE %(zone)s)::date AS day,
           e.recorded_at - e.occurred_at < interval '1 hour' AS is_own,
           max(e.occurred_at) FILTER (WHERE e.kind IN ('appeal_received', 'appeal_reopened') AND NOT e.data ? 'implied')
               OVER (PARTITION BY e.appeal_id ORDER BY e.seq) AS round_began_at,
           max(e.seq) FILTER (WHERE e.kind IN ('appeal_reopened', 'appeal_unlinked'))
               OVER (PARTITION BY e.appeal_id) AS last_reopened,
           min(e.seq) FILTER (WHERE e.kind = 'appeal_reopened') OVER (PARTITION BY e.appeal_id) AS first_reopened
    FROM appeals_appealevent e
    WHERE e.appeal_id {chosen}
      AND (e.kind IN ('appeal_received', 'appeal_reopened', 'reply_sent', 'appeal_closed', 'appeal_withdrawn',
                      'appeal_forwarded', 'term_extended', 'answer_rated', 'answer_disputed')
           OR e.kind IN ('appeal_linked', 'appeal_unlinked') AND e.data->>'kind' = 'duplicate' AND e.data ? 'target')
      AND (e.question_id IS NULL OR e.kind <> 'appeal_forwarded')
)"""

# The clocks of the first answer, and those of second looks in their order. A clock that was cancelled after its end
# had run out all the same.
_CLOCKS = """
clock AS MATERIALIZED (
    SELECT t.appeal_id, t.code, t.due_at, t.outcome, t.paused_at, t.id, t.stopped_at > t.due_at AS has_run_out,
           row_number() OVER (PARTITION BY t.appeal_id, t.code ORDER BY t.id) AS position
    FROM appeals_timer t
    WHERE t.appeal_id {chosen} AND t.code IN ('answer', 'second_look') AND t.question_id IS NULL
), first_clock AS (
    SELECT DISTINCT ON (appeal_id) appeal_id, (due_at AT TIME ZONE %(zone)s)::date AS due_on,
           CASE outcome WHEN 'met' THEN 'kept' WHEN 'missed' THEN 'late' WHEN 'cancelled' THEN 'cancelled'
                ELSE CASE WHEN paused_at IS NULL THEN 'open' ELSE 'paused' END END AS term,
           outcome = 'missed' OR outcome = 'cancelled' AND has_run_out AS is_missed
    FROM clock WHERE code = 'answer' ORDER BY appeal_id, id DESC
)"""

_ANSWERS = """
answer AS MATERIALIZED (
    SELECT s.appeal_id, (s.data->>'reply')::bigint AS reply_id, s.seq, s.day AS answered_on,
           row_number() OVER (PARTITION BY s.appeal_id ORDER BY s.seq) AS position,
           s.day - (s.round_began_at AT TIME ZONE %(zone)s)::date AS days,
           coalesce((s.data->>'department')::int, 0) AS department_id, coalesce(s.actor_id, 0)::int AS executor_id,
           coalesce(s.data->>'outcome', '') AS outcome,
           s.kind = 'reply_sent' AND s.is_own AS is_checked,
           s.kind = 'reply_sent' AND jsonb_path_exists(s.data, %(formal)s::jsonpath) AS is_formal
    FROM step s
    WHERE s.data ? 'reply'
      AND (s.kind = 'reply_sent' AND NOT s.data ? 'interim' OR s.kind = 'appeal_closed')
)"""

_JUDGEMENTS = """
judgement AS (
    SELECT (s.data->>'reply')::bigint AS reply_id,
           (array_agg(s.data->>'verdict' ORDER BY s.seq DESC))[1] AS verdict,
           (array_agg((s.data->>'rating')::int ORDER BY s.seq DESC) FILTER (WHERE s.data->>'rating' IS NOT NULL))[1]
               AS rating,
           bool_or(s.kind = 'answer_disputed') AS is_disputed,
           (array_agg(s.data->'reasons' ORDER BY s.seq DESC) FILTER (WHERE s.kind = 'answer_disputed'))[1]
               AS dispute_reasons
    FROM step s WHERE s.kind IN ('answer_rated', 'answer_disputed') AND s.data->>'reply' IS NOT NULL
    GROUP BY 1
)"""

# An appeal leaves the work by the first of these after it was reopened for the last time; without a reopening, ever.
# A duplicate is closed by being linked with the appeal in which it lives on.
_ENDINGS = """
ending AS (
    SELECT DISTINCT ON (appeal_id) appeal_id, day AS done_on,
           CASE kind WHEN 'reply_sent' THEN 'answered' WHEN 'appeal_forwarded' THEN 'forwarded'
                WHEN 'appeal_withdrawn' THEN 'withdrawn' WHEN 'appeal_linked' THEN 'merged'
                ELSE CASE WHEN data ? 'reply' THEN 'first_contact' ELSE 'without_answer' END END AS ending
    FROM step
    WHERE kind IN ('reply_sent', 'appeal_closed', 'appeal_withdrawn', 'appeal_forwarded', 'appeal_linked')
      AND NOT data ? 'interim' AND seq > coalesce(last_reopened, 0)
    ORDER BY appeal_id, seq
)"""

# What was withdrawn, forwarded or merged has kept nothing; and no step after its end makes a missed term undone.
_TERM = """CASE
           WHEN e.ending IS NULL THEN coalesce(c.term, '')
           WHEN c.is_missed THEN CASE WHEN w.reply_id IS NULL THEN 'lapsed' ELSE 'late' END
           WHEN w.reply_id IS NULL AND c.term = 'kept' AND e.ending <> 'without_answer' THEN 'cancelled'
           ELSE coalesce(c.term, '') END"""

_APPEAL_ROWS = f"""
SELECT a.id AS appeal_id, coalesce(a.area_id, 0)::int AS area_id,
       coalesce(a.sector_id, t.sector_id, 0)::int AS sector_id, coalesce(a.topic_id, 0)::int AS topic_id,
       coalesce(nullif(w.department_id, 0), a.department_id, 0)::int AS department_id,
       coalesce(nullif(w.executor_id, 0), a.executor_id, 0)::int AS executor_id,
       coalesce(a.incident_id, 0)::int AS incident_id, a.channel, a.category, p.type AS applicant, a.regime, a.kind,
       a.language, (a.received_at AT TIME ZONE %(zone)s)::date AS received_on, c.due_on, {_TERM} AS term,
       e.done_on, coalesce(e.ending, '') AS ending,
       EXISTS (SELECT FROM appeals_appeallink l WHERE l.source_id = a.id AND l.kind = 'repeat') AS is_repeated,
       coalesce(x.is_extended, false) AS is_extended, a.is_confidential
FROM appeals_appeal a
JOIN appeals_applicant p ON p.id = a.applicant_id
LEFT JOIN appeals_topic t ON t.id = a.topic_id
LEFT JOIN first_clock c ON c.appeal_id = a.id
LEFT JOIN ending e ON e.appeal_id = a.id
LEFT JOIN answer w ON w.appeal_id = a.id AND w.position = 1
LEFT JOIN (
    SELECT DISTINCT appeal_id, true AS is_extended FROM step
    WHERE kind = 'term_extended' AND (first_reopened IS NULL OR seq < first_reopened)
) x ON x.appeal_id = a.id
WHERE a.id {{chosen}}"""

# An answer that two events tell of is one answer.
_ANSWER_ROWS = """
SELECT DISTINCT ON (w.reply_id) w.appeal_id, w.reply_id, w.position, w.answered_on, w.days, w.department_id,
       w.executor_id, w.outcome,
       CASE WHEN w.position = 1 THEN
           CASE f.term WHEN 'kept' THEN true WHEN 'late' THEN false END
       ELSE CASE k.outcome WHEN 'met' THEN true WHEN 'missed' THEN false END END AS on_time,
       w.is_checked, w.is_formal, coalesce(j.verdict, '') AS verdict, j.rating,
       coalesce(j.is_disputed, false) AS is_disputed, coalesce(j.dispute_reasons, '[]') AS dispute_reasons
FROM answer w
LEFT JOIN first_clock f ON f.appeal_id = w.appeal_id
LEFT JOIN clock k ON k.appeal_id = w.appeal_id AND k.code = 'second_look' AND k.position = w.position - 1
LEFT JOIN judgement j ON j.reply_id = w.reply_id
ORDER BY w.reply_id, w.position"""

APPEAL_COLUMNS = (
    "area_id", "sector_id", "topic_id", "department_id", "executor_id", "incident_id", "channel", "category",
    "applicant", "regime", "kind", "language", "received_on", "due_on", "term", "done_on", "ending", "is_repeated",
    "is_extended", "is_confidential",
)  # fmt: skip
ANSWER_COLUMNS = (
    "appeal_id", "position", "answered_on", "days", "department_id", "executor_id", "outcome", "on_time", "is_checked",
    "is_formal", "verdict", "rating", "is_disputed", "dispute_reasons",
)  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """Which appeals: named ones, or a stretch of their numbers (first and last included)."""

    ids: Sequence[int] = ()
    first: int = 0
    last: int = -1

    @property
    def sql(self) -> str:
        return _CHOSEN if self.ids else _RANGE

    @property
    def parameters(self) -> dict[str, Any]:
        formal = " || ".join(f'@ == "{code}"' for code in FORMAL_FINDINGS)
        values = {"zone": settings.TIME_ZONE, "formal": f"$.findings[*].code ? ({formal})"}
        return {**values, "ids": list(self.ids), "first": self.first, "last": self.last}


def appeal_rows(chosen: Chosen) -> str:
    """The statement whose rows are the facts of the chosen appeals as their history tells them now."""
    parts = (_STEPS, _CLOCKS, _ANSWERS, _ENDINGS)
    return f"WITH {','.join(parts)}{_APPEAL_ROWS}".replace("{chosen}", chosen.sql)


def answer_rows(chosen: Chosen) -> str:
    parts = (_STEPS, _CLOCKS, _ANSWERS, _JUDGEMENTS)
    return f"WITH {','.join(parts)}{_ANSWER_ROWS}".replace("{chosen}", chosen.sql)


def _tables(chosen: Chosen) -> tuple[tuple[str, str, Sequence[str], str], ...]:
    """Table, key, columns, and the statement of the rows that must stand there."""
    return (
        ("reports_appealfact", "appeal_id", APPEAL_COLUMNS, appeal_rows(chosen)),
        ("reports_answerfact", "reply_id", ANSWER_COLUMNS, answer_rows(chosen)),
    )


def recompute(chosen: Chosen) -> set[dt.date]:
    """Write the facts of these appeals anew; returns every day that they counted on before or count on now."""
    with connection.cursor() as cursor:
        days = _days(cursor, chosen)
        place = f"o.appeal_id {chosen.sql}"
        for table, key, columns, rows in _tables(chosen):
            cursor.execute(upsert(table, (key,), columns, rows, place), chosen.parameters)
        return days | _days(cursor, chosen)


def fill(chosen: Chosen) -> None:
    """Write the facts of appeals that have none: the quick way for a rebuild of everything."""
    with connection.cursor() as cursor:
        for table, key, columns, rows in _tables(chosen):
            names = ", ".join((key, *columns))
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM ({rows}) AS r", chosen.parameters)


def differences(chosen: Chosen) -> list[int]:
    """Appeals whose stored facts are not those that their history tells; empty when all agree."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for table, key, columns, rows in _tables(chosen):
            names = ", ".join((key, *columns))
            stored = f"SELECT {names} FROM {table} WHERE appeal_id {chosen.sql}"
            told = f"SELECT {names} FROM ({rows}) AS r"
            cursor.execute(
                f"""SELECT DISTINCT appeal_id
                    FROM ((({stored}) EXCEPT ({told})) UNION ALL (({told}) EXCEPT ({stored}))) d""",
                chosen.parameters,
            )
            found |= {pk for (pk,) in cursor.fetchall()}
    return sorted(found)


def last_appeal() -> int:
    """The highest number of an appeal; 0 before the first."""
    return Appeal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def note_all() -> None:
    """Every appeal as one that got an event."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO reports_changedappeal (appeal_id) SELECT id FROM appeals_appeal ORDER BY id")


def touching(first: dt.date, last: dt.date) -> list[int]:
    """Appeals that count on one of these days."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT appeal_id FROM reports_appealfact WHERE received_on BETWEEN %(first)s AND %(last)s
               UNION SELECT appeal_id FROM reports_appealfact WHERE due_on BETWEEN %(first)s AND %(last)s
               UNION SELECT appeal_id FROM reports_appealfact WHERE done_on BETWEEN %(first)s AND %(last)s
               UNION SELECT appeal_id FROM reports_answerfact WHERE answered_on BETWEEN %(first)s AND %(last)s
               ORDER BY 1""",
            {"first": first, "last": last},
        )
        return [pk for (pk,) in cursor.fetchall()]


def _days(cursor: Any, chosen: Chosen) -> set[dt.date]:
    cursor.execute(
        f"""SELECT received_on FROM reports_appealfact WHERE appeal_id {chosen.sql}
            UNION SELECT due_on FROM reports_appealfact WHERE appeal_id {chosen.sql} AND due_on IS NOT NULL
            UNION SELECT done_on FROM reports_appealfact WHERE appeal_id {chosen.sql} AND done_on IS NOT NULL
            UNION SELECT answered_on FROM reports_answerfact WHERE appeal_id {chosen.sql}""",
        chosen.parameters,
    )
    return {day for (day,) in cursor.fetchall()}
