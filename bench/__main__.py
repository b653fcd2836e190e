"""`make bench`: fill, start the real servers, measure, print the table and write it to bench/results/.

python -m bench                        10,000 and 1,000,000 appeals, everything
python -m bench --sizes 10000          one size
python -m bench --only queue           only what has the word in its name
python -m bench --import-time          how long the web process takes to import, and its memory
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import report, stand
from tools.stack.folders import ROOT, choose_layout
from tools.stack.servers import running


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    os.environ["HALYQ_VAR"] = os.environ.get("HALYQ_BENCH_VAR") or str(ROOT / "var" / "bench")
    if options.import_time:
        return _import_time()
    sizes = [int(size.replace(",", "")) for size in options.sizes.split(",")]
    measured: dict[int, Any] = {}
    with running(choose_layout()) as services:
        if services.lock is None:
            raise SystemExit("Another bench is running in this folder.")
        for size in sizes:
            print(f"{size:,} appeals", flush=True)
            place = stand.prepare(services.layout, size)
            with stand.serving(place, services) as (host, port):
                measured[size] = _measure(place, host, port, options.only)
    for path in report.write(measured, partial=bool(options.only)):
        print(f"\nwritten: {path.relative_to(ROOT)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,1000000")
    parser.add_argument("--only", default="", help="a word in the names of what is measured")
    parser.add_argument("--import-time", action="store_true")
    return parser


def _measure(place: stand.Stand, host: str, port: int, only: str) -> Any:
    ended = subprocess.run(
        [sys.executable, "-m", "bench.measure", host, str(port), only],
        cwd=ROOT,
        env={**os.environ, **place.environment},
        stdout=subprocess.PIPE,
        check=False,
    )
    if ended.returncode:
        raise SystemExit("The measurement broke off.")
    return json.loads(ended.stdout)


def _import_time() -> int:
    code = (
        "import time; began = time.perf_counter(); import config.wsgi; taken = time.perf_counter() - began;"
        "size = [line for line in open('/proc/self/status') if line.startswith('VmRSS')][0].split()[1];"
        "print(f'import of the web process: {taken:.2f} s, {int(size) / 1024:.0f} MB')"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{Path(ROOT) / 'platform'}"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
