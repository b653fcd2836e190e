"""Where a stack keeps its files, and whether the account of PostgreSQL can get there."""

import hashlib
import importlib.util
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATABASE_ACCOUNT = "nobody"  # PostgreSQL refuses to run as root
LONGEST_SOCKET_PATH = 107  # bytes, a limit of the kernel
DATABASE_SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Layout:
    """The folders of one stack; `account` is who PostgreSQL runs as, None for whoever starts it."""

    var: Path
    account: str | None

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def data(self) -> Path:
        return self.var / "pg" / "data"

    @property
    def kv(self) -> Path:
        return self.var / "kv"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def kv_socket(self) -> Path:
        return self.run / "kv.sock"

    @property
    def database_url(self) -> str:
        return f"postgresql://hub@/hub?host={self.run}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.kv_socket}"

    def make_folders(self) -> None:
        """Make what is missing; PostgreSQL's own folders belong to its account."""
        socket = self.run / f"{DATABASE_SOCKET}.lock"
        if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:
            raise SystemExit(
                f"The folder {self.var} is too deep: a socket's path may have {LONGEST_SOCKET_PATH} bytes "
                f"and would have {len(os.fsencode(socket))}. Set HALYQ_VAR to a shorter path."
            )
        for folder in (self.var, self.run, self.data.parent, self.kv, self.log):
            folder.mkdir(parents=True, exist_ok=True)
        if self.account:
            entry = pwd.getpwnam(self.account)
            for folder in (self.run, self.data.parent):
                os.chown(folder, entry.pw_uid, entry.pw_gid)


def choose_layout(name: str = "") -> Layout:
    """The stack of HALYQ_VAR, else of <root>/var; `name` is a folder in it, for a second stack beside the first."""
    account = DATABASE_ACCOUNT if os.geteuid() == 0 else None
    wanted = Path(os.environ.get("HALYQ_VAR") or ROOT / "var").absolute()
    wanted.mkdir(parents=True, exist_ok=True)
    var = wanted.resolve()
    if account and not can_enter(var, account):
        var = _fall_back(wanted)
    return Layout(var=var / name if name else var, account=account)


def package_folder(name: str) -> Path:
    """Where a package of programs lies; it is not imported, since only its files are wanted."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.origin:
        raise SystemExit(f"The package {name} is not installed; run `make setup`.")
    return Path(spec.origin).parent


def can_enter(folder: Path, account: str) -> bool:
    """Ask the kernel rather than guess from the modes: change into the folder as that account."""
    entry = pwd.getpwnam(account)
    answer = subprocess.run(
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
        cwd="/",
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return answer.returncode == 0


def _fall_back(wanted: Path) -> Path:
    """Under root in a closed home: keep the data in /var/tmp and leave a link to it where it was expected."""
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    var = Path("/var/tmp") / f"halyq-{digest}"
    var.mkdir(mode=0o755, exist_ok=True)
    found = var.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise SystemExit(f"{var} exists and does not belong to root alone. Set HALYQ_VAR to a folder of your own.")
    if not any(wanted.iterdir()):
        wanted.rmdir()
        wanted.symlink_to(var)
        print(f"The account {DATABASE_ACCOUNT} of PostgreSQL cannot enter {wanted}; the data is kept in {var}.")
        return var
    raise SystemExit(
        f"The account {DATABASE_ACCOUNT} of PostgreSQL cannot enter {wanted}, and it is not empty. "
        f"Move it to {var} and put a link in its place, or set HALYQ_VAR."
    )
