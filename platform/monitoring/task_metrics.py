"""Counts tasks and takes their time; lets the lines of a task name what it is and whose request led to it."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery.signals import before_task_publish, task_postrun, task_prerun, task_revoked
from django.dispatch import receiver
from django_structlog.celery.signals import bind_extra_task_metadata

from monitoring.metrics import TASK_SECONDS, TASK_WAIT_SECONDS, TASKS, TASKS_SENT

SENT_AT = "halyq_sent_at"
HERE = "here"  # done by whoever asked for it: the sandbox of the open API does so
OUTCOMES = {"SUCCESS": "succeeded", "FAILURE": "failed", "RETRY": "retried", "REVOKED": "expired"}


@before_task_publish.connect(weak=False, dispatch_uid="monitoring-sent")
def note_sent(
    sender: Any = None, headers: dict[str, Any] | None = None, routing_key: str | None = None, **_: Any
) -> None:
    if headers is not None:
        headers[SENT_AT] = time.time()
    TASKS_SENT.labels(str(sender), routing_key or "").inc()


@task_prerun.connect(weak=False, dispatch_uid="monitoring-begun")
def note_begun(task: Any, **_: Any) -> None:
    task.request.halyq_began = time.perf_counter()
    sent_at = getattr(task.request, SENT_AT, None)
    if isinstance(sent_at, int | float):
        TASK_WAIT_SECONDS.labels(queue_of(task.request)).observe(max(time.time() - sent_at, 0.0))


@task_postrun.connect(weak=False, dispatch_uid="monitoring-ended")
def note_ended(task: Any, state: str | None = None, **_: Any) -> None:
    queue = queue_of(task.request)
    began = getattr(task.request, "halyq_began", None)
    if began is not None:
        TASK_SECONDS.labels(task.name, queue).observe(time.perf_counter() - began)
    TASKS.labels(task.name, queue, OUTCOMES.get(str(state), "other")).inc()


@task_revoked.connect(weak=False, dispatch_uid="monitoring-revoked")
def note_revoked(request: Any, **_: Any) -> None:
    """An old tick that nobody needs any more, or a task that ran into its time limit and was killed."""
    TASKS.labels(str(request.task), queue_of(request), OUTCOMES["REVOKED"]).inc()


@receiver(bind_extra_task_metadata, dispatch_uid="monitoring-lines")
def name_the_task(task: Any, **_: Any) -> None:
    """Every line of a task says which one it is; those that an event started also name the event."""
    structlog.contextvars.bind_contextvars(task=task.name, queue=queue_of(task.request))
    if "waiting" in (task.request.kwargs or {}) and task.request.args:
        structlog.contextvars.bind_contextvars(event_id=task.request.args[0])


def queue_of(request: Any) -> str:
    info = getattr(request, "delivery_info", None) or {}
    return HERE if info.get("is_eager") else str(info.get("routing_key") or HERE)
