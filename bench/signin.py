"""Does the clock tell who has an account? The real server is asked in pairs, in changing order, from new addresses.

python -m bench.signin                 all pairs, 120 questions to each side
python -m bench.signin --questions 40  a quick look
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from bench import stand
from tools.stack.folders import ROOT, choose_layout
from tools.stack.postgres import connect
from tools.stack.servers import Services, running

DATABASE = "bench_signin"


class Stand(stand.Stand):
    """The servers of this bench: as those of the others, with a database and settings of its own."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"DJANGO_SETTINGS_MODULE": "bench.signin_settings"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.signin", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=120)
    questions = parser.parse_args(arguments).questions
    os.environ["HALYQ_VAR"] = os.environ.get("HALYQ_BENCH_VAR") or str(ROOT / "var" / "bench")
    with running(choose_layout()) as services:
        place = prepare(services)
        with stand.serving(place, services, only=("web",)) as (host, port):
            ended = subprocess.run(
                [sys.executable, "-m", "bench.signin_measure", host, str(port), str(questions)],
                cwd=ROOT,
                env={**os.environ, **place.environment},
                check=False,
            )
    return ended.returncode


def prepare(services: Services) -> Stand:
    """A new hub with its reference data and no accounts."""
    place = Stand(services.layout, DATABASE, 0)
    with connect(services.layout) as session:
        session.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        session.execute(f"CREATE DATABASE {DATABASE} OWNER hub")
    stand.manage(place, "migrate", "--noinput", "-v0")
    stand.manage(place, "load_reference")
    return place


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
