"""The figures are there, named as the docs say, and move when what they tell of happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery import current_app, shared_task
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from appeals.models import Appeal, Timer, WaitingTask
from audit.models import AuditRecord, ChainCheck
from monitoring import moments, reading
from monitoring.gauges import gauge, gauges, samples
from monitoring.models import Moment
from notifications import delivery
from notifications.models import Notification
from tests.factories import make_appeal, make_reference, make_topic, make_user
from tests.monitoring.names import exposed
from tests.monitoring.scrape import parse, scrape, value
from tests.openapi.api import make_program

pytestmark = pytest.mark.django_db
DOCS = (Path(__file__).resolve().parents[2] / "docs" / "monitoring.md").read_text()
DOCUMENTED = set(re.findall(r"^\| `(halyq_\w+)", DOCS, re.MULTILINE))


def test_the_docs_name_every_metric_and_no_other() -> None:
    assert set(exposed()) == DOCUMENTED


def test_every_figure_can_be_read() -> None:
    figures = scrape()
    failed = [labels for labels, found in figures["halyq_figure_failed"].items() if found]
    assert not failed
    assert {dict(labels)["figure"] for labels in figures["halyq_figure_failed"]} == {name for name, _one in gauges}


def test_labels_hold_only_words_of_closed_lists() -> None:
    """Nothing that could be a number of an appeal, an id, an address or a name of somebody."""
    make_reference()
    make_topic()
    appeal = make_appeal()
    program = make_program()
    program.get(f"appeals/{appeal.number}")
    Client().get(f"/track/?number={appeal.number}&code=ABCD-EFGH")
    Client().get("/no/such/000101300019")
    allowed = {"view", "method", "status", "realm", "le", "error", "task", "queue", "outcome", "way", "state", "term",
               "place", "kind", "what", "scope", "receiver", "figure", "python", "django"}  # fmt: skip
    for name, rows in scrape().items():
        for labels in rows:
            if name.startswith("halyq_"):
                assert {label for label, _word in labels} <= allowed, (name, labels)
                assert not re.search(r"\d{4}|@|TRK", " ".join(word for label, word in labels if label != "le")), labels


# Requests


def test_requests_are_counted_by_the_name_of_their_view() -> None:
    before = scrape()
    Client().get("/livez")
    Client().get("/no/such/page/4711")
    after = scrape()
    for labels in ({"view": "livez", "status": "200"}, {"view": "no view", "status": "404"}):
        grown = [value(seen, "halyq_http_requests_total", method="GET", **labels) for seen in (before, after)]
        assert grown[1] == grown[0] + 1
    timed = [value(seen, "halyq_http_request_seconds_count", view="livez", method="GET") for seen in (before, after)]
    assert timed[1] == timed[0] + 1
    assert value(after, "halyq_http_requests_under_way") == 1  # the scrape itself


def test_a_method_that_is_none_has_no_label_of_its_own() -> None:
    before = scrape()
    Client().generic("BREW", "/livez")
    grown = [value(seen, "halyq_http_requests_total", method="OTHER", view="no view", status="405")
             for seen in (before, scrape())]  # fmt: skip
    assert grown[1] == grown[0] + 1


def test_calls_of_programs_are_counted_by_status_and_realm() -> None:
    program = make_program()
    before = scrape()
    program.get("reference/topics")
    Client().get("/api/v1/reference/topics")
    Client().get("/open311/v2/services.json")
    after = scrape()
    topics, services = "openapi:v1:reference-topics", "openapi:open311:services"
    for view, realm, status in ((topics, "live", "200"), (topics, "none", "401"), (services, "none", "200")):
        labels = {"view": view, "method": "GET", "status": status, "realm": realm}
        grown = [value(seen, "halyq_api_calls_total", **labels) for seen in (before, after)]
        assert grown[1] == grown[0] + 1, (view, realm)


# Outbox and queue


def test_an_outbox_left_undone_grows_and_lags() -> None:
    make_reference()
    make_topic()
    assert value(scrape(), "halyq_outbox_waiting") == 0
    make_appeal()
    first = scrape()
    assert value(first, "halyq_outbox_waiting") >= 1
    assert value(first, "halyq_outbox_oldest_seconds") < 60
    with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=False):
        make_appeal()
        later = scrape()
    assert value(later, "halyq_outbox_waiting") > value(first, "halyq_outbox_waiting")
    assert value(later, "halyq_outbox_oldest_seconds") >= 599


def test_an_outbox_that_was_worked_off_is_empty(run_tasks: Callable[[], list[str]]) -> None:
    make_reference()
    make_topic()
    make_appeal()
    run_tasks()
    found = scrape()
    assert value(found, "halyq_outbox_waiting") == value(found, "halyq_outbox_oldest_seconds") == 0


def test_a_task_that_fails_again_and_again_is_seen() -> None:
    make_reference()
    make_topic()
    event = make_appeal().events.first()
    WaitingTask.objects.create(event=event, task="appeals.tasks.tell_staff", attempts=7, next_try_at=timezone.now())
    found = scrape()
    assert value(found, "halyq_outbox_tasks_failing", task="appeals.tasks.tell_staff") == 1
    assert value(found, "halyq_outbox_tasks_waiting", task="appeals.tasks.tell_staff") == 1
    assert value(found, "halyq_outbox_attempts_most") == 7


def test_tasks_nobody_takes_make_the_queue_longer() -> None:
    queue = current_app.conf.task_default_queue
    before = value(scrape(), "halyq_queue_waiting", queue=queue)
    current_app.send_task("monitoring.tasks.tick")
    current_app.send_task("monitoring.tasks.tick")
    after = scrape()
    assert value(after, "halyq_queue_waiting", queue=queue) == before + 2
    assert value(after, "halyq_tasks_sent_total", task="monitoring.tasks.tick", queue=queue) >= 2


@shared_task(name="tests.monitoring.fails")
def fails() -> None:
    raise ValueError("on purpose")


def test_tasks_are_counted_by_what_became_of_them() -> None:
    from monitoring.tasks import tick

    names = {"succeeded": "monitoring.tasks.tick", "failed": "tests.monitoring.fails"}
    before = scrape()
    tick.apply()
    fails.apply()
    after = scrape()
    for outcome, task in names.items():
        grown = [value(seen, "halyq_tasks_total", task=task, queue="here", outcome=outcome) for seen in (before, after)]
        assert grown[1] == grown[0] + 1, outcome
    timed = [value(seen, "halyq_task_seconds_count", task=names["failed"], queue="here") for seen in (before, after)]
    assert timed[1] == timed[0] + 1


# Messages, terms, audit, moments


def queue_message(way: str, **values: Any) -> None:
    delivery.queue(delivery.Draft(f"{way}-{Notification.objects.count()}", way, "a@example.kz", "test", "Hi", **values))


def test_messages_count_by_way_until_they_have_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    queue_message("email")
    queue_message("sms", good_until=timezone.now() + timedelta(minutes=5))
    Notification.objects.filter(transport="sms").update(next_try_at=timezone.now() - timedelta(minutes=2))
    before = scrape()
    assert value(before, "halyq_notifications_waiting", way="email") == 1
    assert value(before, "halyq_notifications_waiting", way="sms") == 1
    assert value(before, "halyq_codes_late_seconds") >= 120
    Notification.objects.filter(transport="sms").update(good_until=timezone.now() - timedelta(minutes=1))
    delivery.send_due()
    after = scrape()
    assert value(after, "halyq_notifications_waiting", way="email") == 0
    assert value(after, "halyq_codes_late_seconds") == 0
    for way, outcome in (("email", "sent"), ("sms", "failed")):
        grown = [value(seen, "halyq_notifications_total", way=way, outcome=outcome) for seen in (before, after)]
        assert grown[1] == grown[0] + 1, way


def test_late_appeals_and_clocks_are_counted() -> None:
    make_reference()
    make_topic()
    appeal = make_appeal()
    found = scrape()
    assert (value(found, "halyq_appeals_open"), value(found, "halyq_appeals_overdue")) == (1, 0)
    assert value(found, "halyq_terms_open", term="answer") == 1
    past = timezone.now() - timedelta(days=1)
    Appeal.objects.filter(pk=appeal.pk).update(due_at=past)
    Timer.objects.filter(appeal=appeal, code="answer").update(due_at=past)
    found = scrape()
    assert value(found, "halyq_appeals_overdue") == 1
    assert value(found, "halyq_terms_overdue", term="answer") == 1


def test_the_audit_log_tells_what_is_not_sealed_and_when_it_was_verified() -> None:
    from audit import trail

    before = value(scrape(), "halyq_audit_unsealed")
    trail.record(action=AuditRecord.Action.SIGNED_IN, actor=make_user())
    now = timezone.now()
    ChainCheck.objects.create(is_whole=True, finished_at=now)
    found = scrape()
    assert value(found, "halyq_audit_unsealed") == before + 1
    assert value(found, "halyq_audit_verified_timestamp_seconds", scope="all") == pytest.approx(now.timestamp())
    assert value(found, "halyq_audit_chain_broken") == 0
    ChainCheck.objects.create(is_whole=False, finished_at=now, problem_seq=3, problem="hash")
    assert value(scrape(), "halyq_audit_chain_broken") == 1


def test_a_backup_is_noted_and_a_tick_is_seen() -> None:
    from monitoring.tasks import tick

    name = "halyq_last_seen_timestamp_seconds"
    assert value(scrape(), name, what="backup") == value(scrape(), name, what="tick") == 0
    call_command("note_backup")
    tick()
    tick()
    found, now = scrape(), timezone.now().timestamp()
    assert value(found, name, what="backup") == pytest.approx(now, abs=60)
    assert value(found, name, what="tick") == pytest.approx(now, abs=60)
    assert "halyq_certificate_ends_timestamp_seconds" not in found
    moments.note(Moment.Name.CERTIFICATE, timezone.now() + timedelta(days=30))
    assert value(scrape(), "halyq_certificate_ends_timestamp_seconds") > now


# How figures are read


def test_figures_are_read_once_for_all_who_ask_within_a_moment(django_assert_num_queries: Any) -> None:
    scrape()
    with django_assert_num_queries(0):
        answer = Client().get("/metrics", headers={"Authorization": "Bearer a-token-of-the-tests-that-is-long-enough"})
    assert "halyq_outbox_waiting" in parse(answer.content.decode())


def test_one_figure_that_fails_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM no_such_table")
        return 1.0

    monkeypatch.setattr(gauges, "_entries", dict(gauges._entries))
    gauge("halyq_broken", "Reads a table that is not there.")(broken)
    found = scrape()
    assert value(found, "halyq_figure_failed", figure="halyq_broken") == 1
    assert "halyq_broken" not in found
    assert value(found, "halyq_figure_failed", figure="halyq_outbox_waiting") == 0
    assert "halyq_outbox_waiting" in found


@pytest.mark.parametrize(
    ("found", "labels"),
    [({"a": 1}, ()), (1.0, ("way",)), ({("a", "b"): 1.0}, ("way",)), ({f"n{n}": 1.0 for n in range(101)}, ("way",))],
)
def test_a_figure_that_does_not_fit_its_announcement_is_refused(found: Any, labels: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="labels"):
        samples(found, labels)


@pytest.mark.parametrize("name", ["outbox", "halyq_Outbox", "halyq_", "halyq_a-b"])
def test_a_name_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        gauge(name, "")


def test_two_figures_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        gauge("halyq_outbox_waiting", "")(lambda: 1.0)


def test_without_the_key_value_server_the_tables_are_still_read(settings: Any) -> None:
    reading.forget()
    nowhere = settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/kv.sock?db=1"}
    settings.CACHES = settings.CACHES | {"default": nowhere}
    answer = Client().get("/metrics", headers={"Authorization": "Bearer a-token-of-the-tests-that-is-long-enough"})
    found = parse(answer.content.decode())
    assert value(found, "halyq_figure_failed", figure="halyq_key_value_clients") == 1
    assert "halyq_outbox_waiting" in found


def test_a_figure_that_is_a_little_too_old_is_read_behind_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scrape does not wait for tables; only what is much too old is waited for."""
    behind: list[int] = []
    monkeypatch.setattr(reading, "_refresh_behind", lambda: behind.append(1))
    reading.forget()
    first = reading.read_all()
    start = max(one.at for one in first.values())
    assert reading.read_all(lambda: start + 5) == first
    assert not behind
    assert reading.read_all(lambda: start + 11) == first
    assert behind == [1]
    waited = reading.read_all(lambda: start + 300)
    assert behind == [1]
    assert all(one.at == start + 300 for one in waited.values())


def test_what_is_read_behind_the_answer_reads_only_what_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    reading.forget()
    first = reading.read_all()
    start = max(one.at for one in first.values())
    later = reading.refresh(lambda: start + 11)
    assert later["halyq_outbox_waiting"].at == start + 11
    assert later["halyq_appeals_open"] == first["halyq_appeals_open"]
    closed: list[int] = []
    monkeypatch.setattr(reading, "refresh", lambda: closed.append(0))
    monkeypatch.setattr(reading.connections, "close_all", lambda: closed.append(1))
    reading._refresh_and_close()
    assert closed == [0, 1]
