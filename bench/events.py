"""What events cost a filing: with the feed and without, with webhooks and without; and how soon they arrive.

python -m bench.events                   300 filings of each kind
python -m bench.events --filings 60      a quick look

The kinds take turns in rounds, so that whatever else the machine does meets all of them alike; the measure is the
ratio to a bare insert of the same run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from bench import stand
from tools.stack.folders import ROOT, choose_layout
from tools.stack.servers import running

APPEALS = 10_000


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.events", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--filings", type=int, default=300)
    parser.add_argument("--appeals", type=int, default=APPEALS)
    options = parser.parse_args(arguments)
    os.environ["HALYQ_VAR"] = os.environ.get("HALYQ_BENCH_VAR") or str(ROOT / "var" / "bench")
    with running(choose_layout()) as services:
        if services.lock is None:
            raise SystemExit("Another bench is running in this folder.")
        place = stand.prepare(services.layout, options.appeals)
        with stand.serving(place, services) as (host, port):
            ended = subprocess.run(
                [sys.executable, "-m", "bench.events_measure", host, str(port), str(options.filings)],
                cwd=ROOT,
                env={**os.environ, **place.environment},
                check=False,
            )
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
