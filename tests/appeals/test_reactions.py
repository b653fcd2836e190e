"""The outbox: every event handed on, whatever is killed."""

import threading
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from appeals import events, handing_on, reactions, tasks
from appeals.models import AppealEvent, EventKind, Status, WaitingTask
from appeals.workflow import TRANSITIONS
from config.celery import app
from tests.factories import make_appeal, make_rule, make_topic
from tests.queue import forget_everything


def test_every_event_has_reactions_and_every_status_has_transitions() -> None:
    assert set(reactions.REACTIONS) == set(EventKind)
    assert set(TRANSITIONS) == set(Status)


def test_every_reaction_and_every_tick_is_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    named = {task for tasks in reactions.REACTIONS.values() for task in tasks}
    ticks = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named | ticks <= set(app.tasks)


@pytest.mark.django_db
def test_event_is_handed_on_once_and_marked() -> None:
    make_appeal()
    with mock.patch.object(reactions.current_app, "send_task") as sent:
        assert reactions.drain_outbox() == 1
        assert reactions.drain_outbox() == 0
    assert [call.args[0] for call in sent.call_args_list] == list(reactions.REACTIONS[EventKind.RECEIVED])
    assert AppealEvent.objects.filter(reacted_at__isnull=True).count() == 0


@pytest.mark.django_db
def test_tasks_wait_when_handing_on_fails_and_go_with_the_next_sweep() -> None:
    make_appeal()
    with mock.patch.object(reactions.current_app, "send_task", side_effect=OSError), pytest.raises(OSError):
        reactions.drain_outbox()
    with mock.patch.object(reactions.current_app, "send_task") as sent:
        assert reactions.hand_on_again() == 2
    assert sorted(call.args[0] for call in sent.call_args_list) == sorted(reactions.REACTIONS[EventKind.RECEIVED])


@pytest.mark.django_db
def test_nothing_is_lost_when_the_queue_server_loses_its_data(time_machine: Any, run_tasks: Any) -> None:
    """All tasks are gone between the drain and the first worker; the events were marked as handed on."""
    appeal = make_appeal(topic_id=make_rule(topic=make_topic()).topic_id)
    assert reactions.drain_outbox() == 1
    forget_everything()
    run_tasks()
    assert not appeal.events.filter(kind=EventKind.ROUTE_SUGGESTED).exists()
    assert WaitingTask.objects.count() == 2
    assert reactions.hand_on_again() == 0, "a task has its time"
    time_machine.move_to(timezone.now() + handing_on.LEASE)
    assert reactions.hand_on_again() == 2
    assert "appeals.tasks.suggest_route" in run_tasks()
    assert appeal.events.filter(kind=EventKind.ROUTE_SUGGESTED).count() == 1
    assert not WaitingTask.objects.exists()


@pytest.mark.django_db
def test_overload_is_not_made_worse(time_machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make_appeal()
    reactions.drain_outbox()
    time_machine.move_to(timezone.now() + handing_on.LEASE)
    monkeypatch.setattr(reactions, "LONG_QUEUE", 1)
    assert reactions.hand_on_again() == 0, "both tasks are in the queue still"
    forget_everything()
    assert reactions.hand_on_again() == 2


@pytest.mark.django_db
def test_a_task_handed_on_twice_does_its_work_once(run_tasks: Any) -> None:
    event = make_appeal().events.get()
    reactions.drain_outbox()
    rows = list(WaitingTask.objects.all())
    forget_everything()
    with mock.patch("appeals.tasks.routing.suggest_route") as step:
        for _time in range(2):
            reactions._send(rows)
        run_tasks()
    assert step.call_count == 1
    assert step.call_args.kwargs == {"event_id": event.pk}


@pytest.mark.django_db
def test_a_task_that_fails_stays_and_comes_again_ever_more_seldom(time_machine: Any) -> None:
    make_appeal()
    reactions.drain_outbox()
    row = WaitingTask.objects.get(task=reactions.SUGGEST_ROUTE)
    with mock.patch("appeals.tasks.routing.suggest_route", side_effect=KeyError), pytest.raises(KeyError):
        tasks.suggest_route.apply(args=[row.event_id], kwargs={"waiting": row.pk}, throw=True)
    waits = []
    for _time in range(12):
        before = timezone.now()
        row.refresh_from_db()
        time_machine.move_to(row.next_try_at)
        assert row.pk in [again.pk for again in handing_on.take_overdue()]
        waits.append(round((row.next_try_at - before).total_seconds()))
    assert waits == sorted(waits)
    assert waits[-1] == handing_on.LONGEST_LEASE.total_seconds()


@pytest.mark.django_db(transaction=True)
def test_a_task_that_is_being_worked_on_is_not_handed_on_again(time_machine: Any) -> None:
    """However long it takes: its row is locked. Its worker killed, the lock is gone and the row is there again."""
    make_appeal()
    with mock.patch.object(reactions.current_app, "send_task"):
        reactions.drain_outbox()
    row = WaitingTask.objects.order_by("pk").first()
    time_machine.move_to(timezone.now() + handing_on.LEASE * 2)
    begun, killed = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert killed.wait(30)
        raise SystemExit

    def worker() -> None:
        try:
            handing_on.finish(row.pk, work)
        except SystemExit:
            pass
        finally:
            connections.close_all()

    thread = threading.Thread(target=worker)
    thread.start()
    assert begun.wait(30)
    assert row.pk not in [again.pk for again in handing_on.take_overdue()]
    killed.set()
    thread.join()
    assert row.pk in [again.pk for again in handing_on.take_overdue()]


@pytest.mark.django_db
def test_an_event_of_an_unknown_kind_keeps_nobody_waiting() -> None:
    make_appeal()
    known = {kind: tasks for kind, tasks in reactions.REACTIONS.items() if kind != EventKind.RECEIVED}
    appeal = make_appeal()
    events.record(appeal, EventKind.REGISTERED)
    with mock.patch.object(reactions, "REACTIONS", known), mock.patch.object(reactions.current_app, "send_task"):
        assert reactions.drain_outbox() == 1
    waiting = AppealEvent.objects.filter(reacted_at__isnull=True).values_list("kind", flat=True)
    assert list(waiting) == [EventKind.RECEIVED] * 2, "they wait for a worker that knows them"


@pytest.mark.django_db
def test_a_reaction_outlives_a_database_that_restarts() -> None:
    appeal = make_appeal()
    event = appeal.events.get()
    with mock.patch("appeals.tasks.routing.suggest_route", side_effect=[OperationalError, None]) as step:
        tasks.suggest_route.apply(args=[event.pk])
    assert step.call_count == 2
