"""The queue of the tests: tasks wait in memory, as JSON, until a test runs them."""

from collections.abc import Iterator

from django.db import connection
from kombu.simple import SimpleQueue

from config.celery import app

MOST_TASKS = 1000


def run_everything() -> list[str]:
    """Call what waits for the commit and run queued tasks until nothing is left."""
    done: list[str] = []
    while True:
        called = _call_commit_hooks()
        ran = [_run(name, args, kwargs) for name, args, kwargs in _take_all()]
        done += ran
        if not called and not ran:
            return done
        assert len(done) < MOST_TASKS, f"the tasks queue each other without end: {done[-5:]}"


def forget_everything() -> None:
    for _ in _take_all():
        pass


def _run(name: str, args: list[object], kwargs: dict[str, object]) -> str:
    app.tasks[name].apply(args=args, kwargs=kwargs, throw=True)
    return name


def _take_all() -> Iterator[tuple[str, list[object], dict[str, object]]]:
    app.loader.import_default_modules()  # as a worker does: the tasks of every app
    app.finalize()
    with app.connection_for_read() as queue_server, SimpleQueue(queue_server, app.conf.task_default_queue) as queue:
        while True:
            try:
                message = queue.get(block=False)
            except SimpleQueue.Empty:
                return
            message.ack()
            args, kwargs, _ = message.payload
            yield message.headers["task"], args, kwargs


def _call_commit_hooks() -> int:
    """Django keeps the hooks of an open transaction in a list; a test's transaction never ends by a commit."""
    if not connection.in_atomic_block:
        return 0
    hooks, connection.run_on_commit = connection.run_on_commit, []
    for _, hook, *_ in hooks:
        hook()
    return len(hooks)
