"""The beat schedule names tasks that exist, and only one beat ticks."""

import pytest
from django.db import connection

from config.beat import LOCK_ID, SingleBeat
from config.celery import app


@pytest.mark.parametrize("name", sorted(app.conf.beat_schedule))
def test_every_entry_of_the_schedule_is_a_task(name):
    app.loader.import_default_modules()
    app.finalize()
    assert app.conf.beat_schedule[name]["task"] in app.tasks


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
