"""Starts gunicorn with two processes on the servers of the tests, and loads it from many threads at once."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
from django.conf import settings

from tests.crash.stand import ROOT, free_port, wait_for


@dataclass(frozen=True)
class Answer:
    status: int
    process: str


class Server:
    """`with Server(folder, most=...) as server: server.load(...)`."""

    def __init__(self, folder: Path, *, most: int) -> None:
        self.port, self.log = free_port(), folder / "gunicorn.log"
        # One known proxy: the load plays it, so the address it appends is the one to count.
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "HALYQ_VAR": str(settings.VAR),
            "TRUSTED_PROXY_COUNT": "1",
            "LIMITED_MOST": str(most),
        }

    def __enter__(self) -> Server:
        command = [sys.executable, "-m", "gunicorn", "-w", "2", "-k", "sync", "-b", f"127.0.0.1:{self.port}",
                   "--no-control-socket", "tests.common.limited_app:application"]  # fmt: skip
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=out, stderr=out)
        wait_for("gunicorn answers", self._both_answer, tell=self.log.read_text)
        return self

    def __exit__(self, *failure: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def _both_answer(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return len({answer.process for answer in self.load("/ready", times=8)}) == 2
        except httpx.HTTPError:
            return False

    def load(self, path: str, *, times: int, claim: bool = False) -> list[Answer]:
        """Tries of one visitor, eight at once, each over a connection of its own."""

        def once(number: int) -> Answer:
            claimed = f"10.{number // 250}.{number % 250}.1, " if claim else ""
            headers = {"X-Forwarded-For": f"{claimed}203.0.113.7", "Connection": "close"}
            answer = httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=60)
            return Answer(answer.status_code, answer.text)

        with ThreadPoolExecutor(8) as threads:
            return list(threads.map(once, range(times)))
