"""`make fuzz`: Schemathesis with all checks against the real server, with a key of each role.

python -m bench.fuzz                          every role, one minute each (`make fuzz`: ten)
python -m bench.fuzz --seconds 600            ten minutes with each
python -m bench.fuzz --roles inspector,head   some roles
python -m bench.fuzz --operation claimCase    one operation
python -m bench.fuzz --tags statistics --roles nobody,analyst   one part of it, without a key and with one

The server runs on the stand of the bench with 10,000 appeals; what was found is written to var/bench/fuzz/.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from bench import stand
from tools.stack.folders import ROOT, choose_layout
from tools.stack.servers import running

APPEALS = 10_000
NOBODY = "nobody"
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    os.environ["HALYQ_VAR"] = os.environ.get("HALYQ_BENCH_VAR") or str(ROOT / "var" / "bench")
    failed: list[str] = []
    with running(choose_layout()) as services:
        if services.lock is None:
            raise SystemExit("Another bench is running in this folder.")
        place = stand.prepare(services.layout, APPEALS)
        with stand.serving(place, services) as (host, port):
            stand.manage(place, "count_statistics")
            for role, key in keys_of(place, options.roles).items():
                print(f"== {role}", flush=True)
                if _run(f"http://{host}:{port}", key, services.layout.var / "fuzz" / role, options):
                    failed.append(role)
    print(f"Something was found with the keys of: {', '.join(failed)}" if failed else "Nothing was found.")
    return bool(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=60, help="with each key")
    parser.add_argument("--roles", default="", help=f"separated by commas; all when left out, {NOBODY}: without a key")
    parser.add_argument("--tags", default="", help="parts of the document, separated by commas; all when left out")
    parser.add_argument("--operation", default="", help="an operationId")
    parser.add_argument("--examples", type=int, default=10, help="of each operation, before the time is up")
    parser.add_argument("--phases", default="examples,coverage,fuzzing,stateful")
    return parser


def keys_of(place: stand.Stand, wanted: str) -> dict[str, str]:
    """A live key of each role that is wanted; none for nobody."""
    roles = [role for role in wanted.split(",") if role != NOBODY]
    found = {NOBODY: ""} if NOBODY in wanted.split(",") else {}
    if wanted and not roles:
        return found
    ended = subprocess.run(
        [sys.executable, "-m", "bench.fuzz_keys", ",".join(roles)],
        cwd=ROOT,
        env={**os.environ, **place.environment},
        stdout=subprocess.PIPE,
        check=True,
    )
    return found | json.loads(ended.stdout)


def _run(base: str, key: str, reports: Path, options: argparse.Namespace) -> int:
    reports.mkdir(parents=True, exist_ok=True)
    command = [
        str(Path(sys.executable).parent / "st"), "--config-file", str(CONFIGURATION), "--no-color",
        "run", f"{base}/api/v1/openapi.json",
        *(["--header", f"Authorization: Bearer {key}"] if key else []),
        *(part for tag in options.tags.split(",") if tag for part in ("--include-tag", tag)),
        "--phases", options.phases,
        "--max-examples", str(options.examples),
        "--max-time", str(options.seconds),
        "--continue-on-failure",
        "--warnings", "off",
        "--output-truncate", "false",
        "--report", "junit",
        "--report-junit-path", str(reports / "junit.xml"),
    ]  # fmt: skip
    if options.operation:
        command += ["--include-operation-id", options.operation]
    with (reports / "report.txt").open("w", encoding="utf-8") as report:
        ended = subprocess.run(command, cwd=ROOT, stdout=report, stderr=subprocess.STDOUT, check=False)
    print("\n".join((reports / "report.txt").read_text(encoding="utf-8").splitlines()[-25:]), flush=True)
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
