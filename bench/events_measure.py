"""Files appeals by key in turns: feed off, feed on, feed on with webhooks; started by bench.events."""

from __future__ import annotations

import json
import random
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402  # models can be imported only after the set-up

from bench.client import Connection, get  # noqa: E402
from bench.fuzz_keys import key_of  # noqa: E402
from openapi.models import Application, Delivery, FeedEntry, Subscription, WaitingEvent  # noqa: E402
from openapi.sandbox import people  # noqa: E402
from openapi.webhooks.signature import new_secret  # noqa: E402

ROUND = 20  # filings of one kind before the next has its turn
WEBHOOKS = 5
LONGEST_WAIT = 120
BOOTSTRAPS = 2000
CHANCE, SERIES = random.Random(11), count(1)
TEXT = "Көшеде үш күннен бері су жоқ, құбыр жарылған болуы керек. Тезірек жөндеп беріңіздер."
KINDS = ("feed off", "feed on", f"feed on, {WEBHOOKS} webhooks")


class Receiver:
    """Takes webhooks at once and remembers when each appeal's first event came."""

    def __init__(self) -> None:
        self.came: dict[str, float] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                now = time.time()
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.came.setdefault(told["data"]["number"], now)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


def filing(key: str) -> bytes:
    body = json.dumps({"text": TEXT, "applicant": {"phone": f"+7702{next(SERIES):07d}"}}).encode()
    head = (
        "POST /api/v1/appeals HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {key}\r\nIdempotency-Key: {uuid.uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def feed_off() -> Iterator[None]:
    """Without the trigger nothing waits; the hint after the commit still goes, for a moment's cost in the cache."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE appeals_appealevent DISABLE TRIGGER event_awaits_feed")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE appeals_appealevent ENABLE TRIGGER event_awaits_feed")


def timed(server: Connection, raw: Callable[[], bytes], expected: int) -> tuple[float, bytes]:
    sent = raw()
    began = time.perf_counter()
    code, _headers, body = server.ask(sent)
    took = (time.perf_counter() - began) * 1000
    assert code == expected, (code, body[:300])
    return took, body


def drained() -> float:
    """Seconds until the feed and the webhooks have nothing to do. What a webhook that is off has left can wait."""
    began, waiting = (
        time.perf_counter(),
        Delivery.objects.filter(status="waiting", attempts=0, subscription__state="on"),
    )
    while WaitingEvent.objects.exists() or waiting.exists():
        if time.perf_counter() - began > LONGEST_WAIT:
            raise SystemExit("The worker does not come to an end.")
        time.sleep(0.05)
    return time.perf_counter() - began


def one_round(server: Connection, key: str, kind: str, filed: dict[str, float]) -> list[float]:
    Subscription.objects.update(state="on" if "webhooks" in kind else "off")
    times = []
    for _ in range(ROUND):
        took, body = timed(server, lambda: filing(key), 201)
        times.append(took)
        if "webhooks" in kind:
            filed[json.loads(body)["number"]] = time.time()
    return times


def measure(server: Connection, key: str, filings: int) -> tuple[dict[str, list[float]], dict[str, float], list[float]]:
    found: dict[str, list[float]] = {kind: [] for kind in ("bare insert", *KINDS)}
    filed: dict[str, float] = {}
    waits: list[float] = []
    for _ in range(max(1, filings // ROUND)):
        found["bare insert"] += [timed(server, lambda: get("/bench/insert"), 200)[0] for _ in range(ROUND)]
        for kind in CHANCE.sample(KINDS, len(KINDS)):
            if kind == KINDS[0]:
                with feed_off():
                    found[kind] += one_round(server, key, kind, filed)
            else:
                found[kind] += one_round(server, key, kind, filed)
            waits.append(drained())
    return found, filed, waits


def interval(one: list[float], other: list[float]) -> tuple[float, float]:
    """95 % of the differences of medians when both sides are drawn anew."""
    found = sorted(
        statistics.median(CHANCE.choices(one, k=len(one))) - statistics.median(CHANCE.choices(other, k=len(other)))
        for _ in range(BOOTSTRAPS)
    )
    return found[int(BOOTSTRAPS * 0.025)], found[int(BOOTSTRAPS * 0.975)]


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def report(found: dict[str, list[float]]) -> None:
    bare, off = statistics.median(found["bare insert"]), found[KINDS[0]]
    print("| filing by key | requests | median, ms | p95, ms | x bare insert | against feed off, ms (95 %) |")
    print("| --- | --- | --- | --- | --- | --- |")
    for kind, times in found.items():
        middle = statistics.median(times)
        low, high = interval(times, off)
        against = f"{middle - statistics.median(off):+.2f} ({low:+.2f} to {high:+.2f})" if kind in KINDS[1:] else ""
        print(f"| {kind} | {len(times)} | {middle:.2f} | {p95(times):.2f} | {middle / bare:.1f} | {against} |")


def main(host: str, port: int, filings: int) -> None:
    people.make()
    key = key_of(people.RESIDENT)
    application = Application.objects.latest("pk")
    receiver, server = Receiver(), Connection((host, port))
    rows = [
        Subscription(application=application, url=receiver.url, secret=new_secret(), state="off")
        for _ in range(WEBHOOKS)
    ]
    Subscription.objects.bulk_create(rows)
    for _ in range(3):
        timed(server, lambda: filing(key), 201)
    drained()
    found, filed, waits = measure(server, key, filings)
    report(found)
    lags = sorted((receiver.came[number] - at) * 1000 for number, at in filed.items() if number in receiver.came)
    print(f"\nFirst message of an appeal after its answer: median {statistics.median(lags):.0f} ms, "
          f"p95 {p95(lags):.0f} ms; {len(filed) - len(lags)} of {len(filed)} did not come.")  # fmt: skip
    Subscription.objects.update(state="on")
    drained()
    dead = Delivery.objects.exclude(status="delivered").count()
    print(f"{FeedEntry.objects.count()} entries, {Delivery.objects.count()} deliveries, {dead} of them not delivered; "
          f"after a round everything was through in {p95(waits):.2f} s (p95).")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
