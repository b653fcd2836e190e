"""`python -m tools.stack`: up, prepare, services, db, backup, restore."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from tools.stack import backup, postgres, supervisor
from tools.stack.folders import ROOT, Layout, choose_layout
from tools.stack.servers import running
from tools.stack.steps import Steps


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if not sys.platform.startswith("linux"):
        raise SystemExit("The local servers need Linux; elsewhere use Docker: deploy/env.example, docker-compose.yml.")
    layout = choose_layout()
    if options.command == "up":
        return supervisor.up(layout)
    if options.command == "backup":
        backup.backup(layout, options.file)
    elif options.command == "restore":
        backup.restore(layout, options.file)
    elif options.command == "prepare":
        _prepare(layout)
    elif options.command == "db":
        return _open_database(layout)
    else:
        return _run_beside_services(layout, options.words)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything and keep it running")
    commands.add_parser("prepare", help="make everything ready that `up` needs, and start nothing")
    services = commands.add_parser("services", help="run a command beside PostgreSQL and Valkey: services -- COMMAND")
    services.add_argument("words", nargs="+", metavar="COMMAND")
    commands.add_parser("db", help="open psql on the local database")
    for name in ("backup", "restore"):
        command = commands.add_parser(name, help=f"{name} the database and the uploads")
        command.add_argument("file", type=Path)
    return parser


def _prepare(layout: Layout) -> None:
    with running(layout) as services:
        Steps(layout.var, services.environment, services.identity).run_all()


def _run_beside_services(layout: Layout, words: list[str]) -> int:
    """Ctrl-C is for the command; the servers are stopped after it has ended."""
    with running(layout) as services:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        process = subprocess.Popen(
            words,
            env={**os.environ, **services.environment},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
        )
        signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
        code = process.wait()
        signal.signal(signal.SIGINT, before)
        return code


def _open_database(layout: Layout) -> int:
    with running(layout) as services:
        return subprocess.run(
            [postgres.programs(layout) / "psql", services.database_url], cwd=ROOT, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
