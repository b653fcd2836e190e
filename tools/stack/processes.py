"""Starting and stopping children so that none outlives its supervisor."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
LARGEST_LOG = 20 * 1024 * 1024


@dataclass(frozen=True)
class Program:
    """How one child is started and stopped."""

    name: str
    command: Sequence[str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 15.0
    account: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    nice: int = 0


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes]
    descriptors: tuple[int, ...]  # it inherited these, and so will the one that takes its place

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """Ask, wait for the grace, then kill the whole group; what the group left behind goes too."""
        if self.is_alive:
            self.process.send_signal(self.program.stop_signal)
            try:
                self.process.wait(self.program.grace)
            except subprocess.TimeoutExpired:
                print(f"{self.program.name} did not stop within {self.program.grace:.0f} s and is killed.", flush=True)
        self.kill_group()
        self.process.wait()

    def kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def start(program: Program, pass_fds: Sequence[int]) -> Child:
    """Start in a session of its own; the kernel sends the stop signal if this process dies first."""
    entry = pwd.getpwnam(program.account) if program.account else None
    _rotate(program.log)
    with program.log.open("ab") as out:
        process = subprocess.Popen(
            [str(part) for part in program.command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(pass_fds),
            preexec_fn=die_with_parent(program.stop_signal, program.nice),
            env={**os.environ, **program.environment},
            cwd="/" if entry else program.folder,
            user=entry.pw_uid if entry else None,
            group=entry.pw_gid if entry else None,
            extra_groups=[] if entry else None,
        )
    return Child(program, process, tuple(pass_fds))


def die_with_parent(stop_signal: signal.Signals = signal.SIGTERM, nice: int = 0) -> Callable[[], None]:
    """What a child does before it becomes its program: ask the kernel for this signal when the parent is gone."""
    parent = os.getpid()

    def before_exec() -> None:  # runs after a change of account, so the death signal is kept
        LIBC.prctl(PR_SET_PDEATHSIG, stop_signal, 0, 0, 0)
        if nice:
            os.nice(nice)
            _set_session_nice(nice)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def _set_session_nice(nice: int) -> None:
    """Kernels that share the processor out by session (sched_autogroup) look at the niceness of the session alone."""
    for _attempt in range(3):
        try:
            Path("/proc/self/autogroup").write_text(str(nice), encoding="ascii")
        except BlockingIOError:  # others may set it ten times a second, all together
            time.sleep(0.11)
        except OSError:  # a kernel without such groups
            return
        else:
            return


def state_of(pid: int) -> str:
    """The kernel's letter for a process (Z: dead, not yet collected), empty when there is none."""
    return _statistics(pid)[0]


def start_of(pid: int) -> str:
    """When a process started, in the kernel's own count: with the number it names a process for good."""
    return _statistics(pid)[19]


def _statistics(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return [""] * 20


def wait_until(check: Callable[[], bool], seconds: float, failure: str) -> None:
    """Ask `check()` every 50 ms until it is true."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            raise SystemExit(failure)
        time.sleep(0.05)


def last_lines(log: Path, count: int = 15) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def _rotate(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
