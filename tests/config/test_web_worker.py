"""Connections that come at once are shared by the web processes."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROCESSES, THREADS = 2, 2
WORKER = "config.web_worker.SharingWorker"


def test_a_process_whose_threads_all_work_leaves_the_next_connection_to_another(tmp_path: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    command = [
        sys.executable, "-m", "gunicorn", "-b", f"fd://{listener.fileno()}", "-w", str(PROCESSES),
        "--threads", str(THREADS), "-k", WORKER, "--no-control-socket", "tests.config.meeting_app",
    ]  # fmt: skip
    place = {"MEETING_PLACE": str(tmp_path), "MEETING_SIZE": str(PROCESSES * THREADS)}
    server = subprocess.Popen(
        command, env={**os.environ, **place}, pass_fds=[listener.fileno()], stderr=subprocess.PIPE
    )
    try:
        with ThreadPoolExecutor(PROCESSES * THREADS) as clients:
            answers = list(clients.map(_ask, [listener.getsockname()] * PROCESSES * THREADS))
    finally:
        server.terminate()
        server.communicate(timeout=20)
        listener.close()
    assert [met for _process, met in answers] == [PROCESSES * THREADS] * len(answers), "all were under way at once"
    assert sorted(Counter(process for process, _met in answers).values()) == [THREADS] * PROCESSES


def _ask(address: tuple[str, int]) -> tuple[int, int]:
    """Which process answered, and how many requests it had seen under way."""
    connection = http.client.HTTPConnection(*address, timeout=60)
    connection.request("GET", "/")
    process, met = connection.getresponse().read().split()
    connection.close()
    return int(process), int(met)
