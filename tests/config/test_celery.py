"""The beat schedule names tasks that exist, only one beat ticks, its ticks go first, and connections are kept."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from celery import Celery, states
from celery.fixups.django import DjangoWorkerFixup
from django.conf import settings
from django.db import connection, connections
from kombu.simple import SimpleQueue

from config import environment, worker_connections
from config.beat import LOCK_ID, SingleBeat
from config.celery import app


@pytest.mark.parametrize("name", sorted(app.conf.beat_schedule))
def test_every_entry_of_the_schedule_is_a_task(name):
    app.loader.import_default_modules()
    app.finalize()
    assert app.conf.beat_schedule[name]["task"] in app.tasks


@pytest.mark.parametrize("name", sorted(app.conf.beat_schedule))
def test_no_entry_has_limits_that_celery_refuses(name):
    """A soft limit above the hard one lets beat fail to send the task, every time."""
    app.loader.import_default_modules()
    app.finalize()
    task = app.tasks[app.conf.beat_schedule[name]["task"]]
    hard = task.time_limit or app.conf.task_time_limit
    assert (task.soft_time_limit or app.conf.task_soft_time_limit) <= hard


@pytest.fixture
def beats(tmp_path):
    made = [SingleBeat(app, schedule_filename=str(tmp_path / f"beat{n}"), lazy=True) for n in range(2)]
    yield made
    for beat in made:
        if beat._session is not None:
            beat._session.close()


@pytest.mark.django_db
def test_a_second_beat_stands_by_until_the_first_is_gone(beats):
    first, second = beats
    assert first._is_the_one()
    assert not second._is_the_one()
    assert first._is_the_one()
    first._session.close()
    first._session = None
    assert second._is_the_one()


@pytest.mark.django_db
def test_a_beat_that_lost_its_connection_asks_again(beats):
    beat = beats[0]
    assert beat._is_the_one()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [LOCK_ID]
        )
    assert not beat._is_the_one()
    assert beat._is_the_one()


def test_a_tick_and_a_code_go_before_the_tasks_of_events(queue):
    queue.send_task("appeals.tasks.tell_applicant")
    queue.send_task("appeals.tasks.suggest_route")
    entry = app.conf.beat_schedule["tick"]
    queue.send_task(entry["task"], **entry["options"])
    queue.send_task("notifications.tasks.send_hurried_notifications")
    assert [take(queue) for _ in range(4)] == [
        "monitoring.tasks.tick",
        "notifications.tasks.send_hurried_notifications",
        "appeals.tasks.tell_applicant",
        "appeals.tasks.suggest_route",
    ]


@pytest.fixture
def queue():
    """The routes of the hub on the key-value server of the tests, under a prefix of its own."""
    made = Celery("test", set_as_current=False, broker=environment.broker(settings.TEST_REDIS_URL, 0))
    made.conf.broker_transport_options = {"global_keyprefix": f"order-{uuid.uuid4().hex}:"}
    made.conf.task_routes = app.conf.task_routes
    yield made
    made.close()


def take(queue):
    with queue.connection_for_read() as server, SimpleQueue(server, queue.conf.task_default_queue) as waiting:
        message = waiting.get(timeout=5)
        message.ack()
        return message.headers["task"]


def in_a_thread(work):
    """With a connection of its own, as a worker has it; that of the test stays as it is."""

    def alone():
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone).result()


def session():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


TASK = SimpleNamespace(request=SimpleNamespace(is_eager=False))


@pytest.fixture
def kept():
    """As in a worker; the settings of the tests close a connection as soon as somebody looks."""
    connection.settings_dict["CONN_MAX_AGE"], before = 600, connection.settings_dict["CONN_MAX_AGE"]
    connection.settings_dict["CONN_HEALTH_CHECKS"] = True
    yield
    connection.settings_dict["CONN_MAX_AGE"], connection.settings_dict["CONN_HEALTH_CHECKS"] = before, False


@pytest.mark.django_db
@pytest.mark.parametrize(("ends", "is_kept"), [(states.SUCCESS, True), (states.FAILURE, False), (states.RETRY, False)])
def test_a_worker_keeps_its_connection_while_all_goes_well(kept, ends, is_kept):
    def two_tasks():
        worker_connections.look_at_connection(task=TASK)
        first = session()
        worker_connections.leave_nothing_behind(task=TASK, state=ends)
        worker_connections.look_at_connection(task=TASK)
        return first == session()

    assert in_a_thread(two_tasks) is is_kept


@pytest.mark.django_db
def test_a_worker_takes_another_connection_when_the_server_has_closed_it(kept):
    def cut_off():
        worker_connections.look_at_connection(task=TASK)
        first = session()
        in_a_thread(lambda: connection.cursor().execute("SELECT pg_terminate_backend(%s)", [first]))
        worker_connections.leave_nothing_behind(task=TASK, state=states.SUCCESS)
        worker_connections.look_at_connection(task=TASK)
        return first != session()

    assert in_a_thread(cut_off)


def test_celery_leaves_the_connection_to_us():
    assert DjangoWorkerFixup(app).db_reuse_max == worker_connections.TASKS
