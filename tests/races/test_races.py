"""Whatever two do at once is done once. Every race has its control: without the lock it happens.

Told elsewhere: two who claim (test_workqueue), racing deliveries and messages in order (test_deliveries), guesses of
a code (test_contact_codes), messages moved against each other (test_threads), parallel ratings (test_feedback).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.models import Role, User
from appeals import (
    dialogue,
    escalation,
    events,
    feedback,
    handing_on,
    intake,
    links,
    reactions,
    replies,
    tasks,
    threads,
)
from appeals.models import (
    Appeal,
    AppealEvent,
    AppealLink,
    Channel,
    EventKind,
    LinkKind,
    Message,
    Outcome,
    Reply,
    Status,
    Timer,
    TimerCode,
    Verdict,
    WaitingTask,
)
from appeals.replies import ReplyContent
from common.errors import Conflict
from notifications import delivery
from notifications.models import Notification
from tests.appeals.cases import make_claimed_case, make_unit
from tests.factories import make_appeal, make_incoming, make_reference, make_user
from tests.races.together import Meeting, careless_record, failures, together, without_constraint, without_row_locks

pytestmark = pytest.mark.django_db(transaction=True)

GROUND = "Өтініш иесімен келісілген, негіз жеткілікті"
CONTENT = ReplyContent(
    text="2026 жылғы 20 қарашада бригада жарылған құбырды ауыстырды, су беру толық қалпына келтірілді.",
    outcome=Outcome.SATISFIED,
)
NOT_SOLVED = feedback.Judgement(Verdict.NOT_SOLVED, reasons=("incomplete",))
PERSON = intake.IncomingApplicant(full_name="Серікова Айгүл", phone="+77010000000", thread_key="telegram:7")


def kinds(appeal: Appeal) -> list[str]:
    return list(AppealEvent.objects.filter(appeal=appeal).order_by("seq").values_list("kind", flat=True))


def again(user: User) -> User:
    """The user as another process reads him."""
    return User.objects.get(pk=user.pk)


# One form sent many times at once


def submit_at_once() -> list[Any]:
    make_reference()
    incoming = make_incoming(external_id="the-same-token")
    return together([lambda: intake.submit_appeal(incoming)] * 6)


def test_one_form_sent_many_times_at_once_is_one_appeal():
    results = submit_at_once()
    assert failures(results) == []
    assert sorted(result.created for result in results) == [False] * 5 + [True]
    assert len({result.appeal.pk for result in results}) == 1
    assert (Appeal.objects.count(), AppealEvent.objects.count()) == (1, 1)


def test_control_without_the_constraint_one_form_makes_several_appeals():
    rule = ("appeals_appeal", "appeal_once_per_delivery", "UNIQUE (channel, external_id)")
    with without_constraint(*rule):
        submit_at_once()
        assert Appeal.objects.count() == 6


# The beat, twice


def fire_at_once() -> Appeal:
    appeal = make_appeal()
    timer = Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER)
    now = timer.next_step_at
    together([lambda: escalation.take_step(timer.pk, now=now)] * 4)
    return appeal


def test_a_rung_is_told_once_however_many_beats_there_are():
    assert kinds(fire_at_once()).count(EventKind.REMINDED) == 1


def test_control_without_the_lock_a_rung_is_told_by_each_beat(monkeypatch):
    told = careless_record(monkeypatch, 4)
    fire_at_once()
    assert told.count(EventKind.REMINDED) == 4


# The outbox, drained twice


def drain_at_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    make_reference()
    for number in range(12):
        make_appeal(external_id=f"outbox-{number}")
    handed: list[int] = []
    keep = handing_on.keep

    def remember(started: Iterable[tuple[AppealEvent, str]]) -> list[WaitingTask]:
        rows = keep(started)
        handed.extend({row.event_id for row in rows})
        return rows

    monkeypatch.setattr(handing_on, "keep", remember)
    together([reactions.drain_outbox] * 4)
    return handed


def test_an_event_is_handed_on_once_however_many_drain(monkeypatch):
    handed = drain_at_once(monkeypatch)
    assert len(handed) == len(set(handed)) == 12
    assert not AppealEvent.objects.filter(reacted_at__isnull=True).exists()


def test_control_without_the_lock_events_are_handed_on_again(monkeypatch):
    without_row_locks(monkeypatch)
    meeting, claim = Meeting(4), events.claim_waiting

    def claim_together(*given: Any) -> list[AppealEvent]:
        found = claim(*given)
        meeting.wait()
        return found

    monkeypatch.setattr(events, "claim_waiting", claim_together)
    handed = drain_at_once(monkeypatch)
    assert len(handed) > len(set(handed)) == 12


# Messages out, claimed twice


def send_at_once() -> int:
    drafts = [
        delivery.Draft(dedupe_key=f"k{number}", transport="console", address="+77010000000", template="t", body="b")
        for number in range(12)
    ]
    delivery.queue_all(drafts)
    return sum(together([delivery.send_due] * 4))


def test_a_message_is_claimed_once_however_many_send():
    assert send_at_once() == 12
    assert set(Notification.objects.values_list("attempts", flat=True)) == {1}


def test_control_without_the_lock_messages_are_claimed_again(monkeypatch):
    without_row_locks(monkeypatch)
    meeting, update = Meeting(4), Notification.objects.bulk_update

    def update_together(*given: Any) -> int:
        meeting.wait()  # all have read before one has written
        return update(*given)

    monkeypatch.setattr(Notification.objects, "bulk_update", update_together)
    assert send_at_once() > 12


# The answer


def press_at_once() -> tuple[Appeal, list[Any]]:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    actors = [again(unit.executor), again(unit.executor)]
    given = {"content": CONTENT, "version": 0, "ground": GROUND}
    return appeal, together([lambda user=user: replies.send_reply(appeal.pk, actor=user, **given) for user in actors])


def test_an_answer_sent_by_two_presses_at_once_goes_once():
    appeal, results = press_at_once()
    assert failures(results) == []
    assert len({reply.pk for reply in results}) == Reply.objects.count() == 1
    assert kinds(appeal).count(EventKind.REPLY_SENT) == 1


def test_control_without_the_lock_two_presses_are_two_answers_or_a_failure(monkeypatch):
    unit = make_unit()
    appeal = make_claimed_case(unit)
    told = careless_record(monkeypatch)
    actors = [again(unit.executor), again(unit.executor)]
    given = {"content": CONTENT, "version": 0, "ground": GROUND}
    results = together([lambda user=user: replies.send_reply(appeal.pk, actor=user, **given) for user in actors])
    assert told.count(EventKind.REPLY_SENT) > 1 or failures(results)


# The dispute


def answered() -> Appeal:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    replies.send_reply(appeal.pk, actor=unit.executor, content=CONTENT, version=0, ground=GROUND)
    return Appeal.objects.get(pk=appeal.pk)


def test_a_dispute_tapped_twice_at_once_is_one():
    appeal = answered()
    results = together([lambda: feedback.dispute_answer(appeal.pk, NOT_SOLVED)] * 3)
    assert failures(results) == []
    assert len({row.pk for row in results}) == 1
    assert kinds(appeal).count(EventKind.DISPUTED) == 1


def test_control_without_the_lock_a_dispute_is_told_twice(monkeypatch):
    appeal = answered()
    told = careless_record(monkeypatch)
    together([lambda: feedback.dispute_answer(appeal.pk, NOT_SOLVED)] * 2)
    assert told.count(EventKind.DISPUTED) == 2


# A message is moved while the answer goes out


def move_while_answering() -> tuple[list[Appeal], list[Any]]:
    unit = make_unit()
    source = make_claimed_case(unit, applicant=PERSON)
    target = make_claimed_case(unit, applicant=PERSON)
    parts = threads.MessageParts(
        channel=Channel.TELEGRAM, external_id="7:9", received_at=timezone.now(), text="Тағы су жоқ"
    )
    message = threads.join_message(source.pk, parts=parts).message
    inspector, executor = again(unit.inspector), again(unit.executor)
    works = [
        lambda: threads.move_message(message.pk, to_appeal_id=target.pk, actor=inspector),
        lambda: replies.send_reply(target.pk, actor=executor, content=CONTENT, version=0, ground=GROUND),
        lambda: replies.send_reply(source.pk, actor=again(unit.executor), content=CONTENT, version=0, ground=GROUND),
    ]
    return [source, target], together(works)


def test_a_message_is_moved_and_both_appeals_are_answered_at_once():
    appeals, results = move_while_answering()
    assert failures(results) == []
    assert Message.objects.get(external_id="7:9").appeal_id == appeals[1].pk
    assert [Appeal.objects.get(pk=row.pk).status for row in appeals] == [Status.ANSWERED] * 2
    assert list(events.broken_links()) == []


def test_control_without_the_lock_the_chain_refuses_one_of_them(monkeypatch):
    """The second guard: the number of the chain. Whoever wrote on what he had read too early is told so."""
    appeal, actor = make_appeal(), make_user(Role.INSPECTOR)
    without_row_locks(monkeypatch)
    meeting, build = Meeting(), events.build

    def build_together(*given: Any, **values: Any) -> AppealEvent:
        meeting.wait()
        return build(*given, **values)

    monkeypatch.setattr(events, "build", build_together)
    incident = links.Incident.objects.create(title="Құбыр", opened_by=actor)
    results = together(
        [
            lambda: links.join_incident(appeal.pk, incident.pk, actor=again(actor)),
            lambda: feedback.withdraw(appeal.pk, reason="Шешілді"),
        ]
    )
    assert [type(failure) for failure in failures(results)] == [Conflict]
    assert list(events.broken_links()) == []


# Links in opposite directions


def link_both_ways() -> list[Any]:
    one, other, actor = make_appeal(), make_appeal(), make_user(Role.INSPECTOR)
    pairs = [(one.pk, other.pk), (other.pk, one.pk)]
    return together(
        [lambda pair=pair: links.link_appeals(*pair, kind=LinkKind.RELATED, actor=again(actor)) for pair in pairs]
    )


def test_links_made_in_opposite_directions_do_not_wait_for_each_other():
    assert failures(link_both_ways()) == []
    assert AppealLink.objects.count() == 2


def test_a_link_undone_by_two_is_undone_once():
    source, target, actor = make_appeal(), make_appeal(), make_user(Role.INSPECTOR)
    link = links.link_appeals(source.pk, target.pk, kind=LinkKind.DUPLICATE, actor=actor)
    results = together([lambda: links.unlink_appeals(link.pk, actor=again(actor))] * 2)
    assert all(isinstance(failure, AppealLink.DoesNotExist) for failure in failures(results))
    assert kinds(source).count(EventKind.UNLINKED) == 1


def test_control_locked_in_the_order_given_they_wait_for_each_other(monkeypatch):
    meeting = Meeting()

    def lock_in_turn(ids: list[int]) -> dict[int, Appeal]:
        found = {}
        for number, pk in enumerate(ids):
            found[pk] = Appeal.objects.select_for_update(of=("self",)).select_related("applicant").get(pk=pk)
            if number == 0:
                meeting.wait()
        return found

    monkeypatch.setattr(links, "lock_all", lock_in_turn)
    found = failures(link_both_ways())
    assert found
    assert isinstance(found[0], OperationalError)
    assert "deadlock" in str(found[0])


# The applicant's answer and the end of his time


def test_the_answer_and_the_end_of_the_wait_come_at_once(time_machine):
    unit = make_unit()
    appeal = make_claimed_case(unit, applicant=PERSON)
    dialogue.ask(appeal.pk, actor=unit.executor, text="Мекенжайды нақтылаңыз")
    due = Timer.objects.get(appeal=appeal, code=TimerCode.APPLICANT_INFO).due_at
    time_machine.move_to(due + timedelta(minutes=1))
    parts = threads.MessageParts(channel=Channel.TELEGRAM, external_id="7:1", received_at=due, text="Тәуке хан, 1")
    results = together([lambda: threads.join_message(appeal.pk, parts=parts), tasks.end_overdue_waits])
    assert failures(results) == []
    assert kinds(appeal).count(EventKind.CLOCK_RESUMED) == 1
    assert Message.objects.filter(external_id="7:1").count() == 1
    assert not Timer.objects.filter(appeal=appeal, paused_at__isnull=False).exists()


# A task handed on twice


def work_at_once() -> int:
    make_appeal(external_id="twice")
    reactions.drain_outbox()
    row, done = WaitingTask.objects.order_by("pk")[0], []
    together([lambda: handing_on.finish(row.pk, lambda: done.append(1))] * 4)
    return len(done)


def test_a_task_in_the_hands_of_four_workers_does_its_work_once():
    make_reference()
    assert work_at_once() == 1
