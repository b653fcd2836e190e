"""Settings of the web server: `gunicorn -c python:config.gunicorn config.wsgi`.

Two processes of four threads: a request waits for the database most of its time, and more processes would
only cost memory. The number of processes grows with WEB_PROCESSES, not with the load.
"""

import gc
from pathlib import Path
from typing import Any

from config import environment as env
from config import metric_files

bind = env.text("WEB_BIND", "127.0.0.1:8000")
workers = env.number("WEB_PROCESSES", 2)
worker_class = "config.web_worker.SharingWorker"
threads = env.number("WEB_THREADS", 4)
worker_tmp_dir = (
    "/dev/shm" if Path("/dev/shm").is_dir() else None
)  # the heartbeat of a process must not wait for a slow disk
timeout = 30
graceful_timeout = 10
keepalive = 5
backlog = 512
max_requests = 100_000  # a leak, wherever it is, stays small
max_requests_jitter = 20_000
control_socket_disable = True
forwarded_allow_ips = "*" if env.number("TRUSTED_PROXY_COUNT", 0) else "127.0.0.1"
limit_request_line = 8190
proc_name = "halyq-web"


def on_starting(_server: Any) -> None:
    """Before the first process: an old count must not be added to the new ones."""
    metric_files.prepare("web")


def when_ready(server: Any) -> None:
    """Before the processes are made: one that takes the place of a dead one begins at once."""
    server.app.wsgi()
    from config.loading import load_everything

    load_everything()


def child_exit(_server: Any, worker: Any) -> None:
    """What a process counted stays; what only a living one has (requests under way) goes with it."""
    from monitoring import ended  # the library behind it reads the folder of the files when it is imported

    ended.fold(Path(env.text(metric_files.VARIABLE)), worker.pid)


def post_worker_init(_worker: Any) -> None:
    """What was loaded at the start stays for good: the collector need not walk over it with every few requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
