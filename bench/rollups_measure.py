"""Measures one filled database of `bench.rollups`; started by it with the settings of the bench."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django

django.setup()  # before the models: what follows is imported late because of it (E402)

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from common.progress import Progress  # noqa: E402
from reports import figures, refreshing, rollups, sources  # noqa: E402
from reports.dashboards import DASHBOARDS, START  # noqa: E402
from reports.dictionary import METRICS  # noqa: E402
from reports.figures import Filters  # noqa: E402
from reports.models import ChangedAppeal, MonthCell, Rollup, RollupState  # noqa: E402
from reports.periods import Period, last_days, last_months, year  # noqa: E402

RESULTS = Path(__file__).with_name("results")


def main(size: int) -> None:
    found: dict[str, float] = {"appeals": size}
    found["scan"] = _timed(_scan)
    if "again" in sys.argv or RollupState.objects.filter(pk=1, rebuilt_at__isnull=False).first() is None:
        found["rebuild_everything"] = _timed(_rebuild)
    found["rollup_rows"], found["cell_rows"] = Rollup.objects.count(), MonthCell.objects.count()
    today = timezone.localdate()
    for name, day in (("rebuild_day_today", today), ("rebuild_day_long_ago", today - dt.timedelta(days=3000))):
        found[name] = _timed(partial(_build_day, day, today))
    found["refresh_100_appeals"] = _timed(_refresh_some)
    for name, ask in _questions(today).items():
        times = sorted(_timed(ask) for _ in range(20))
        found[f"ms {name} median"], found[f"ms {name} p95"] = 1000 * statistics.median(times), 1000 * times[18]
    found |= _pages(today)
    _report(size, found)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _scan() -> None:
    """The calibration: PostgreSQL reads and adds up every event once, by one process."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute(
            "SELECT count(*), sum(seq), max(occurred_at), max(length(data->>'reply')) FROM appeals_appealevent"
        )
        cursor.execute("RESET max_parallel_workers_per_gather")


def _rebuild() -> None:
    progress = Progress(sys.stderr, "statistics")
    refreshing.rebuild(progress.show, workers=2)
    progress.end()


@transaction.atomic
def _build_day(day: dt.date, today: dt.date) -> None:
    for part in refreshing.parts([day], today):
        rollups.write(part)


def _refresh_some() -> None:
    last = refreshing.facts.last_appeal()
    ChangedAppeal.objects.bulk_create(ChangedAppeal(appeal_id=last - 37 * number) for number in range(100))
    refreshing.refresh()


def _questions(today: dt.date) -> dict[str, Callable[[], object]]:
    rows = {slug: figures.by(["received"], year(today), slug) for slug in ("area", "sector", "topic")}
    area, sector = rows["area"][0].key, rows["sector"][0].key
    all_keys = list(METRICS)
    ragged = Period(dt.date(today.year - 8, 3, 7), today - dt.timedelta(days=3))
    return {
        "all figures of 30 days": lambda: figures.figures(all_keys, last_days(today, 30)),
        "all figures of eight years": lambda: figures.figures(all_keys, ragged),
        "all figures by unit, eight years": lambda: figures.by(all_keys, ragged, "department"),
        "36 months": lambda: figures.series(["received", "kept_share", "in_work"], last_months(today, 36), "month"),
        "one filter by topic, eight years": lambda: figures.by(["received"], ragged, "topic", Filters(area=area)),
        "two filters by topic, 12 months": lambda: figures.by(
            ["received", "kept_share"], last_months(today, 12), "topic", Filters(area=area, channel="web")
        ),
        "two filters by topic, ten years": lambda: figures.by(
            ["received", "kept_share"], last_months(today, 120), "topic", Filters(area=area, channel="web")
        ),
        "three filters, ten years": lambda: figures.figures(
            ["received", "kept_share"], last_months(today, 120), Filters(area=area, sector=sector, category="incident")
        ),
    }


def _pages(today: dt.date) -> dict[str, float]:
    """Every dashboard, asked for twenty things one after another: nothing of it is kept, no browser says what it has.

    The calibration is a page of the hub without any figure.
    """
    browser, asked = Client(), _asked(today)
    found: dict[str, float] = {}
    pages = {"a page without figures": reverse("reports:study-group", args=["channels"])}
    pages |= {f"dashboard {slug}": reverse("reports:dashboard", args=[slug]) for slug in DASHBOARDS if slug != START}
    pages[f"dashboard {START}"] = reverse("reports:start")
    for address in pages.values():
        browser.get(address)  # templates are compiled once in a process
    gc.collect()
    gc.freeze()  # as a process of the web does when it has loaded (config.gunicorn)
    gc.set_threshold(20_000, 20, 20)
    for name, address in pages.items():
        times = sorted(_timed(partial(_page, browser, f"{address}?{query}")) for query in asked)
        found[f"ms {name} median"] = 1000 * statistics.median(times)
        found[f"ms {name} p95"] = 1000 * times[round(0.95 * len(times)) - 1]
    return found


def _page(browser: Client, address: str) -> None:
    response = browser.get(address)
    assert response.status_code == 200, (address, response.status_code)


def _asked(today: dt.date) -> list[str]:
    """What people ask: the usual, other periods, one filter, a filter and a period, two filters."""
    area, sector, topic = (
        sources.by_key(slug)[figures.by(["received"], year(today), slug)[0].key].slug
        for slug in ("area", "sector", "topic")
    )
    ragged = f"from={today.replace(year=today.year - 8, day=3)}&to={today - dt.timedelta(days=3)}"
    return [
        "", "period=7-days", "period=month", "period=last-month", "period=quarter", "period=year", "period=last-year",
        "period=12-months", ragged, f"area={area}", f"sector={sector}", f"topic={topic}", "channel=web",
        "category=incident", "applicant=individual", f"area={area}&period=12-months", "channel=call109&period=year",
        f"sector={sector}&{ragged}", f"area={area}&channel=web", "channel=call109&category=incident&period=12-months",
    ]  # fmt: skip


def _report(size: int, found: dict[str, float]) -> None:
    for name, value in found.items():
        ratio = f"{value / found['scan']:10.3f} of the scan" if name.startswith("re") else ""
        print(f"    {name:45} {value:12.3f} {ratio}", flush=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"statistics_{size}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    main(int(sys.argv[1]))
