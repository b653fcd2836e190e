"""A real stack in a folder of its own: start it, find its processes, kill them, see that none stays."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import redis
from celery import Celery

from config import environment
from tests.tools.test_stack_survives import processes_of
from tools.stack import processes
from tools.stack.folders import Layout

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # a busy machine is slow, not broken
ROUNDS = int(os.environ.get("HALYQ_CRASH_ROUNDS", "1"))  # how long everything is shot at
# Names of an installation's own settings: none of them may reach the stack of a test.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "HALYQ_", "DJANGO_", "MEDIA_ROOT", "STATIC_ROOT", "PYTEST", "TEST_", "WEB_")
SECRET = "crash-secret_1"
# What has been accepted and still waits for a worker; one statement, so that nothing hides between two of them.
WAITING = """
    SELECT (SELECT count(*) FROM appeals_appealevent WHERE reacted_at IS NULL),
           (SELECT count(*) FROM appeals_waitingtask),
           (SELECT count(*) FROM appeals_rawdelivery WHERE status = 'waiting'),
           (SELECT count(*) FROM notifications_notification WHERE status = 'waiting')
"""
SWEEPS = (
    "appeals.reactions.drain_outbox",
    "appeals.reactions.hand_on_again",
    "appeals.tasks.process_waiting_deliveries",
    "notifications.tasks.send_due_notifications",
)
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # a client of httpx reads all authorities anew unless it is given one


def wait_for(what: str, check: Callable[[], Any], *, tell: Callable[[], str] = str) -> Any:
    """What `check` finds; `tell` adds to the complaint when it never finds anything."""
    deadline = time.monotonic() + PATIENCE
    while not (found := check()):
        assert time.monotonic() < deadline, f"waited in vain: {what}\n{tell()}"
        time.sleep(0.1)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return 0


def environment_of(var: Path) -> dict[str, str]:
    """Without what an installation around us has set for itself."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return own | {
        "HALYQ_VAR": str(var),
        "HALYQ_DEMO": "0",
        "HALYQ_PRIORITIES": "0",  # other tests share the machine; behind them a worker would not even start
        "HALYQ_FILING_LIMIT": "1000000",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
    }


class Stand:
    """`tools.stack up` with the transports pointed at stand-ins of the providers."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.var, self.port = var, free_port()
        self.layout = Layout(var=var, account=None)
        self.environment = environment_of(var) | {"HALYQ_PORT": str(self.port), **settings}
        self.starts = 0
        self.supervisor: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.starts += 1
        output = self.var / f"output-{self.starts}.txt"
        with output.open("wb") as out:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "tools.stack", "up"],
                cwd=ROOT,
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        ended = self.supervisor.poll
        wait_for("the stack starts", lambda: "is ready after" in output.read_text() or ended() is not None)
        assert ended() is None, output.read_text()

    def inside(self, command: str) -> dict[str, Any]:
        """Run one of tests.crash.inside with the settings of this stack; its answer."""
        ran = subprocess.run(
            [sys.executable, "-m", "tests.crash.inside", command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-4000:]
        return dict(json.loads(ran.stdout.splitlines()[-1]))

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=5, verify=NO_TLS).status_code == 200
        except httpx.HTTPError:
            return False

    def database(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.environment.get("DATABASE_URL", self.layout.database_url), autocommit=True)

    def key_value(self) -> redis.Redis:
        path = self.environment.get("REDIS_URL", self.layout.redis_url).removeprefix("unix://").partition("?")[0]
        return redis.Redis(unix_socket_path=path)

    def last_words(self) -> str:
        """The ends of the logs, for the complaint of a test."""
        logs = [
            self.var / f"output-{self.starts}.txt",
            *(self.layout.log / f"{name}.log" for name in ("web", "worker")),
        ]
        return "\n".join(f"--- {log.name}\n{processes.last_lines(log, 40)}" for log in logs)

    # Processes

    def all(self) -> list[int]:
        return processes_of(self.var)

    def of(self, role: str) -> list[int]:
        """Living processes by what they do: web, web-worker, worker, worker-child, beat."""
        words, _dash, part = role.partition("-")
        marks = {"web": "config.wsgi", "worker": "-A config worker", "beat": "-A config beat"}
        masters = [pid for pid in self._children(self._pid()) if marks[words] in command_of(pid)]
        return [child for pid in masters for child in self._children(pid)] if part else masters

    def _pid(self) -> int:
        return self.supervisor.pid if self.supervisor else 0

    def _children(self, parent: int) -> list[int]:
        return [pid for pid in self.all() if parent_of(pid) == parent]

    def kill(self, role: str, chance: random.Random) -> None:
        """In the middle of the work: something waits, or is being done."""
        victims = wait_for(f"a process of {role}", lambda: self.of(role))
        wait_for("something to do", lambda: any(self.waiting()))
        os.kill(chance.choice(victims), signal.SIGKILL)

    def kill_supervisor(self) -> None:
        assert self.supervisor is not None
        self.supervisor.kill()
        self.supervisor.wait()
        wait_for("everything is gone with its supervisor", lambda: not self.all())

    def stop(self) -> int:
        assert self.supervisor is not None
        self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait(PATIENCE)

    def sweep_away(self) -> None:
        """The end of a test, however it ended."""
        for pid in self.all():
            if processes.state_of(pid) not in {"", "Z"}:
                os.kill(pid, signal.SIGKILL)
        if self.supervisor is not None:
            self.supervisor.wait(30)

    # Time

    def waiting(self) -> tuple[int, ...]:
        """How many events, tasks, deliveries and notifications wait. Nobody is started for the answer: what asks takes
        the processor from the workers that are waited for."""
        with self.database() as session:
            row = session.execute(WAITING).fetchone()
        assert row is not None
        return tuple(row)

    def let_leases_end(self) -> None:
        """What a dead process had taken is free again after a quarter of an hour; here the quarter is over now."""
        with self.database() as session:
            for table in ("notifications_notification", "appeals_rawdelivery"):
                session.execute(f"UPDATE {table} SET next_try_at = now() WHERE status = 'waiting'")
            session.execute("UPDATE appeals_waitingtask SET next_try_at = now()")
        with self.key_value() as queue:
            for index in queue.keys("*unacked_index"):
                for member in queue.zrange(index, 0, -1):
                    queue.zadd(index, {member: 1})
        self.sweep_now()

    def sweep_now(self) -> None:
        """What beat asks for every half minute, now."""
        broker = environment.broker(self.environment.get("REDIS_URL", self.layout.redis_url), 0)
        with Celery(broker=broker, set_as_current=False) as queue:
            queue.conf.broker_transport_options = {"global_keyprefix": "hub:"}
            for task in SWEEPS:
                queue.send_task(task)
