"""A town whose rollups are written as counts: two topics in four city sectors, quiet until something is added."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

from appeals.models import Topic
from organizations.models import Area
from reports.dimensions import mask
from reports.models import Rollup
from tests.factories import make_area, make_sector, make_topic

TODAY = dt.date(2026, 5, 21)
DAYS = 7 * 20
SCOPES = ((), ("area",), ("topic",), ("sector",), ("area", "topic"), ("area", "sector"))


class Town:
    """Counts by day, city sector and topic; `write` makes rollups of them."""

    def __init__(self) -> None:
        self.areas: list[Area] = [make_area(slug) for slug in ("north", "south", "east", "west")]
        spheres = [make_sector("water-sphere"), make_sector("roads-sphere")]
        self.water: Topic = make_topic("water", sector=spheres[0])
        self.roads: Topic = make_topic("roads", sector=spheres[1])
        self.told: Counter[tuple[dt.date, int, Topic]] = Counter()
        rng = random.Random(5)
        for place in range(DAYS):
            day = TODAY - dt.timedelta(days=place)
            for area in self.areas:
                for topic in (self.water, self.roads):
                    self.told[day, area.pk, topic] += rng.choice((0, 1, 1, 2))

    def add(self, topic: Topic, area: Area, count: int, *, days_ago: int = 0) -> None:
        self.told[TODAY - dt.timedelta(days=days_ago), area.pk, topic] += count

    def write(self) -> None:
        sums: Counter[tuple[object, ...]] = Counter()
        for (day, area_id, topic), count in self.told.items():
            keys = {"area": area_id, "topic": topic.pk, "sector": topic.sector_id}
            for scope in SCOPES:
                sums[day, scope, *(keys[slug] if slug in scope else 0 for slug in keys)] += count
        Rollup.objects.all().delete()
        rows = []
        for (day, scope, area, topic, sector), count in sums.items():
            keys = {"area_id": area, "topic_id": topic, "sector_id": sector}
            rows.append(Rollup(grain="d", start_on=day, scope=mask(scope), received=count, **keys))
        Rollup.objects.bulk_create(rows)
