"""The clock's own work: each rung of the ladder told once, and terms moved with the calendar."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from appeals import escalation, routing, tasks, timers
from appeals.models import EscalationStep, EventKind, SlaPolicy, TermRecalculation, Timer, TimerCode
from common.models import CalendarDay
from common.rows import forget_rows
from tests.factories import make_appeal, make_department, make_user

pytestmark = pytest.mark.django_db


def told(appeal: object) -> list[tuple[str, int]]:
    rows = appeal.events.filter(kind__in=[EventKind.REMINDED, EventKind.ESCALATED]).order_by("seq")
    return [(row.kind, row.data["share"]) for row in rows]


def test_ladder_is_climbed_rung_by_rung_and_each_is_told_once(time_machine: object) -> None:
    appeal = make_appeal()
    timer = appeal.timers.get(code=TimerCode.ANSWER)
    term = timer.due_at - timer.started_at
    for passed in (0.4, 0.55, 0.55, 0.85, 1.01, 1.1, 1.3, 2.0):
        time_machine.move_to(timer.started_at + term * passed)
        tasks.fire_due_timers()
    assert told(appeal) == [
        (EventKind.REMINDED, 50),
        (EventKind.REMINDED, 80),
        (EventKind.ESCALATED, 100),
        (EventKind.ESCALATED, 120),
    ]
    assert Timer.objects.get(pk=timer.pk).next_step_at is None


def test_rungs_missed_while_the_clock_stood_are_all_told(time_machine: object) -> None:
    appeal = make_appeal()
    time_machine.move_to(appeal.due_at + timedelta(days=30))
    tasks.fire_due_timers()
    assert [share for _kind, share in told(appeal)] == [50, 80, 100, 120]


def test_paused_and_stopped_clocks_are_silent(time_machine: object) -> None:
    paused, stopped = make_appeal(), make_appeal()
    timers.pause(paused, at=timezone.now(), reason="сұрақ")
    timers.stop_all(stopped, at=timezone.now())
    time_machine.move_to(paused.due_at + timedelta(days=30))
    tasks.fire_due_timers()
    assert told(paused) == told(stopped) == []


def test_resumed_clock_gets_its_days_back(time_machine: object) -> None:
    appeal = make_appeal()
    before = appeal.due_at
    timers.pause(appeal, at=timezone.now(), reason="сұрақ")
    time_machine.move_to(timezone.now() + timedelta(days=3))
    timers.resume(appeal, at=timezone.now())
    assert appeal.due_at == before + timedelta(days=3)


def test_edited_calendar_moves_open_terms_and_says_so(time_machine: object) -> None:
    appeal = make_appeal(regime="appeal")
    done = make_appeal(regime="appeal")
    timers.stop_all(done, at=timezone.now())
    before = appeal.due_at
    day = timezone.localtime(before).date()
    CalendarDay.objects.create(date=day, kind="holiday", name_kk="Демалыс", name_ru="Выходной")
    assert TermRecalculation.objects.filter(done_at__isnull=True).exists()
    assert tasks.recalculate_terms() == 0, "every process must have had time to forget the old calendar"
    time_machine.move_to(timezone.now() + timedelta(seconds=30))
    assert tasks.recalculate_terms() >= 1
    assert tasks.recalculate_terms() == 0
    appeal.refresh_from_db()
    assert appeal.due_at > before
    event = appeal.events.get(kind=EventKind.TERM_RECALCULATED, is_public=True)
    assert "Демалыс" in event.reason
    assert appeal.timers.get(code=TimerCode.ANSWER).due_at == appeal.due_at
    assert not done.events.filter(kind=EventKind.TERM_RECALCULATED).exists()


def test_extended_term_stays_as_decided(time_machine: object) -> None:
    appeal = make_appeal(regime="appeal")
    until = appeal.due_at + timedelta(days=10)
    timers.extend(appeal, until=until, at=timezone.now())
    CalendarDay.objects.create(
        date=timezone.localtime(until).date(), kind="holiday", name_kk="Демалыс", name_ru="Выходной"
    )
    time_machine.move_to(timezone.now() + timedelta(seconds=30))
    tasks.recalculate_terms()
    assert appeal.timers.get(code=TimerCode.ANSWER).due_at == until


def test_claiming_the_same_rung_twice_tells_it_once() -> None:
    appeal = make_appeal()
    timer = appeal.timers.get(code=TimerCode.ANSWER)
    late = timer.due_at
    assert escalation.take_step(timer.pk, now=timer.next_step_at)
    assert not escalation.take_step(timer.pk, now=timer.started_at)
    assert escalation.take_step(timer.pk, now=late)
    assert len(told(appeal)) == 2


def test_a_pause_does_not_swallow_the_rungs_that_are_still_to_be_told(time_machine: object) -> None:
    appeal = make_appeal()
    time_machine.move_to(appeal.due_at + timedelta(hours=1))
    tasks.fire_due_timers()
    assert told(appeal)[-1][1] == 100
    timers.pause(appeal, at=timezone.now(), reason="сұрақ")
    time_machine.move_to(appeal.due_at + timedelta(days=30))
    timers.resume(appeal, at=timezone.now())
    tasks.fire_due_timers()
    assert [share for _kind, share in told(appeal)] == [50, 80, 100, 120], "the deputy akim is told, nobody else again"


def test_a_case_found_to_be_an_emergency_is_escalated_when_its_hours_are_over(time_machine: object) -> None:
    appeal = make_appeal()
    time_machine.move_to(appeal.received_at + timedelta(hours=30))
    routing.classify_appeal(appeal.pk, actor=make_user("operator"), priority="emergency")
    appeal.refresh_from_db()
    assert appeal.due_at < timezone.now()
    tasks.fire_due_timers()
    assert [share for _kind, share in told(appeal)] == [50, 80, 100, 120]


def test_an_emergency_found_later_has_its_first_reaction_measured_anew() -> None:
    appeal = make_appeal()
    SlaPolicy.objects.create(
        code="CC-EMERG-R", timer_code="first_reaction", priority="emergency", amount=15, unit="minutes"
    )
    forget_rows()
    routing.classify_appeal(appeal.pk, actor=make_user("operator"), priority="emergency")
    timer = appeal.timers.get(code=TimerCode.FIRST_REACTION)
    assert timer.due_at - timer.started_at == timedelta(minutes=15)


def test_internal_target_moves_with_a_pause(time_machine: object) -> None:
    appeal = make_appeal(regime="appeal")
    before = appeal.timers.get(code=TimerCode.ANSWER)
    timers.pause(appeal, at=timezone.now(), reason="сұрақ")
    time_machine.move_to(timezone.now() + timedelta(days=14))
    timers.resume(appeal, at=timezone.now())
    after = appeal.timers.get(code=TimerCode.ANSWER)
    assert after.due_at > before.due_at
    assert after.target_at - before.target_at >= timedelta(days=10)


def test_questions_stand_still_and_are_extended_with_their_appeal(time_machine: object) -> None:
    appeal, actor = make_appeal(), make_user("inspector")
    first, _second = routing.split_questions(appeal.pk, texts=["Су жоқ", "Жол бұзылған"], actor=actor)
    routing.assign_question(first.pk, department=make_department(), actor=actor)
    own = appeal.timers.filter(question=first)
    before = own.get().due_at
    timers.pause(appeal, at=timezone.now(), reason="сұрақ")
    time_machine.move_to(timezone.now() + timedelta(days=3))
    timers.resume(appeal, at=timezone.now())
    assert own.get().due_at == before + timedelta(days=3)
    until = appeal.due_at + timedelta(days=5)
    timers.extend(appeal, until=until, at=timezone.now())
    assert own.get().due_at == until


def test_a_broken_timer_keeps_no_other_waiting(time_machine: object, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, healthy = make_appeal(), make_appeal()
    advance = timers.advance

    def fail_for_one(timer: Timer, *, regime: str) -> None:
        if timer.appeal_id == broken.pk:
            raise ValueError("The work calendar has no working days in reach.")
        advance(timer, regime=regime)

    monkeypatch.setattr(timers, "advance", fail_for_one)
    time_machine.move_to(healthy.due_at + timedelta(days=30))
    tasks.fire_due_timers()
    assert told(broken) == []
    assert len(told(healthy)) == 4


# The ladder edited


def settle(time_machine: object) -> int:
    """After every process had time to see the edit."""
    time_machine.move_to(timezone.now() + timedelta(seconds=30))
    return tasks.recalculate_terms()


def test_rung_put_in_later_is_told_where_it_is_still_to_come(time_machine: object) -> None:
    early, late = make_appeal(), make_appeal()
    settle(time_machine)
    term = late.due_at - late.received_at
    Timer.objects.filter(appeal=late).update(next_share=80, next_step_at=late.received_at + term * 0.8)
    time_machine.move_to(late.received_at + term * 0.75)
    Timer.objects.filter(appeal=early, code=TimerCode.ANSWER).update(
        started_at=timezone.now(), due_at=timezone.now() + term
    )
    EscalationStep.objects.create(timer_code=TimerCode.ANSWER, share=30, recipient="executor")
    settle(time_machine)
    assert early.timers.get(code=TimerCode.ANSWER).next_share == 30
    assert late.timers.get(code=TimerCode.ANSWER).next_share == 80, "30 % has passed, nobody is told of it now"


def test_removed_rung_is_not_waited_for(time_machine: object) -> None:
    appeal = make_appeal()
    EscalationStep.objects.filter(share__in=(50, 80)).delete()
    settle(time_machine)
    timer = appeal.timers.get(code=TimerCode.ANSWER)
    assert (timer.next_share, timer.next_step_at) == (100, timer.due_at)
    assert not appeal.events.filter(kind=EventKind.TERM_RECALCULATED).exists(), "no term has moved"


def test_extended_clocks_take_the_new_ladder_too(time_machine: object) -> None:
    appeal = make_appeal(regime="appeal")
    until = appeal.due_at + timedelta(days=10)
    timers.extend(appeal, until=until, at=timezone.now())
    EscalationStep.objects.filter(share__in=(50, 80)).delete()
    settle(time_machine)
    timer = appeal.timers.get(code=TimerCode.ANSWER)
    assert (timer.next_share, timer.due_at) == (100, until)


def test_standing_clock_takes_the_new_ladder_when_it_runs_on(time_machine: object) -> None:
    appeal = make_appeal()
    timers.pause(appeal, at=timezone.now(), reason="сұрақ")
    EscalationStep.objects.filter(share__in=(50, 80)).delete()
    settle(time_machine)
    timers.resume(appeal, at=timezone.now())
    assert appeal.timers.get(code=TimerCode.ANSWER).next_share == 100


def test_process_killed_in_the_middle_goes_on_where_it_stopped(
    time_machine: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalation, "BATCH", 2)
    appeals = [make_appeal() for _number in range(4)]
    settle(time_machine)
    EscalationStep.objects.filter(timer_code=TimerCode.ANSWER, share=50).delete()
    time_machine.move_to(timezone.now() + timedelta(seconds=30))
    steps, recalculate = [], escalation._recalculate

    def die_at_the_fourth(timer_id: int, reason: str) -> bool:
        steps.append(timer_id)
        if len(steps) == 4:
            raise SystemExit("killed")
        return recalculate(timer_id, reason=reason)

    monkeypatch.setattr(escalation, "_recalculate", die_at_the_fourth)
    with pytest.raises(SystemExit):
        tasks.recalculate_terms()
    waiting = TermRecalculation.objects.get(done_at__isnull=True)
    assert waiting.after > 0
    tasks.recalculate_terms()
    assert len(steps) == len(set(steps)) + 1, "only the timer at which it died is looked at again"
    assert {appeal.timers.get(code=TimerCode.ANSWER).next_share for appeal in appeals} == {80}
    assert not TermRecalculation.objects.filter(done_at__isnull=True).exists()


def test_applicant_does_not_read_about_the_ladder_when_his_term_moves(time_machine: object) -> None:
    appeal = make_appeal(regime="appeal")
    settle(time_machine)
    EscalationStep.objects.create(timer_code=TimerCode.ANSWER, share=30, recipient="executor")
    day = timezone.localtime(appeal.due_at).date()
    CalendarDay.objects.create(date=day, kind="holiday", name_kk="Демалыс", name_ru="Выходной")
    settle(time_machine)
    event = appeal.events.get(kind=EventKind.TERM_RECALCULATED, is_public=True)
    assert "Демалыс" in event.reason
    assert "30" not in event.reason


@pytest.mark.parametrize("how", ["added", "changed", "deleted", "deleted with others"])
def test_recalculation_names_who_edited(how: str, client: object) -> None:
    admin = make_user(Role.ADMINISTRATOR, is_staff=True, is_superuser=True)
    client.force_login(admin)
    fields = {"date": "2027-02-03", "kind": "holiday", "name_kk": "К", "name_ru": "В", "name_en": "D", "source": ""}
    day = CalendarDay.objects.create(**fields) if how != "added" else None
    TermRecalculation.objects.all().delete()
    if how == "added":
        client.post("/admin/common/calendarday/add/", fields)
    elif how == "changed":
        client.post(f"/admin/common/calendarday/{day.pk}/change/", fields | {"name_en": "Day"})
    elif how == "deleted":
        client.post(f"/admin/common/calendarday/{day.pk}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [day.pk], "post": "yes"}
        client.post("/admin/common/calendarday/", chosen)
    assert TermRecalculation.objects.get().requested_by == admin
