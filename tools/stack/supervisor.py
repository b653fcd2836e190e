"""`up`: starts everything, restarts what may be restarted, stops all of it in the right order."""

import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from tools.stack import lock, processes
from tools.stack.folders import ROOT, Layout
from tools.stack.servers import Services
from tools.stack.steps import Steps, progress

FIRST_PORT = 8000
PORTS_TRIED = 50
RESTART_AFTER = 1.0  # seconds


def up(layout: Layout) -> int:
    """Run until Ctrl-C; 0 when asked to stop, 1 when a server that holds data died."""
    began = time.monotonic()
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, _stop)
    layout.make_folders()
    held = lock.acquire(layout)
    if held is None:
        owner = lock.read_owner(layout)
        where = owner.address if owner and owner.address else "starting"
        raise SystemExit(f"The hub of {layout.var} is running already: {where}")
    print("Starting Halyq Uni", flush=True)
    services = Services(layout, held)
    apps: list[processes.Child] = []
    try:
        listener, signing = listen(), listen_for_signatures()
        address = f"http://{_host()}:{listener.getsockname()[1]}/"
        steps = _prepare(services, address)
        web, *others = _programs(services, listener, signing, address)
        with progress("Web"):
            apps.append(processes.start(web, [held, listener.fileno()]))
            _wait_for_web(address, apps[0])
        handed = [held, *([signing.fileno()] if signing else [])]
        apps += [processes.start(one, handed) for one in others]  # the first page does not wait for them
        lock.write_owner(held, address)
        _welcome(address, steps, time.monotonic() - began)
        return _watch(apps, services)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop_all(apps, services)


def listen() -> socket.socket:
    """The port of HALYQ_PORT, else 8000 or the next free one; held open, so that nobody takes it during a restart."""
    wanted = os.environ.get("HALYQ_PORT", "")
    if wanted and not wanted.isdigit():
        raise SystemExit(f"HALYQ_PORT must be a number; it is {wanted!r}.")
    ports = [int(wanted)] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in ports:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_host(), port))
            listener.listen(512)
        except OSError:
            listener.close()
            continue
        if not wanted and port != FIRST_PORT:
            print(f"  Port {FIRST_PORT} is taken; using {port}.", flush=True)
        return listener
    raise SystemExit(f"Port {wanted} is taken." if wanted else "No free port was found; set HALYQ_PORT.")


def listen_for_signatures() -> socket.socket | None:
    """A port for the stand-in of NCANode, unless there is a real one."""
    if os.environ.get("NCANODE_URL"):
        return None
    listener = socket.create_server(("127.0.0.1", 0))
    listener.set_inheritable(True)
    return listener


def _host() -> str:
    return os.environ.get("HALYQ_HOST", "127.0.0.1")


def _prepare(services: Services, address: str) -> Steps:
    with progress("PostgreSQL and Valkey"):
        services.start_database()
        services.start_key_value()
    environment = services.environment | {"PUBLIC_URL": _public_url(address)}
    steps = Steps(services.layout.var, environment, services.identity)
    steps.run_all()
    return steps


def _public_url(address: str) -> str:
    """Links in messages and QR codes lead to the port that was really taken, unless PUBLIC_URL says otherwise."""
    return os.environ.get("PUBLIC_URL") or address.rstrip("/")


def _programs(
    services: Services, listener: socket.socket, signing: socket.socket | None, address: str
) -> list[processes.Program]:
    layout = services.layout
    scripts = Path(sys.executable).parent
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PUBLIC_URL": _public_url(address),
    } | services.environment
    if signing:
        environment["NCANODE_URL"] = f"http://127.0.0.1:{signing.getsockname()[1]}"

    def program(name: str, grace: float, nice: int, *command: str, **more: str) -> processes.Program:
        return processes.Program(
            name=name,
            command=[str(scripts / command[0]), *command[1:]],
            log=layout.log / f"{name}.log",
            grace=grace,
            environment=environment | more,
            folder=ROOT,
            nice=nice if os.environ.get("HALYQ_PRIORITIES", "1") != "0" else 0,
        )

    web = ("gunicorn", "-c", "python:config.gunicorn", "config.wsgi")
    worker = ("celery", "-A", "config", "worker", "-c", "2", "--without-gossip", "--without-mingle", "-l", "info")
    beat = ("celery", "-A", "config", "beat", "-s", str(layout.run / "beat"), "--pidfile", "", "-l", "info")
    programs = [
        program("web", 15, 0, *web, WEB_BIND=f"fd://{listener.fileno()}"),
        program("worker", 20, 10, *worker),  # what residents wait for goes first
        program("beat", 10, 5, *beat),
    ]
    if signing:
        programs.append(program("eds", 5, 10, "python", "-m", "tools.eds", "serve", "--fd", str(signing.fileno())))
    return programs


def _wait_for_web(address: str, web: processes.Child) -> None:
    failure = f"The web does not start; its log is {web.program.log}"

    def is_ready() -> bool:
        if not web.is_alive:
            raise SystemExit(f"{failure}:\n{processes.last_lines(web.program.log)}")
        try:
            with urllib.request.urlopen(f"{address}readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    processes.wait_until(is_ready, 180, failure)


def _welcome(address: str, steps: Steps, seconds: float) -> None:
    accounts = steps.accounts()
    print(f"\nHalyq Uni is ready after {seconds:.1f} s: {address}\n", flush=True)
    if accounts:
        print(accounts, flush=True)
    print(f"Logs  {steps.var / 'log'}\nStop  Ctrl-C", flush=True)


def _watch(apps: list[processes.Child], services: Services) -> int:
    """Restart web, worker and beat; without database or key-value server stop everything."""
    while True:
        for dead in (child for child in services.children if not child.is_alive):
            print(f"{dead.program.name} died; stopping everything. Log: {dead.program.log}", flush=True)
            return 1
        for index, child in enumerate(apps):
            if not child.is_alive:
                print(f"{child.program.name} died; it is started again. Log: {child.program.log}", flush=True)
                child.kill_group()
                time.sleep(RESTART_AFTER)
                apps[index] = processes.start(child.program, child.descriptors)
        time.sleep(0.2)


def _stop_all(apps: list[processes.Child], services: Services) -> None:
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
    print("\nStopping ...", flush=True)
    for child in apps:
        child.stop()
    services.stop()
    print("Stopped.", flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
