"""The outbox: every event handed on, whatever is killed."""

from unittest import mock

import pytest
from django.db import OperationalError

from appeals import events, reactions, tasks
from appeals.models import AppealEvent, EventKind, Status
from appeals.workflow import TRANSITIONS
from config.celery import app
from tests.factories import make_appeal


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
def test_event_waits_when_handing_on_fails() -> None:
    make_appeal()
    with mock.patch.object(reactions.current_app, "send_task", side_effect=OSError), pytest.raises(OSError):
        reactions.drain_outbox()
    assert AppealEvent.objects.filter(reacted_at__isnull=True).count() == 1


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
