"""Measures early warning on real counts: spikes of known size are planted at random places, alarms are compared.

    python -m bench.warning CORPUS.jsonl.gz [--runs 6] [--seed 1]

Each line of the corpus has `category`, `reason`, `district` and `messages` (the first with `at`). Two cities are
measured. *Real*: the counts as they are; alarms beside the spikes are called false here, though most of them are
snowfalls, thaws and cleaning campaigns that happened. *Calm*: each appeal moved to the same weekday of a random week,
so that nothing grows and every alarm beside the spikes is false.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import holidays

from common.workcalendar import WorkCalendar
from reports.warning.expectation import spans
from reports.warning.growth import Cell, Tested, alarms, measure, model_of, rhythms
from reports.warning.rhythm import ONE_DAY, WEEK, History

FOLLOWED = 7  # days after the start within which an alarm counts as found
QUIET = 7  # days without an alarm after which the next one is a new one
LENGTH = 3  # days of a planted spike
TESTED_DAYS = 98
Counts = dict[Cell, list[int]]


@dataclass(frozen=True)
class City:
    """Counts by cell from a first day on."""

    start: dt.date
    counts: Counts
    calendar: WorkCalendar

    @property
    def days(self) -> list[dt.date]:
        length = len(self.counts[Cell()])
        return [self.start + ONE_DAY * place for place in range(length - TESTED_DAYS, length)]

    def histories(self) -> dict[Cell, History]:
        return {cell: History(self.start, counts) for cell, counts in self.counts.items()}


@dataclass(frozen=True)
class Spike:
    """So many appeals more a day in one cell."""

    cell: Cell
    place: int  # day since the start of the city
    extra: int


def around(cell: Cell) -> set[Cell]:
    return {cell} | cell.wider()


def read(path: Path) -> list[tuple[dt.date, int, int, int]]:
    """Day, sphere, topic and city sector of each appeal, as numbers."""
    ids: dict[tuple[str, ...], int] = defaultdict(lambda: len(ids) + 1)
    rows = []
    with gzip.open(path, "rt") as lines:
        for line in lines:
            row = json.loads(line)
            day = dt.date.fromisoformat(row["messages"][0]["at"][:10])
            sphere, topic = ids["sphere", row["category"]], ids["topic", row["category"], row["reason"]]
            rows.append((day, sphere, topic, ids["area", row["district"]]))
    # The first and the last day are cut.
    first, last = min(rows)[0], max(rows)[0]
    return [row for row in rows if first < row[0] < last]


def city(rows: list[tuple[dt.date, int, int, int]], calm: random.Random | None = None) -> City:
    start = min(rows)[0]
    length = (max(rows)[0] - start).days + 1
    counts: Counts = defaultdict(lambda: [0] * length)
    for day, sphere, topic, area in rows:
        place = (day - start).days
        if calm:
            place = calm.randrange(length // WEEK) * WEEK + place % WEEK
        for cell in around(Cell(sphere, topic, area)):
            counts[cell][place] += 1
    years = range(start.year, start.year + 2)
    off = frozenset(holidays.country_holidays("RU", years=years))
    return City(start, dict(counts), WorkCalendar(days_off=off))


def tested(place: City) -> dict[dt.date, dict[Cell, Tested]]:
    histories = place.histories()
    return {day: measure(histories, day, place.calendar) for day in place.days}


def plant(place: City, rng: random.Random, extra: int, whole_city: bool) -> tuple[City, list[Spike]]:
    """One spike in each week, in a cell that has been heard of; the wider cells grow with it."""
    counts = {cell: list(values) for cell, values in place.counts.items()}
    wanted = [
        cell for cell, values in counts.items() if cell.topic and bool(cell.area) != whole_city and sum(values) > 4
    ]
    spikes = []
    first = len(counts[Cell()]) - TESTED_DAYS
    for week in range(TESTED_DAYS // WEEK - 1):
        cell = rng.choices(wanted, [sum(counts[cell]) ** 0.5 for cell in wanted])[0]
        begin = first + week * WEEK + rng.randrange(WEEK)
        spikes.append(Spike(cell, begin, extra))
        for day in range(begin, min(begin + LENGTH, len(counts[Cell()]))):
            for other in around(cell):
                counts[other][day] += extra
            if whole_city:
                spread(counts, cell, day, extra, rng)
    return City(place.start, counts, place.calendar), spikes


def spread(counts: Counts, cell: Cell, day: int, extra: int, rng: random.Random) -> None:
    """A spike of the whole city falls on its sectors by their usual shares."""
    parts = [other for other in counts if other.area and other.everywhere == cell]
    for part in rng.choices(parts, [sum(counts[part]) for part in parts], k=extra):
        for other in (part, Cell(part.sphere, 0, part.area), Cell(area=part.area)):
            counts[other][day] += 1


def again(planted: City, before: dict[Cell, Tested], day: dt.date, changed: set[Cell]) -> dict[Cell, Tested]:
    """The day with the changed cells measured anew."""
    histories = planted.histories()
    some = {cell: histories[cell] for cell in {Cell()} | changed | {cell.everywhere for cell in changed}}
    whole, wide = rhythms(some, day, planted.calendar)
    found = dict(before)
    for cell in changed:
        model = model_of(cell, histories[cell], day, whole, wide, planted.calendar)
        if model:
            found[cell] = Tested(cell, *spans(histories[cell], day, model))
    return found


def matches(spike: Spike, cell: Cell) -> bool:
    """The cell itself, the topic in all of the city, its sphere in the city sector; for a topic, one of its parts."""
    own = spike.cell
    if own.area:
        return cell in {own, own.everywhere, Cell(own.sphere, 0, own.area)}
    return cell.everywhere == own or cell == Cell(own.sphere)


Alarms = dict[dt.date, set[Cell]]


def episodes(raised: Alarms) -> list[tuple[Cell, list[dt.date]]]:
    """Alarms of one cell that follow each other without a quiet week are one."""
    found: list[tuple[Cell, list[dt.date]]] = []
    running: dict[Cell, list[dt.date]] = {}
    for day in sorted(raised):
        for cell in raised[day]:
            if cell in running and (day - running[cell][-1]).days <= QUIET:
                running[cell].append(day)
            else:
                running[cell] = [day]
                found.append((cell, running[cell]))
    return found


@dataclass
class Tally:
    planted: int = 0
    found: int = 0
    delay: int = 0
    false: int = 0
    weeks: float = 0.0

    def line(self, label: str) -> str:
        recall, precision = self.found / self.planted, self.found / max(self.found + self.false, 1)
        delay = self.delay / self.found if self.found else float("nan")
        others = self.false / self.weeks
        return f"| {label} | {self.planted} | {recall:.0%} | {precision:.0%} | {delay:.1f} | {others:.1f} |"


def judge(tally: Tally, place: City, raised: Alarms, usual: Alarms, spikes: list[Spike]) -> None:
    for spike in spikes:
        begin = place.start + ONE_DAY * spike.place
        days = [begin + ONE_DAY * later for later in range(FOLLOWED)]
        new = [day for day in days for cell in raised.get(day, set()) - usual.get(day, set()) if matches(spike, cell)]
        tally.planted += 1
        if new:
            tally.found += 1
            tally.delay += (min(new) - begin).days
    for cell, days in episodes(raised):
        near = [
            spike
            for spike in spikes
            if matches(spike, cell) and -1 < (days[0] - place.start).days - spike.place < FOLLOWED + LENGTH
        ]
        tally.false += not near
    tally.weeks += TESTED_DAYS / WEEK


def measured(place: City, extra: int, whole_city: bool, runs: int, seed: int, past: dict, usual: Alarms) -> Tally:
    tally = Tally()
    for run in range(runs):
        planted, spikes = plant(place, random.Random(f"{seed} {extra} {run}"), extra, whole_city)
        changed = {cell for cell, values in planted.counts.items() if values != place.counts[cell]}
        raised = {day: {alarm.cell for alarm in alarms(again(planted, past[day], day, changed))} for day in place.days}
        judge(tally, place, raised, usual, spikes)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows = read(options.corpus)
    for name, place in (("real", city(rows)), ("calm", city(rows, random.Random(options.seed)))):
        past = tested(place)
        usual = {day: {alarm.cell for alarm in alarms(cells)} for day, cells in past.items()}
        weekly = len(episodes(usual)) / (TESTED_DAYS / WEEK)
        print(f"\n{name}: {len(rows)} appeals, {len(place.counts)} cells, {TESTED_DAYS} days", flush=True)
        print(f"alarms a week without spikes: {weekly:.1f}\n", flush=True)
        print("| planted | spikes | recall | precision | delay, days | other alarms a week |\n|" + " --- |" * 6)
        for whole_city, sizes in ((False, (2, 3, 5, 8, 15)), (True, (5, 10, 20))):
            where = "a topic in the whole city" if whole_city else "a topic in one city sector"
            for extra in sizes:
                tally = measured(place, extra, whole_city, options.runs, options.seed, past, usual)
                print(tally.line(f"{extra} a day for {LENGTH} days, {where}"), flush=True)


if __name__ == "__main__":
    main()
