"""A real stack is started, killed and started again: nothing is lost and nothing is left running."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest
import redis

from tools.stack import backup, processes
from tools.stack.folders import Layout, choose_layout
from tools.stack.servers import running

pytestmark = pytest.mark.slow_stack
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180  # seconds; only a start that hangs waits so long


@pytest.fixture
def var(monkeypatch):
    """A short path that PostgreSQL's account can enter; whatever still runs there is killed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="halyq-test-"))
    folder.chmod(0o755)
    for name in ("DATABASE_URL", "REDIS_URL", "HALYQ_PORT", "DJANGO_SETTINGS_MODULE", "MEDIA_ROOT", "STATIC_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HALYQ_VAR", str(folder))
    monkeypatch.setenv("HALYQ_DEMO", "0")
    yield folder
    for pid in processes_of(folder):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder)


def processes_of(var):
    """Every living process of this folder, whoever its parent is by now.

    PostgreSQL and Valkey write their titles over their environment, but they work in the folder.
    """
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            folder = str((entry / "cwd").readlink())
            belongs = str(var) in folder or f"HALYQ_VAR={var}".encode() in (entry / "environ").read_bytes()
        except OSError:
            continue
        if belongs and processes.state_of(int(entry.name)) not in {"", "Z"}:
            found.append(int(entry.name))
    return found


class Stack:
    def __init__(self, var):
        self.layout = Layout(var=var, account=None)
        self.output = var / "output.txt"
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tools.stack", "up"], cwd=ROOT, stdout=out, stderr=out, start_new_session=True
            )
        wait_for(lambda: self.said("is ready after") or self.process.poll() is not None)
        assert self.process.poll() is None, self.output.read_text()

    def said(self, words):
        return words in self.output.read_text()

    def answers(self):
        address = re.search(r"http://\S+", self.output.read_text())[0]
        try:
            with urllib.request.urlopen(f"{address}readyz", timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False

    def database(self):
        return psycopg.connect(self.layout.database_url, autocommit=True)

    def key_value(self):
        return redis.Redis(unix_socket_path=str(self.layout.kv_socket))

    def pid_of(self, words):
        for pid in processes_of(self.layout.var):
            if words in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode():
                return pid
        raise AssertionError(f"no process of {words}")


def wait_for(check):
    deadline = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def test_nothing_is_lost_and_nothing_stays_whatever_is_killed(var):
    stack = Stack(var)
    assert stack.answers()
    with stack.database() as session, stack.key_value() as store:
        session.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
        store.set("kept", 1)

    os.kill(stack.pid_of("config.wsgi"), signal.SIGKILL)
    wait_for(lambda: stack.said("web died; it is started again"))
    wait_for(stack.answers)

    stack.process.kill()
    stack.process.wait()
    wait_for(lambda: not processes_of(var))

    stack = Stack(var)
    with stack.database() as session, stack.key_value() as store:
        assert session.execute("SELECT n FROM kept").fetchall() == [(1,)]
        assert store.get("kept") == b"1"
        session.execute("INSERT INTO kept VALUES (2)")
        store.set("kept", 2)
    for pid in processes_of(var):
        with contextlib.suppress(ProcessLookupError):  # a child goes with its parent
            os.kill(pid, signal.SIGKILL)
    stack.process.wait()

    stack = Stack(var)  # at once: what the dead ones left on the disk must not be trusted
    with stack.database() as session, stack.key_value() as store:
        assert session.execute("SELECT n FROM kept ORDER BY n").fetchall() == [(1,), (2,)]
        assert store.get("kept") == b"2"
    assert stack.answers()

    os.kill(stack.pid_of("valkey-server"), signal.SIGKILL)
    assert stack.process.wait(PATIENCE) == 1
    assert stack.said("valkey died; stopping everything")
    assert not processes_of(var)


def test_a_stack_stops_cleanly_when_asked_and_is_found_by_other_commands(var):
    stack = Stack(var)
    second = subprocess.run(
        [sys.executable, "-m", "tools.stack", "up"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert second.returncode == 1
    assert "is running already: http://" in second.stderr
    beside = subprocess.run(
        [sys.executable, "-m", "tools.stack", "services", "--", "sh", "-c", "echo $DATABASE_URL; exit 7"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (beside.returncode, beside.stdout.strip()) == (7, stack.layout.database_url)
    assert stack.answers()

    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(PATIENCE) == 0
    assert stack.said("Stopped.")
    assert not processes_of(var)


def test_a_backup_brings_back_rows_and_files(var):
    layout = choose_layout()
    upload = layout.var / "media" / "a" / "photo.jpg"
    with running(layout), psycopg.connect(layout.database_url, autocommit=True) as session:
        session.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('әріп')")
        upload.parent.mkdir(parents=True)
        upload.write_bytes(b"photo")
        backup.backup(layout, var / "hub.backup")
        session.execute("UPDATE kept SET word = 'lost'")
    upload.unlink()
    (upload.parent / "later.jpg").write_bytes(b"later")

    backup.restore(layout, var / "hub.backup")
    with running(layout), psycopg.connect(layout.database_url) as session:
        assert session.execute(
            "SELECT word, pg_get_userbyid(relowner) FROM kept, pg_class WHERE relname = 'kept'"
        ).fetchall() == [("әріп", "hub")]
    assert upload.read_bytes() == b"photo"
    assert not (upload.parent / "later.jpg").exists()


def test_a_broken_backup_changes_nothing(var):
    layout = choose_layout()
    with running(layout), psycopg.connect(layout.database_url, autocommit=True) as session:
        session.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
        backup.backup(layout, var / "hub.backup")
    content = bytearray((var / "hub.backup").read_bytes())
    begin = content.index(b"PGDMP")
    content[begin : begin + 64] = bytes(64)
    (var / "hub.backup").write_bytes(content)
    with pytest.raises(SystemExit, match="as it was"):
        backup.restore(layout, var / "hub.backup")
    with running(layout), psycopg.connect(layout.database_url) as session:
        assert session.execute("SELECT n FROM kept").fetchall() == [(1,)]
