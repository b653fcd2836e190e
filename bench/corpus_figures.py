"""`python -m bench.corpus_figures FILE`: import a history and compare every figure with a count of the file.

The count below knows nothing of the hub but the documented rules of the import (docs/import.md) and the definitions of
the metric dictionary; it reads the file alone. FILE is a history of the kind `city-portal`. Exit code 1 when a figure
differs.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench import stand
from bench.stand import Stand
from tools.stack import postgres
from tools.stack.folders import ROOT, choose_layout
from tools.stack.servers import running

MOSCOW, CITY = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Almaty")
MAPPING = ROOT / "appeals" / "reference" / "mappings" / "city-portal.json"
NAME = "bench_corpus"


@dataclass
class Counted:
    """What the file says, by month of the city's time."""

    received: Counter[str] = field(default_factory=Counter)
    by_district: Counter[str] = field(default_factory=Counter)
    by_topic: Counter[str] = field(default_factory=Counter)
    by_category: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    without_answer: Counter[str] = field(default_factory=Counter)
    solved: Counter[str] = field(default_factory=Counter)
    days: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def count(path: Path) -> Counted:
    counted, mapping = Counted(), json.loads(MAPPING.read_text(encoding="utf-8"))["categories"]
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            _count_one(json.loads(line), counted, mapping)
    return counted


def _count_one(record: dict[str, Any], counted: Counted, mapping: dict[str, dict[str, str]]) -> None:
    began = min(_moment(message["at"]) for message in record["messages"])
    subject = mapping.get(record["category"]) or mapping["*"]
    counted.received[_month(began)] += 1
    counted.by_district[record["district"]] += 1
    counted.by_topic[subject["topic"]] += 1
    counted.by_category[subject["category"]] += 1
    story = sorted(((max(at, began), what) for at, what in _story(record)), key=lambda step: step[0])
    _live_through(story, began, counted)


def _live_through(story: list[tuple[dt.datetime, str]], began: dt.datetime, counted: Counted) -> None:
    """Answered, judged, closed, come back: what the definitions make of it."""
    round_began, done, unjudged = began, "", ""
    for at, what in story:
        if what == "answer":
            counted.days[_month(at)].append((_day(at) - _day(round_began)).days)
            done, unjudged = _month(at), _month(at)
            ended = "answer"
        elif what == "closed" and not done:
            done, ended = _month(at), "closed"
        elif what == "solved" and unjudged:
            counted.solved[unjudged] += 1
            unjudged = ""
        elif what == "back" and done:
            round_began, done = at, ""
    if done:
        counted.done[done] += 1
        counted.without_answer[done] += ended == "closed"


def _story(record: dict[str, Any]) -> Iterator[tuple[dt.datetime, str]]:
    """When answers went out and what else happened; an answer goes out when the log says so, else once written."""
    log = sorted(((_moment(event["at"]), event) for event in record["events"]), key=lambda entry: entry[0])
    status = [(at, str(event["value"])) for at, event in log if event["type"] == "status"]
    announced = [(at, value) for at, value in status if value in ("Получен ответ", "Промежуточный ответ")]
    for written, answer in sorted(((_moment(one["at"]), one) for one in record["answers"]), key=lambda pair: pair[0]):
        wanted = "Промежуточный ответ" if answer["interim_until"] else "Получен ответ"
        match = next((entry for entry in announced if entry[1] == wanted and entry[0] >= written), None)
        if match:
            announced.remove(match)
        if not answer["interim_until"]:
            yield (match[0] if match else written), "answer"
    yield from ((at, "answer") for at, value in announced if value == "Получен ответ")
    arrivals = [at for at, value in status if value == "Модерация"]
    yield from ((at, "back") for at in arrivals[1:])
    for at, value in status:
        if value.startswith("Завершено: Пользователь удовлетворен"):
            yield at, "solved"
        if value.startswith("Завершено"):
            yield at, "closed"


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(CITY).date()


def _month(moment: dt.datetime) -> str:
    return f"{_day(moment):%Y-%m}"


def percentile(values: list[int], share: int) -> int:
    """Nearest rank."""
    return sorted(values)[max(-(-len(values) * share // 100), 1) - 1]


# What the hub says


def ask() -> dict[str, dict[str, Any]]:
    """Figures of the hub in the shape of the count; run inside the hub's settings."""
    from organizations.models import Area
    from reports import figures, sources
    from reports.periods import Period

    whole = Period(dt.date(2019, 1, 1), dt.date(2026, 12, 31))
    keys = ["received", "done", "without_answer", "solved", "answered", "answer_days_median", "answer_days_p90"]
    points = figures.series(keys, whole, "month")
    found: dict[str, dict[str, Any]] = {
        key: {f"{point.start:%Y-%m}": point.figures[key].value for point in points if point.figures[key].value}
        for key in keys
    }
    areas = {row.pk: row.name_ru for row in Area.objects.all()}
    found["by_district"] = {
        areas[row.key]: row.figures["received"].value for row in figures.by(["received"], whole, "area", exact=True)
    }
    for name, dimension in (("by_topic", "topic"), ("by_category", "category")):
        labels = sources.by_key(dimension)
        found[name] = {
            labels[row.key].slug: row.figures["received"].value
            for row in figures.by(["received"], whole, dimension, exact=True)
        }
    return found


def compare(counted: Counted, found: dict[str, dict[str, Any]]) -> int:
    expected: dict[str, dict[str, Any]] = {
        "received": counted.received, "done": counted.done, "without_answer": +counted.without_answer,
        "solved": counted.solved, "by_district": counted.by_district, "by_topic": counted.by_topic,
        "by_category": counted.by_category,
        "answered": {month: len(days) for month, days in counted.days.items()},
        "answer_days_median": {m: percentile(d, 50) for m, d in counted.days.items() if percentile(d, 50)},
        "answer_days_p90": {m: percentile(d, 90) for m, d in counted.days.items() if percentile(d, 90)},
    }  # fmt: skip
    wrong = 0
    for name, values in expected.items():
        differing = {
            key: (value, found[name].get(key)) for key, value in values.items() if found[name].get(key) != value
        }
        differing |= {key: (None, value) for key, value in found[name].items() if key not in values}
        wrong += len(differing)
        print(f"{name:20} {len(values):4} figures, {len(differing):3} differ {dict(list(differing.items())[:6]) or ''}")
    return wrong


def main(path: Path) -> int:
    os.environ["HALYQ_VAR"] = os.environ.get("HALYQ_BENCH_VAR") or str(ROOT / "var" / "bench")
    with running(choose_layout()) as services:
        place = Stand(services.layout, NAME, 0)
        with postgres.connect(services.layout) as session:
            session.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
            session.execute(f"CREATE DATABASE {NAME} OWNER hub")
        for command in (
            ["migrate", "--noinput", "-v0"], ["load_reference"],
            ["import_appeals", str(path), "--format", "jsonl", "--mapping", "city-portal"], ["rebuild_rollups"],
        ):  # fmt: skip
            stand.run(place, "manage.py", *command)
        stand.run(place, "-m", "bench.corpus_figures", "--compare", str(path))
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--compare":
        import django

        django.setup()
        sys.exit(1 if compare(count(Path(sys.argv[2])), ask()) else 0)
    sys.exit(main(Path(sys.argv[1]).resolve()))
