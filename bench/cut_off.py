"""A partner files 10,000 appeals while the network cuts him off at random, and repeats whatever got no answer.

python -m bench.cut_off [10000]

Half of them one by one with an Idempotency-Key, half in bulk with numbers of his own, from eight connections at once.
In the end each appeal must exist once: neither lost nor done twice. The hub is the real one, on the stand of the bench.
"""

from __future__ import annotations

import json
import os
import random
import socket
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator

from bench import stand
from bench.client import Connection, post
from bench.fuzz import APPEALS, keys_of
from tools.stack.folders import ROOT, choose_layout
from tools.stack.servers import running

CLIENTS = 8
BULK = 50
CUT_WHILE_ASKING = 0.15
CUT_WHILE_ANSWERING = 0.30
GOOD = (200, 201)
EXISTING = """
SELECT count(*), count(DISTINCT a.text)
FROM openapi_filedappeal f JOIN appeals_appeal a ON a.id = f.appeal_id
"""


class CutOff(Exception):
    """The connection broke before the answer was read."""


class Partner:
    """Sends everything until it is answered; what happened on the way is counted."""

    def __init__(self, address: tuple[str, int], key: str) -> None:
        self.address, self.key = address, key
        self.happened: Counter[str] = Counter()
        self.lock = threading.Lock()

    def work(self, todo: Iterator[bytes], seed: int) -> None:
        chance, connection = random.Random(seed), Connection(self.address)
        while True:
            with self.lock:
                raw = next(todo, None)
            if raw is None:
                return
            self._insist(raw, chance, connection)

    def _insist(self, raw: bytes, chance: random.Random, connection: Connection) -> None:
        while True:
            try:
                code = self._try(raw, chance, connection)
            except (CutOff, OSError):
                code = 0
            with self.lock:
                self.happened[str(code) if code else "cut off"] += 1
            if code in GOOD:
                return
            if code and code not in (409, 503):
                raise SystemExit(f"answered {code}")

    def _try(self, raw: bytes, chance: random.Random, connection: Connection) -> int:
        luck = chance.random()
        if luck < CUT_WHILE_ASKING:
            self._abandon(raw[: chance.randrange(len(raw))])
        if luck < CUT_WHILE_ASKING + CUT_WHILE_ANSWERING:
            self._abandon(raw, wait=chance.random() * 0.05)
        code, _headers, body = connection.ask(raw)
        if b'"refused":' in body and not json.loads(body)["refused"] == 0:
            raise SystemExit(f"a row was refused: {body[:500]!r}")
        return code

    def _abandon(self, raw: bytes, wait: float = 0.0) -> None:
        with socket.create_connection(self.address, timeout=30) as broken:
            broken.sendall(raw)
            time.sleep(wait)
        raise CutOff


def requests(total: int, key: str) -> Iterator[bytes]:
    """Each with what makes its repetition harmless."""
    bearer = f"Authorization: Bearer {key}\r\n"
    for number in range(total // 2):
        body = json.dumps(appeal(number)).encode()
        head = f"{bearer}Idempotency-Key: {uuid.uuid4()}\r\n"
        yield post("/api/v1/appeals", body, kind="application/json", more=head)
    for first in range(total // 2, total, BULK):
        numbers = range(first, min(first + BULK, total))
        rows = [appeal(number) | {"external_id": f"CUT-{number}"} for number in numbers]
        yield post("/api/v1/appeals/bulk", json.dumps({"appeals": rows}).encode(), kind="application/json", more=bearer)


def appeal(number: int) -> dict[str, object]:
    phone = f"+7701{number:07d}"
    return {"text": f"Көшеде үш күннен бері су жоқ, құбыр жарылған. № {number}", "applicant": {"phone": phone}}


def main(arguments: list[str]) -> int:
    total = int(arguments[0]) if arguments else 10_000
    os.environ["HALYQ_VAR"] = os.environ.get("HALYQ_BENCH_VAR") or str(ROOT / "var" / "bench")
    with running(choose_layout()) as services:
        place = stand.prepare(services.layout, APPEALS)
        with stand.serving(place, services) as address:
            key = keys_of(place, "operator")["operator"]
            partner, began = Partner(address, key), time.monotonic()
            _file(partner, total)
            taken = time.monotonic() - began
        with place.session() as session:
            rows, texts = session.execute(EXISTING).fetchone() or (0, 0)
    print(f"{total:,} appeals to file, {rows:,} exist, {texts:,} different ones; {taken:.0f} s")
    print("answers: " + ", ".join(f"{what}: {count:,}" for what, count in sorted(partner.happened.items())))
    return int(not rows == texts == total)


def _file(partner: Partner, total: int) -> None:
    todo = requests(total, partner.key)
    clients = [threading.Thread(target=partner.work, args=(todo, seed)) for seed in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
