"""The proof of the history: it holds, or the first broken row is named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from appeals.models import AppealEvent
from tests.factories import make_appeal

TRIGGERS_OFF = "ALTER TABLE appeals_appealevent DISABLE TRIGGER USER"
TRIGGERS_ON = "ALTER TABLE appeals_appealevent ENABLE TRIGGER USER"
TAMPERINGS = {
    "seq": "seq = seq + 5",
    "kind": "kind = 'appeal_closed'",
    "actor_id": "actor_id = (SELECT min(id) FROM accounts_user)",
    "occurred_at": "occurred_at = occurred_at - interval '1 second'",
    "recorded_at": "recorded_at = recorded_at - interval '1 microsecond'",
    "reason": "reason = reason || '.'",
    "data": "data = data || '{\"due_at\": null}'",
    "is_public": "is_public = NOT is_public",
    "prev_hash": "prev_hash = repeat('0', 64)",
    "hash": "hash = repeat('0', 64)",
}


@pytest.fixture
def appeal(db):
    from tests.factories import make_user

    make_user()
    make_appeal()
    return make_appeal()


def tamper(sql):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(TRIGGERS_OFF)
        cursor.execute(sql)
        cursor.execute(TRIGGERS_ON)


def test_an_untouched_history_holds(appeal, capsys):
    call_command("verify_history")
    assert "The history of 2 appeals holds" in capsys.readouterr().out


@pytest.mark.parametrize("column", TAMPERINGS)
def test_a_change_of_any_column_is_found(appeal, column, capsys):
    event = AppealEvent.objects.get(appeal=appeal)
    tamper(f"UPDATE appeals_appealevent SET {TAMPERINGS[column]} WHERE id = {event.pk}")
    with pytest.raises(CommandError, match="1 of 2") as caught:
        call_command("verify_history")
    assert caught.value.returncode == 1
    assert appeal.number in capsys.readouterr().err


def test_a_removed_event_is_found(appeal, capsys):
    tamper(f"DELETE FROM appeals_appealevent WHERE appeal_id = {appeal.pk}")
    with pytest.raises(CommandError):
        call_command("verify_history")
    assert "end of the chain" in capsys.readouterr().err


def test_one_appeal_is_checked_by_its_number(appeal, capsys):
    call_command("verify_history", appeal=appeal.number.lower())
    assert "The history of 1 appeals holds" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no appeal"):
        call_command("verify_history", appeal="TRK-26-9999999-0")


def test_a_text_changed_outside_the_steps_is_named(appeal, capsys):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE appeals_appeal SET text = 'Менде бәрі жақсы.' WHERE id = %s", [appeal.pk])
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("verify_history")
    assert f"{appeal.number} event 1, appeal {appeal.pk}: its text was changed" in capsys.readouterr().err
