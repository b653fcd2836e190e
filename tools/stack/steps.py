"""What has to be ready before the web starts; a step whose inputs have not changed is skipped."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.stack import processes
from tools.stack.folders import ROOT

COMMANDS = (
    "load_reference", "make_demo", "make_demo_ratings", "count_statistics", "order_statistics", "demo_accounts",
)  # fmt: skip
DATABASE_STEPS = ("migrate", *COMMANDS)
SOURCES = ("platform", "appeals", "petitions", "reports", "openapi")
LABEL_WIDTH = 30
ACCOUNTS_FILE = "demo-accounts.txt"


@contextmanager
def progress(label: str) -> Iterator[None]:
    """One line: what begins, and behind it how long it took."""
    print(f"  {label:<{LABEL_WIDTH}}", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)  # what is said of the failure has a line of its own
        raise
    again = f"\r\x1b[K  {label:<{LABEL_WIDTH}}" if sys.stdout.isatty() else ""  # a bar may have been drawn over it
    print(f"{again}{time.monotonic() - began:6.1f} s", flush=True)


@dataclass
class Steps:
    """The preparations of one folder and database."""

    var: Path
    environment: Mapping[str, str]
    identity: str  # of the database: steps done for another one do not count

    def run_all(self) -> None:
        code = list(source_files(".py", ".json", ".csv"))
        self._step("messages", "Translations", source_files(".po"), self._compile_messages)
        self._step("static", "Static files", static_files(), lambda: self._manage("collectstatic", "--noinput"))
        migrations = [path for path in code if path.parent.name == "migrations"]
        self._step("migrate", "Database tables", migrations, lambda: self._manage("migrate", "--noinput"))
        self._step("load_reference", "Reference data", code, lambda: self._manage("load_reference"))
        if self._everything.get("HALYQ_DEMO", "1") != "0":
            self._step("make_demo", "Demo city, invented", [], lambda: self._manage("make_demo"))
            self._step("make_demo_ratings", "Demo ratings", [], lambda: self._manage("make_demo_ratings"))
            self._step("count_statistics", "Statistics of the demo city", [], lambda: self._manage("count_statistics"))
            self._step("order_statistics", "Orders to the worker", [], lambda: self._manage("order_statistics"))
            self._step("demo_accounts", "Demo accounts", code, self._list_accounts, self._everything.get("PUBLIC_URL"))

    def accounts(self) -> str:
        try:
            return (self.var / ACCOUNTS_FILE).read_text()
        except FileNotFoundError:
            return ""

    def _step(
        self, name: str, label: str, inputs: Iterable[Path], work: Callable[[], None], also: str | None = None
    ) -> None:
        """`also` is an input that is no file."""
        digest = _digest(list(inputs), f"{self.identity if name in DATABASE_STEPS else ''} {also or ''}")
        done = self._done()
        if done.get(name) == digest or (name in COMMANDS and not is_known(name)):
            return
        with progress(label):
            work()
        unfinished = self._stamps.with_suffix(".part")
        unfinished.write_text(json.dumps(done | {name: digest}, indent=1))
        unfinished.replace(self._stamps)

    @property
    def _everything(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    @property
    def _stamps(self) -> Path:
        return stamps(self.var)

    def _done(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._stamps.read_text()))
        except (OSError, ValueError):
            return {}

    def _manage(self, *arguments: str) -> None:
        self._call([sys.executable, "manage.py", *arguments])

    def _compile_messages(self) -> None:
        self._call([sys.executable, "tools/messages.py", "compile"])

    def _call(self, command: list[str]) -> None:
        """What a step says goes to a log; on a terminal its progress bar is seen, for it is drawn on standard error."""
        log = self.var / "log" / "prepare.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as output:
            print(f"$ {' '.join(command[1:])}", file=output, flush=True)
            errors = None if sys.stderr.isatty() else output
            ended = subprocess.run(
                command, cwd=ROOT, env=self._everything, stdout=output, stderr=errors,
                preexec_fn=processes.die_with_parent(), check=False,
            )  # fmt: skip
        if ended.returncode:
            raise SystemExit(
                f"{' '.join(command[1:])} failed ({ended.returncode}); its log is {log}:\n{processes.last_lines(log)}"
            )

    def _list_accounts(self) -> None:
        command = [sys.executable, "manage.py", "demo_accounts"]
        table = subprocess.run(command, cwd=ROOT, env=self._everything, stdout=subprocess.PIPE, text=True, check=True)
        (self.var / ACCOUNTS_FILE).write_text(table.stdout)


def stamps(var: Path) -> Path:
    return var / "steps-done.json"


def is_known(command: str) -> bool:
    """Look for the file: asking Django would cost a second."""
    pattern = f"management/commands/{command}.py"
    return any([*ROOT.glob(f"*/{pattern}"), *ROOT.glob(f"platform/*/{pattern}")])


def source_files(*endings: str) -> Iterator[Path]:
    for top in SOURCES:
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in endings and "static" not in path.parts:
                yield path


def static_files() -> Iterator[Path]:
    yield ROOT / "requirements" / "runtime.lock"  # the admin's files come with Django
    for top in SOURCES:
        for folder in sorted((ROOT / top).glob("**/static")):
            yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(inputs: Iterable[Path], identity: str) -> str:
    digest = hashlib.sha256(f"{ROOT} {identity}".encode())
    for path in inputs:
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
