"""A worker keeps its connection to the database from task to task: making one costs more than most tasks."""

from __future__ import annotations

from typing import Any

from celery import states
from celery.signals import task_postrun, task_prerun
from django.db import close_old_connections, connections

TASKS = 1000  # then it is made anew, so that nothing of a session can grow for good


@task_prerun.connect(weak=False, dispatch_uid="worker-connections-begin")
def look_at_connection(task: Any, **_: Any) -> None:
    """One that is broken or too old goes; whether the server still answers is asked with the first statement."""
    if not task.request.is_eager:
        close_old_connections()


@task_postrun.connect(weak=False, dispatch_uid="worker-connections-end")
def leave_nothing_behind(task: Any, state: str | None = None, **_: Any) -> None:
    """What a task that failed may have left to its session, such as a lock, goes with the connection."""
    if state != states.SUCCESS and not task.request.is_eager:
        connections.close_all()
