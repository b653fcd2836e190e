"""Several processes add up, and nothing of an earlier start is counted."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment, metric_files
from monitoring import ended, worker_server
from tests.monitoring.scrape import TOKEN, parse, value


@pytest.fixture(autouse=True)
def the_variable_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(metric_files.VARIABLE, "")
    monkeypatch.delenv(metric_files.VARIABLE)


COUNT = """
from prometheus_client import Counter, Gauge, Histogram
Histogram("halyq_test_seconds", "", ["view"], buckets=(1, 5)).labels("a").observe(3)
counted = Counter("halyq_test_total", "", ["view"])
counted.labels("a").inc()
Gauge("halyq_test_busy", "", multiprocess_mode="livesum").set(1)
"""
READ = """
import sys
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
if len(sys.argv) > 1:
    multiprocess.mark_process_dead(int(sys.argv[1]))
registry = CollectorRegistry()
multiprocess.MultiProcessCollector(registry)
sys.stdout.write(generate_latest(registry).decode())
"""


def run(code: str, folder: Path, *words: str) -> tuple[int, str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env=os.environ | {metric_files.VARIABLE: str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )
    out, _nothing = process.communicate(timeout=60)
    assert process.returncode == 0
    return process.pid, out


def test_counts_of_processes_add_up_and_stay_when_one_has_gone(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setenv("HALYQ_VAR", str(tmp_path))
    folder = metric_files.prepare("web")
    first, _out = run(COUNT, folder)
    run(COUNT, folder)
    found = parse(run(READ, folder)[1])
    assert (value(found, "halyq_test_total", view="a"), value(found, "halyq_test_busy")) == (2, 2)
    found = parse(run(READ, folder, str(first))[1])  # what gunicorn's child_exit does
    assert (value(found, "halyq_test_total", view="a"), value(found, "halyq_test_busy")) == (2, 1)


def test_those_that_ended_leave_one_file_of_each_kind_and_every_count(monkeypatch: Any, tmp_path: Path) -> None:
    """Processes of the web are replaced after so many requests, for months: a scrape reads all that they leave."""
    monkeypatch.setenv("HALYQ_VAR", str(tmp_path))
    folder = metric_files.prepare("web")
    numbers = [run(COUNT, folder)[0] for _ in range(3)]
    for number in numbers[:2]:
        ended.fold(folder, number)
    found = parse(run(READ, folder)[1])
    assert value(found, "halyq_test_total", view="a") == 3
    assert value(found, "halyq_test_seconds_sum", view="a") == 9
    buckets = [value(found, "halyq_test_seconds_bucket", view="a", le=le) for le in ("1.0", "5.0", "+Inf")]
    assert buckets == [0, 3, 3]
    assert value(found, "halyq_test_busy") == 1
    assert sorted(path.name for path in folder.glob("[ch]*.db")) == sorted(
        f"{kind}_{which}.db" for kind in ("counter", "histogram") for which in ("ended", numbers[2])
    )


def test_nothing_moves_while_somebody_reads(tmp_path: Path) -> None:
    with ended.held(tmp_path), (tmp_path / ended.LOCK).open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)  # several may read
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_start_begins_with_an_empty_folder_and_sweeps_those_of_the_dead(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setenv("HALYQ_VAR", str(tmp_path))
    base = tmp_path / "run" / "metrics"
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    dead, alive = base / f"web-{int(ended.stdout)}", base / f"worker-{os.getppid()}"
    for folder in (dead, alive, base / f"web-{os.getpid()}"):
        folder.mkdir(parents=True)
        (folder / "counter_1.db").write_bytes(b"old")
    folder = metric_files.prepare("web")
    assert folder == base / f"web-{os.getpid()}"
    assert not any(folder.iterdir())
    assert not dead.exists()
    assert alive.exists()
    assert os.environ[metric_files.VARIABLE] == str(folder)


def test_a_folder_that_cannot_be_made_does_not_keep_the_hub_from_starting(monkeypatch: Any, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file where a folder should be")
    monkeypatch.setenv("HALYQ_VAR", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert metric_files.prepare("web").is_dir()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["/venv/bin/celery", "-A", "config", "worker", "-c", "2"], True),
        (["/venv/lib/celery/__main__.py", "-A", "config", "worker"], True),
        (["/venv/bin/celery", "-A", "config", "beat"], False),
        (["/venv/bin/celery", "-A", "config", "inspect", "ping", "-d", "celery@worker"], False),
        (["manage.py", "worker"], False),
        ([], False),
    ],
)
def test_only_a_worker_is_a_worker(words: list[str], expected: bool) -> None:
    assert metric_files.is_worker(words) is expected


def test_gunicorn_prepares_before_and_cleans_after(monkeypatch: Any, tmp_path: Path) -> None:
    from types import SimpleNamespace

    from config import gunicorn

    monkeypatch.setenv("HALYQ_VAR", str(tmp_path))
    gunicorn.on_starting(None)
    folder = Path(os.environ[metric_files.VARIABLE])
    (folder / "gauge_livesum_4711.db").write_bytes(b"")
    (folder / "counter_4711.db").write_bytes(b"")  # cut off while it was made: it would keep all from being read
    gunicorn.child_exit(None, SimpleNamespace(pid=4711))
    assert not list(folder.glob("*_4711.db"))


LOAD = """
import sys, threading
from types import SimpleNamespace
from django.core.wsgi import get_wsgi_application
from config import gunicorn
gunicorn.when_ready(SimpleNamespace(app=SimpleNamespace(wsgi=get_wsgi_application)))
from django.core.cache import caches
from django.db import connections
connected = [one.alias for one in connections.all(initialized_only=True) if one.connection is not None]
print(threading.active_count(), connected, "openapi.urls" in sys.modules, "appeals.views" in sys.modules)
"""


def test_what_is_loaded_before_the_processes_are_made_opens_nothing_that_they_would_share(tmp_path: Path) -> None:
    assert run(LOAD, tmp_path)[1] == "1 [] True True\n"


def test_a_worker_answers_at_its_own_address(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    server = worker_server.serve("127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{server.server_port}/metrics"
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(url, timeout=10)
        asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(asked, timeout=10) as found:
            assert "halyq_tasks_total" in found.read().decode()
    finally:
        server.shutdown()
        server.server_close()


def test_a_taken_port_does_not_stop_a_worker(settings: Any) -> None:
    server = worker_server.serve("127.0.0.1", 0)
    settings.WORKER_METRICS_BIND = f"127.0.0.1:{server.server_port}"
    try:
        worker_server.serve_worker()
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("networks", "bind"),
    [(["10.0.0.0/33"], ""), (["prometheus"], ""), ([], "9101"), ([], "host:port"), ([], "::1:9101")],
)
def test_a_setting_that_is_none_stops_the_start(networks: list[str], bind: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HALYQ_"):
        environment.check_metrics(networks, bind)


@pytest.mark.parametrize("bind", ["", "0.0.0.0:9101", ":9101", "[::1]:9101", "worker:9101"])
def test_addresses_of_a_worker(bind: str) -> None:
    environment.check_metrics(["10.0.0.0/8", "127.0.0.1", "::1"], bind)
