"""Rollups are what the events say: late ones, changed ones, unnoticed ones, and while others write."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from appeals import events, routing
from appeals.models import AppealEvent, EventKind
from reports import facts, figures, refreshing
from reports.management.commands import order_statistics
from reports.models import AnswerFact, AppealFact, ChangedAppeal, ChangedDay, MonthCell, Rollup, RollupState
from reports.periods import Period
from tests.factories import make_appeal, make_area
from tests.races.together import Meeting, failures, together
from tests.reports import city
from tests.reports.city import NOW, OCTOBER, SEPTEMBER, City

TODAY = NOW.date()


def nothing(share: float, count: int) -> None:
    """Shows no progress."""


def content() -> list[tuple[object, ...]]:
    """Every row of the rollups, whatever its number."""
    rows = [tuple(row[1:]) for row in Rollup.objects.order_by("id").values_list()]
    cells = [tuple(row[1:]) for row in MonthCell.objects.order_by("id").values_list()]
    return sorted(map(repr, rows)) + sorted(map(repr, cells))  # type: ignore[arg-type]


@pytest.fixture
def town() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield city.build()


@pytest.mark.django_db
def test_everything_agrees_and_a_second_refresh_writes_nothing(town: City) -> None:
    before = content()
    assert refreshing.verify(nothing) == []
    numbers = set(Rollup.objects.values_list("id", flat=True))
    assert refreshing.refresh() == 0
    assert set(Rollup.objects.values_list("id", flat=True)) == numbers
    assert content() == before


@pytest.mark.django_db
def test_rebuild_makes_the_same_from_nothing(town: City) -> None:
    before = content()
    for model in (AppealFact, AnswerFact, Rollup, MonthCell, RollupState):
        model.objects.all().delete()
    refreshing.rebuild(nothing)
    assert content() == before
    AppealFact.objects.filter(pk=town.appeals[0].pk).update(channel="post")
    refreshing.rebuild(nothing)
    assert content() == before


@pytest.mark.django_db
def test_a_late_event_rebuilds_the_day_it_belongs_to(town: City) -> None:
    """A paper that is entered in October for an appeal filed in September is September's."""
    assert figures.figure("received", SEPTEMBER).value == 6
    make_appeal(received_at=dt.datetime(2026, 9, 29, 15, tzinfo=city.ALMATY))
    refreshing.refresh()
    assert figures.figure("received", SEPTEMBER).value == 7
    assert refreshing.verify(nothing) == []


@pytest.mark.django_db
def test_a_new_classification_moves_the_appeal_on_all_its_days(town: City) -> None:
    other = make_area("karatau")
    appeal = town.appeals[0]
    routing.classify_appeal(appeal.pk, actor=town.utilities.inspector, reason="Мекенжайы анықталды", area=other)
    refreshing.refresh()
    for key in ("received", "kept", "done", "answered", "solved"):
        assert {row.key: row.figures[key].value for row in figures.by([key], SEPTEMBER, "area")}[other.pk] == 1, key
    assert refreshing.verify(nothing) == []


@pytest.mark.django_db
def test_the_trigger_notes_events_that_no_step_has_written(town: City) -> None:
    appeal = town.appeals[3]
    rows = [events.build(appeal, EventKind.LINKED), events.build(appeal, EventKind.UNLINKED)]
    AppealEvent.objects.bulk_create(rows)
    assert set(ChangedAppeal.objects.values_list("appeal_id", flat=True)) == {appeal.pk}


@pytest.mark.django_db
def test_verify_names_what_was_tampered_with_and_rebuild_mends_it(town: City) -> None:
    Rollup.objects.filter(grain="m", scope=0, start_on=SEPTEMBER.start).update(received=60)
    Rollup.objects.filter(grain="d", scope=0, start_on=dt.date(2026, 9, 3)).delete()
    AppealFact.objects.filter(pk=town.appeals[1].pk).update(term="kept")
    found = refreshing.verify(nothing)
    assert any("facts of appeals" in difference.where for difference in found)
    assert sum(difference.rows for difference in found if "rollup" in difference.where) >= 3
    with pytest.raises(CommandError):
        call_command("verify_rollups")
    call_command("rebuild_rollups", "--workers=1")
    assert refreshing.verify(nothing) == []
    assert figures.figure("received", SEPTEMBER).value == 6


@pytest.mark.django_db
def test_the_start_counts_what_nobody_has_counted_yet(town: City, capsys: pytest.CaptureFixture[str]) -> None:
    make_appeal(received_at=dt.datetime(2026, 9, 29, 15, tzinfo=city.ALMATY))
    call_command("count_statistics")
    assert figures.figure("received", SEPTEMBER).value == 7
    call_command("count_statistics")
    assert capsys.readouterr().out.split("\n")[:2] == ["1 appeals counted.", "0 appeals counted."]


def test_the_start_orders_what_else_would_come_by_night(monkeypatch: pytest.MonkeyPatch) -> None:
    ordered: list[str] = []
    for task in order_statistics.ORDERED:
        monkeypatch.setattr(task, "delay", lambda name=task.name: ordered.append(name))
    call_command("order_statistics")
    assert ordered == ["reports.tasks.watch_growth", "reports.tasks.watch_texts", "reports.tasks.order_open_data"]


@pytest.mark.django_db
def test_the_start_does_not_count_a_large_hub(
    town: City, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(refreshing, "LARGE", 1)
    AppealFact.objects.all().delete()
    call_command("count_statistics")
    assert "rebuild_rollups" in capsys.readouterr().out
    assert not AppealFact.objects.exists()


@pytest.mark.django_db
def test_each_night_the_last_weeks_are_compared_and_mended(town: City) -> None:
    Rollup.objects.filter(grain="d", scope=0, start_on=OCTOBER.start).update(received=9)
    assert refreshing.verify_recent() == 1
    assert refreshing.verify_recent() == 0
    assert figures.figure("received", OCTOBER).value == 2


@pytest.mark.django_db
def test_what_was_counted_and_not_yet_built_is_no_difference(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    make_appeal(received_at=dt.datetime(2026, 9, 29, 15, tzinfo=city.ALMATY))
    with monkeypatch.context() as patched:
        patched.setattr(refreshing, "_build_changed", lambda _today: False)
        patched.setattr(refreshing, "SOON", 0)
        assert refreshing.refresh() == 1
        assert figures.figure("received", SEPTEMBER).value == 6
        assert refreshing.verify(nothing) == []
    assert figures.figure("received", SEPTEMBER).value == 7


@pytest.mark.django_db
def test_facts_that_changed_without_an_event_are_mended_at_night(town: City) -> None:
    AppealFact.objects.filter(pk=town.appeals[7].pk).update(channel="post")
    AnswerFact.objects.filter(appeal_id=town.appeals[7].pk).update(is_formal=False)
    assert refreshing.verify_recent() == 1
    assert refreshing.verify(nothing) == []
    assert figures.figure("formal", OCTOBER).value == 1


@pytest.mark.django_db
def test_appeals_that_were_here_before_the_statistics_are_counted(town: City) -> None:
    before = content()
    for model in (AppealFact, AnswerFact, Rollup, MonthCell, RollupState, ChangedAppeal):
        model.objects.all().delete()
    refreshing.refresh()
    assert content() == before


@pytest.mark.django_db
def test_a_first_rebuild_that_was_cut_off_is_no_count(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts without rollups: the figures would begin with the next event."""
    monkeypatch.setattr(refreshing, "LARGE", 1)
    assert not refreshing.needs_rebuild()
    RollupState.objects.update(built_through=None)
    Rollup.objects.all().delete()
    assert refreshing.needs_rebuild()
    assert refreshing.verify_recent() == 0
    assert not Rollup.objects.exists()
    assert [one.where for one in refreshing.verify(nothing)] == ["appeals that were never counted, of numbers up to"]


@pytest.mark.django_db
def test_a_rebuild_is_done_with_the_notes_it_found_and_no_others(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    make_appeal()
    known, build = set(ChangedAppeal.objects.values_list("pk", flat=True)), refreshing._rebuild_rollups

    def and_meanwhile(*arguments: Any) -> None:
        make_appeal()
        build(*arguments)

    monkeypatch.setattr(refreshing, "_rebuild_rollups", and_meanwhile)
    refreshing.rebuild(nothing)
    left = set(ChangedAppeal.objects.values_list("pk", flat=True))
    assert known and left and not known & left
    assert refreshing.refresh() == 1
    assert refreshing.verify(nothing) == []


@pytest.mark.django_db
def test_one_history_that_makes_no_sense_holds_up_nobody(
    town: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good, recompute = make_appeal(), make_appeal(), facts.recompute

    def refuse_one(chosen: facts.Chosen) -> set[dt.date]:
        if bad.pk in chosen.ids:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 'x'::int")
        return recompute(chosen)

    with monkeypatch.context() as patched:
        patched.setattr(facts, "recompute", refuse_one)
        assert refreshing.refresh() == 1
    assert [record.appeal for record in caplog.records if record.message == "facts_not_computed"] == [bad.pk]
    assert AppealFact.objects.filter(pk=good.pk).exists()
    assert set(ChangedAppeal.objects.values_list("appeal_id", flat=True)) == {bad.pk}
    assert refreshing.refresh() == 1


@pytest.mark.django_db
def test_days_to_come_are_not_counted(town: City) -> None:
    """The statutory appeal of 21 September was due on 12 October: on the 11th no row knows of it."""
    refreshing.rebuild(nothing, today=dt.date(2026, 10, 11))
    assert not Rollup.objects.filter(start_on__gt=dt.date(2026, 10, 11)).exists()
    assert refreshing.verify(nothing, today=dt.date(2026, 10, 11)) == []


@pytest.mark.django_db(transaction=True)
def test_what_commits_while_the_rollups_are_built_is_counted_next_time() -> None:
    """An event whose note has a lower number than those already worked off is not lost."""
    area = make_area()
    make_appeal()
    refreshing.refresh()
    written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            make_appeal(area_id=area.pk)
            written.set()
            go_on.wait(10)
        connections.close_all()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    assert written.wait(10)
    make_appeal(area_id=area.pk)
    assert refreshing.refresh() == 1  # the slow one cannot be seen yet, and holds nobody up
    go_on.set()
    thread.join()
    assert refreshing.refresh() == 1
    assert AppealFact.objects.filter(area_id=area.pk).count() == 2
    assert refreshing.verify(nothing) == []


@pytest.mark.parametrize("soon", [0, refreshing.SOON])
@pytest.mark.django_db(transaction=True)
def test_a_builder_that_dies_halfway_leaves_the_old_figures_and_the_work(
    soon: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted and built in one transaction, and one after the other."""
    monkeypatch.setattr(refreshing, "SOON", soon)
    make_appeal()
    refreshing.refresh()
    before = content()
    make_appeal()

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("reports.rollups.year", die)
        with pytest.raises(KeyboardInterrupt):
            refreshing.refresh()
    connection.close()
    assert content() == before
    assert (ChangedAppeal.objects.exists(), ChangedDay.objects.exists()) == (bool(soon), not soon)
    assert refreshing.refresh() == bool(soon)
    assert not ChangedDay.objects.exists()
    assert figures.figure("received", Period(timezone.localdate(), timezone.localdate())).value == 2
    assert refreshing.verify(nothing) == []


@pytest.mark.parametrize("locked", [True, False])
@pytest.mark.django_db(transaction=True)
def test_two_builders_at_once_take_turns(locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock each counts a day that knows nothing of the other's appeal, and the last one's word stands."""
    appeals, meeting, today = [make_appeal(), make_appeal()], Meeting(), timezone.localdate()
    if not locked:
        monkeypatch.setattr(refreshing, "_take_turn", lambda **_: True)

    def count(appeal_id: int) -> None:
        with transaction.atomic():
            refreshing._take_turn()
            days = facts.recompute(facts.Chosen(ids=[appeal_id]))
            meeting.wait()
            refreshing._build([day for day in days if day <= today], today)

    assert failures(together([partial(count, appeal.pk) for appeal in appeals])) == []
    assert figures.figure("received", Period(today, today)).value == (2 if locked else 1)
