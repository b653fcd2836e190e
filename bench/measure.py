"""Measures one size of the hub; started by bench.__main__ with the environment of the stand."""

from __future__ import annotations

import itertools
import json
import random
import sys
import time
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

import django
from django.conf import settings

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import User  # noqa: E402
from appeals.models import Appeal, Status, Topic  # noqa: E402
from appeals.selectors.queue import Cursor  # noqa: E402
from bench import api_requests, requests  # noqa: E402
from bench.client import Connection, Series, get, measure  # noqa: E402
from organizations.models import Area, Department, Sector  # noqa: E402

SECONDS = 6.0
LONGEST = 120.0
STEPS = 60


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    clients: int
    median: float
    p95: float
    rate: float
    requests: int
    state: str = "measured"  # or why it is not


def sign_in(username: str) -> str:
    user = User.objects.get(username=username)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": way, "at": time.time()} for way in ("password", "code")]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return f"sessionid={session.session_key}"


def rows_of() -> tuple[dict[str, Any], dict[str, str]]:
    """What the requests name: rows chosen by a fixed seed, the cursor of the thousandth page, sessions by role."""
    chance = random.Random(5)
    total = Appeal.objects.count()
    page = min(1000, total // requests.PAGE - 1)
    newest = Appeal.objects.order_by("-received_at", "-id").values_list("received_at", "id")
    last_of_page_before = newest[(page - 1) * requests.PAGE - 1]
    top = Appeal.objects.order_by("-id").values_list("id", flat=True)[0]
    cases = [chance.randint(1, top) for _ in range(300)]
    unit = User.objects.get(username="bench-executor-utilities-1").role_assignments.get().department_id
    claimable = Appeal.objects.filter(department_id=unit, executor=None, status=Status.ASSIGNED, is_confidential=False)
    numbers = list(claimable.order_by("id").values_list("number", flat=True)[:STEPS])
    try:
        filing = reverse("appeals:file")
    except django.urls.NoReverseMatch:
        filing = "/file/"
    rows = {
        "areas": [str(pk) for pk in Area.objects.values_list("id", flat=True)],
        "units": [str(pk) for pk in Department.objects.filter(is_external=False).values_list("id", flat=True)],
        "topics": [str(pk) for pk in Topic.objects.values_list("id", flat=True)],
        "sectors": [str(pk) for pk in Sector.objects.values_list("id", flat=True)],
        "topic_keys": list(Topic.objects.filter(is_active=True).values_list("slug", flat=True)),
        "area_keys": list(Area.objects.filter(is_active=True).values_list("slug", flat=True)),
        "cursor": str(Cursor(*last_of_page_before)),
        "page": page,
        "cases": list(Appeal.objects.filter(pk__in=cases, is_confidential=False).values_list("number", flat=True)),
        "claimable": numbers,
        "steps": len(numbers),
        "filing_path": filing,
        "series": itertools.count(int(time.time()) % 10_000_000 * 10).__next__,
    }
    people = {"inspector": "bench-inspector", "akim": "bench-akim", "executor": "bench-executor-utilities-1"}
    return rows, {name: sign_in(username) for name, username in people.items()}


def figures(address: tuple[str, int], plan: requests.Plan) -> list[Figure]:
    if plan.request is None:
        return [Figure(plan.name, 1, 0, 0, 0, 0, "nothing to ask it with")]
    found = []
    for clients in plan.clients:
        if not plan.most:
            code, _headers, body = Connection(address).ask(plan.request(0))
            if code not in plan.codes:
                words = body[:120].decode("utf-8", "replace").replace("\n", " ")
                return [Figure(plan.name, clients, 0, 0, 0, 0, f"missing: answers {code} {words}")]
        series = measure(
            plan.name,
            address,
            plan.request,
            clients=clients,
            seconds=LONGEST if plan.most else SECONDS,  # a step is done on all its rows, so that the next undoes all
            most=plan.most,
            warm=plan.warm,
        )
        found.append(_figure(series, plan))
    return found


def _figure(series: Series, plan: requests.Plan) -> Figure:
    state = "measured" if series.good(set(plan.codes)) else f"wrong answers: {series.codes}"
    return Figure(
        series.name,
        series.clients,
        round(series.median, 2),
        round(series.quantile(0.95), 2),
        round(series.rate, 1),
        len(series.times),
        state,
    )


def main(host: str, port: str, wanted: str) -> None:
    address = (host, int(port))
    rows, cookies = rows_of()
    found: list[dict[str, Any]] = []
    for plan in requests.plans(rows, cookies) + api_requests.plans(rows):
        if wanted and wanted not in plan.name and not plan.name.startswith("bare"):
            continue
        for figure in figures(address, plan):
            found.append(asdict(figure))
            print(f"    {figure.name:30} {figure.clients} {figure.median:9.2f} ms  p95 {figure.p95:9.2f} ms "
                  f"{figure.rate:9.1f}/s  {figure.state}", file=sys.stderr, flush=True)  # fmt: skip
    memory = dict(Connection(address).ask(get("/bench/warm"))[2].decode().split() for _ in range(12))
    json.dump({"figures": found, "memory_mb": memory, "page": rows["page"]}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:4])
