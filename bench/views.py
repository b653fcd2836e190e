"""What the machine can do at best: a bare view and a bare insert, and the intake without a web form around it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

COUNTER = itertools.count()
TABLE = "bench_insert"


class CalibrationMiddleware:
    """Answers the calibration addresses before any other middleware has spent a microsecond."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/bench/bare":
            return HttpResponse("ok")
        if request.path == "/bench/insert":
            return bare_insert()
        if request.path == "/bench/figures":
            return figures()
        return self.get_response(request)


def figures() -> HttpResponse:
    """What Prometheus is told when every figure is read anew; /metrics gives most of them out several times."""
    from monitoring import exposition, reading

    reading.forget()
    return HttpResponse(exposition.text(), content_type=exposition.CONTENT_TYPE)


def bare_insert() -> HttpResponse:
    """One durable row, with the pool of the real server."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} (at, text) VALUES (now(), %s)", ["one line of text, as short as a title"])
    return HttpResponse("ok")


@csrf_exempt
def intake_view(request: HttpRequest) -> HttpResponse:
    """An appeal through `intake.submit_appeal`, as a channel adapter would call it."""
    from appeals import intake
    from appeals.models import Channel

    number = f"bench-{os.getpid()}-{timezone.now().timestamp()}-{next(COUNTER)}"
    incoming = intake.IncomingAppeal(
        channel=Channel.MOBILE,
        external_id=number,
        text=request.POST["text"],
        received_at=timezone.now(),
        language="kk",
        topic_id=int(request.POST["topic"]) or None,
        area_id=int(request.POST["area"]) or None,
        applicant=intake.IncomingApplicant(full_name="Сынақ Тұрғын", phone="+77010000001"),
    )
    return HttpResponse(intake.submit_appeal(incoming).appeal.number)


def warm(request: HttpRequest) -> HttpResponse:
    """How much memory this process holds, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    size = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return HttpResponse(f"{os.getpid()} {size / 1024:.0f}")
