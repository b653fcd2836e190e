"""The stand: the bench's own PostgreSQL and Valkey, a filled database kept between runs, the real servers on top."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tools.stack import postgres, processes
from tools.stack.folders import ROOT, Layout
from tools.stack.servers import Services

FILLED = ("bench/fill.py", "bench/fill.sql", "bench/texts.py")
WEB_PROCESSES = 2


@dataclass(frozen=True)
class Stand:
    """Where the servers of one measurement are."""

    layout: Layout
    database: str
    appeals: int

    @property
    def database_url(self) -> str:
        return f"postgresql://hub@/{self.database}?host={self.layout.run}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "HALYQ_VAR": str(self.layout.var),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.layout.redis_url,
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        }

    def session(self) -> psycopg.Connection:
        return postgres.connect(self.layout, self.database)


def prepare(layout: Layout, appeals: int) -> Stand:
    """A fresh copy of the filled database of this size; filled first when the tables or the filler have changed."""
    template = f"bench_{appeals}_{_digest()}"
    with postgres.connect(layout) as session:
        if not session.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [template]).fetchone():
            _fill(layout, session, template, appeals)
        session.execute("DROP DATABASE IF EXISTS bench_run WITH (FORCE)")
        session.execute(f"CREATE DATABASE bench_run TEMPLATE {template} OWNER hub STRATEGY file_copy")
        session.execute("CHECKPOINT")
    stand = Stand(layout, "bench_run", appeals)
    with stand.session() as session:
        session.execute("CREATE TABLE IF NOT EXISTS bench_insert (id bigserial PRIMARY KEY, at timestamptz, text text)")
        session.execute("GRANT ALL ON bench_insert, bench_insert_id_seq TO hub")
        for table in ("appeals_appeal", "appeals_applicant", "appeals_timer", "appeals_appealevent"):
            session.execute(f"SELECT count(*) FROM {table}")  # what a server that has run for a day has in memory
        session.execute("SELECT count(*) FROM appeals_appeal WHERE length(search::text) > 0")
    return stand


def _fill(layout: Layout, session: psycopg.Connection, template: str, appeals: int) -> None:
    print(f"  Filling {appeals:,} appeals (kept for later runs) ...", flush=True)
    for (old,) in session.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"bench\\_{appeals}\\_%"]
    ).fetchall():
        session.execute(f"ALTER DATABASE {old} IS_TEMPLATE false")
        session.execute(f"DROP DATABASE {old} WITH (FORCE)")
    session.execute(f"CREATE DATABASE {template} OWNER hub")
    stand = Stand(layout, template, appeals)
    for command in (["migrate", "--noinput", "-v0"], ["load_reference"]):
        manage(stand, *command)
    run(stand, "-m", "bench.fill", str(appeals), str(layout.run), template)
    session.execute(f"ALTER DATABASE {template} IS_TEMPLATE true")


def _digest() -> str:
    digest = hashlib.sha256()
    paths = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("platform/*/migrations/*.py"),
        *(ROOT / name for name in FILLED),
    ]
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def manage(stand: Stand, *arguments: str) -> None:
    run(stand, "manage.py", *arguments, quiet=True)


def run(stand: Stand, *arguments: str, quiet: bool = False) -> None:
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **stand.environment},
        stdout=subprocess.PIPE if quiet else None,
        check=False,
    )
    if ended.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{(ended.stdout or b'').decode()[-2000:]}")


@contextmanager
def serving(stand: Stand, services: Services, *, only: Sequence[str] = ()) -> Iterator[tuple[str, int]]:
    """gunicorn with two processes, worker and beat, as `make run` starts them; or only some of them."""
    run(stand, "tools/messages.py", "compile", quiet=True)
    manage(stand, "collectstatic", "--noinput", "-v0")
    _forget_queue(stand)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(512)
    assert services.lock is not None
    descriptors = [services.lock, listener.fileno()]
    children = [
        processes.start(program, descriptors)
        for program in _programs(stand, listener)
        if not only or program.name in only
    ]
    address = listener.getsockname()
    try:
        _wait(address, children[0])
        yield address
    finally:
        for child in children:
            child.stop()
        listener.close()


def _forget_queue(stand: Stand) -> None:
    """What the run before left in the queue and the cache belongs to another database."""
    import redis

    with redis.Redis(unix_socket_path=str(stand.layout.kv_socket)) as store:
        store.flushall()


def _programs(stand: Stand, listener: socket.socket) -> list[processes.Program]:
    scripts, log = Path(sys.executable).parent, stand.layout.log

    def program(name: str, *command: str, nice: int = 0, **more: str) -> processes.Program:
        return processes.Program(
            name=name,
            command=[str(scripts / command[0]), *command[1:]],
            log=log / f"bench-{name}.log",
            environment=stand.environment | more,
            folder=ROOT,
            nice=nice,
        )

    celery = ("celery", "-A", "config")
    schedule = str(stand.layout.run / "bench-beat")
    return [
        program(
            "web", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi",
            WEB_BIND=f"fd://{listener.fileno()}", WEB_PROCESSES=str(WEB_PROCESSES), HALYQ_PROCESS="web",
        ),
        program(
            "worker", *celery, "worker", "-c", "2", "--without-gossip", "--without-mingle", "-l", "warning", nice=10
        ),
        program(
            "beat", *celery, "beat", "-s", schedule, "--pidfile", "", "-l", "warning", nice=5
        ),
    ]  # fmt: skip


def _wait(address: tuple[str, int], web: processes.Child) -> None:
    for _ in range(300):
        if not web.is_alive:
            raise SystemExit(f"The web does not start:\n{processes.last_lines(web.program.log)}")
        try:
            with urllib.request.urlopen(f"http://{address[0]}:{address[1]}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    raise SystemExit(f"The web does not answer; its log is {web.program.log}")
