"""What gunicorn serves in the test of limits: each try is counted, in the shared cache or in this process alone."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import django

django.setup()

from django.core.handlers.wsgi import WSGIRequest  # noqa: E402

from common import limits  # noqa: E402
from common.errors import RateLimited  # noqa: E402

MOST = int(os.environ["LIMITED_MOST"])
own: Counter[str] = Counter()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    who = limits.network_of(WSGIRequest(environ))
    try:
        if path == "/own":
            own[who] += 1
            if own[who] > MOST:
                raise RateLimited
        else:
            limits.count(f"test{path}", who, limit=MOST, seconds=600)
        status = "200 OK"
    except RateLimited:
        status = "429 Too Many Requests"
    body = str(os.getpid()).encode()
    start_response(status, [("Content-Length", str(len(body))), ("Content-Type", "text/plain")])
    return [body]
