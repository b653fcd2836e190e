"""The Celery app and the whole beat schedule.

Every entry is a tick that processes everything that is due, so a missed or doubled tick does no harm.
An entry expires when the next one is due: after a long stop the queue is not flooded with old ticks. It goes before
the tasks of events: behind a long queue it would expire each time, and nothing would be swept, told or due any more.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init
from django_structlog.celery.steps import DjangoStructLogInitStep

from config import metric_files, worker_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
# Django's checks are of what was deployed and not of this process: `migrate` and the tests run them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

if metric_files.is_worker():
    metric_files.prepare("worker")

app = Celery("halyq")
app.steps["worker"].add(DjangoStructLogInitStep)  # the lines of a task name the request that led to it
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf["CELERY_DB_REUSE_MAX"] = worker_connections.TASKS  # this one name knows no namespace
app.autodiscover_tasks()
app.autodiscover_tasks(["reports.periodic"])  # a part with tasks of its own


FIRST, LATER = 0, 6  # of the steps 0, 3, 6 and 9 that the queue server knows

app.conf.task_routes = {
    "notifications.tasks.send_hurried_notifications": {"priority": FIRST},  # somebody waits for a code
    "*": {"priority": LATER},
}


def every(seconds: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds, "priority": FIRST}}


def nightly(hour: int, minute: int, task: str) -> dict[str, Any]:
    """Once a night, by the clock of the city."""
    return {"task": task, "schedule": crontab(hour=hour, minute=minute), "options": {"expires": 6 * 3600}}


app.conf.beat_schedule = {
    "tick": every(15, "monitoring.tasks.tick"),
    "look-at-certificate": every(3600, "monitoring.tasks.look_at_certificate"),
    "sweep-outbox": every(30, "appeals.reactions.drain_outbox"),
    "hand-on-again": every(30, "appeals.reactions.hand_on_again"),
    "append-feed": every(15, "openapi.tasks.append_feed"),
    "send-webhooks": every(15, "openapi.tasks.send_webhooks"),
    "fire-due-timers": every(60, "appeals.tasks.fire_due_timers"),
    "end-overdue-waits": every(60, "appeals.tasks.end_overdue_waits"),
    "close-silent-appeals": every(60, "appeals.tasks.close_silent_appeals"),
    "seal-audit": every(15, "audit.tasks.seal"),
    "ship-audit": every(15, "audit.tasks.ship"),
    "verify-audit-new": every(3600, "audit.tasks.verify_new"),
    "verify-audit-whole": nightly(2, 30, "audit.tasks.verify_whole"),
    "verify-changed-histories": nightly(3, 30, "appeals.tasks.verify_changed_histories"),
    "forget-pending-files": every(3600, "common.tasks.forget_pending_files"),
    "forget-ended-sessions": every(3600, "signin.tasks.forget_what_is_over"),
    "recalculate-terms": every(15, "appeals.tasks.recalculate_terms"),
    "process-waiting-deliveries": every(15, "appeals.tasks.process_waiting_deliveries"),
    "fetch-remote-files": every(30, "appeals.tasks.fetch_remote_files"),
    "scan-waiting-files": every(60, "appeals.tasks.scan_waiting_files"),
    "store-api-usage": every(600, "openapi.tasks.store_usage"),
    "prepare-sandboxes": every(300, "openapi.tasks.prepare_sandboxes"),
    "remove-unused-sandboxes": nightly(4, 10, "openapi.tasks.remove_unused_sandboxes"),
    "forget-api-requests": every(3600, "openapi.tasks.forget_requests"),
    "forget-challenges": every(3600, "identity.tasks.forget_challenges"),
    "forget-ended-sign-ins": every(3600, "signin.tasks.forget_what_has_ended"),
    "remove-leftovers": every(600, "appeals.tasks.remove_leftovers"),
    "run-due-connectors": every(20, "catalogue.tasks.run_due"),
    "forget-old-connector-runs": every(3600, "catalogue.tasks.forget_old_runs"),
    "build-exports": every(60, "privacy.tasks.build_exports"),
    "execute-data-requests": every(60, "privacy.tasks.execute_requests"),
    "collect-affected-persons": every(60, "privacy.tasks.collect_affected"),
    "remove-expired-exports": every(600, "privacy.tasks.remove_expired_exports"),
    "run-retention": every(900, "privacy.tasks.run_retention"),
    "make-reports": every(30, "reports.periodic.tasks.make_reports"),
    "run-report-schedules": every(60, "reports.periodic.tasks.run_schedules"),
    "remove-leftovers-of-reports": nightly(4, 40, "reports.periodic.tasks.remove_leftovers"),
    "tell-of-privacy-terms": every(60, "privacy.tasks.tell_of_terms"),
    "forget-qr-salts": every(3600, "reports.tasks.forget_qr_salts"),
    "refresh-rollups": every(60, "reports.tasks.refresh_rollups"),
    "watch-growth": every(3600, "reports.tasks.watch_growth"),
    "watch-texts": nightly(4, 30, "reports.tasks.watch_texts"),
    "verify-recent-rollups": nightly(3, 45, "reports.tasks.verify_recent_rollups"),
    "make-open-data": every(300, "reports.tasks.make_open_data"),
    "order-open-data": nightly(4, 30, "reports.tasks.order_open_data"),
    "send-due-notifications": every(15, "notifications.tasks.send_due_notifications"),
    "forget-old-sign-ins": every(24 * 3600, "sso.tasks.forget_old_sign_ins"),
    "send-hurried-notifications": every(5, "notifications.tasks.send_hurried_notifications"),
}


@worker_init.connect(weak=False, dispatch_uid="load-everything")
def load_everything(**_: Any) -> None:
    """Before the children are made."""
    from config import loading

    loading.load_everything()
