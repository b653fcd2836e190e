"""The moves: every public step of an appeal, by whoever comes, at whatever moment. A refusal is a good answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import time_machine
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from appeals import (
    closing,
    consultation,
    dialogue,
    events,
    extension,
    feedback,
    intake,
    links,
    replies,
    routing,
    tasks,
    threads,
    workflow,
    workqueue,
)
from appeals.models import (
    Appeal,
    AppealEvent,
    AppealLink,
    Channel,
    EventKind,
    ExtensionProposal,
    Kind,
    LinkKind,
    Message,
    Outcome,
    Priority,
    Question,
    Regime,
    RoutingRule,
    Status,
    Timer,
    Verdict,
)
from appeals.replies import ReplyContent
from common.errors import DomainError
from common.models import CalendarDay
from common.rows import forget_rows
from tests.appeals.life.laws import broken_laws
from tests.appeals.life.world import BEGIN, PERSON, World
from tests.factories import make_incoming
from tests.queue import forget_everything, run_everything

MOST_APPEALS = 3
WHY = "Тексеру үшін жеткілікті негіз"
ANSWER = "2026 жылғы 20 қарашада бригада жарылған құбырды ауыстырды, су беру толық қалпына келтірілді. Нұсқа {}."

which = st.integers(0, MOST_APPEALS - 1)
unit = st.integers(0, 2)
anybody = st.sampled_from(["holder", "holder", "holder", "executor", "colleague", "head", "inspector"])
verdicts = st.sampled_from(list(Verdict))


class Life(RuleBasedStateMachine):
    """Up to three appeals of one person; after every move all laws hold and a refused move has changed nothing."""

    world: World  # set by the test: made once, the same for every game

    def __init__(self) -> None:
        super().__init__()
        self.game = transaction.atomic()
        self.game.__enter__()
        cache.clear()
        forget_everything()
        forget_rows()
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.now = self.clock.start()
        self.appeals: list[int] = []
        self.disputed: set[int] = set()
        self.looked_at: dict[int, int] = {}
        self.count = 0

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.game.__exit__(None, None, None)
        forget_rows()

    # How a move is made

    def attempt(self, step: Callable[[], Any]) -> Any:
        """Make a move. What is refused leaves the history as it was; any other error is a defect."""
        before = AppealEvent.objects.count()
        try:
            return step()
        except DomainError:
            assert AppealEvent.objects.count() == before, "a refused move wrote history"
            return None

    def pick(self, number: int) -> Appeal:
        return Appeal.objects.select_related("department").get(pk=self.appeals[number % len(self.appeals)])

    def actor(self, appeal: Appeal, who: str) -> Any:
        """Somebody of the unit that has the appeal; of any unit when none has."""
        if who == "inspector":
            return self.world.inspector
        if who == "holder" and appeal.executor_id:
            return next(user for user in self.world.people if user.pk == appeal.executor_id)
        own = [one for one in self.world.units if one.department.pk == appeal.department_id]
        return getattr((own or list(self.world.units))[0], "executor" if who == "holder" else who)

    def next(self) -> int:
        self.count += 1
        return self.count

    # Filing

    @initialize(
        regime=st.sampled_from(list(Regime)), routed=st.booleans(), confirmed=st.booleans(), stage=st.integers(0, 3)
    )
    def begin(self, regime: Regime, routed: bool, confirmed: bool, stage: int) -> None:
        if routed:
            topic, department = self.world.topics[0], self.world.units[0].department
            RoutingRule.objects.create(topic=topic, department=department, auto_assign=True, version=99)
        self._file(regime, confirmed, complaint=None)
        if stage > 0:  # begin where the work begins, or further on
            self.confirm(0)
            self.give_to_unit(0, 0)
            self.claim(0, "executor")
        if stage > 1:
            self.send_reply(0, "holder", interim=False)
        if stage > 2:
            self.dispute(0, react=True)

    @precondition(lambda self: len(self.appeals) < MOST_APPEALS)
    @rule(regime=st.sampled_from(list(Regime)), confirmed=st.booleans(), complaint=st.one_of(st.none(), unit))
    def file(self, regime: Regime, confirmed: bool, complaint: int | None) -> None:
        self._file(regime, confirmed, complaint)

    def _file(self, regime: Regime, confirmed: bool, complaint: int | None) -> None:
        about = self.world.units[complaint].department.pk if complaint is not None else None
        incoming = make_incoming(
            regime=regime,
            applicant=replace(PERSON, contact_confirmed=confirmed),
            topic_id=self.world.topics[0].pk,
            complaint_department_id=about,
            external_id=f"life-{self.next()}",
        )
        first = intake.submit_appeal(incoming)
        again = intake.submit_appeal(incoming)
        assert (first.created, again.created) == (True, False)
        assert first.appeal.pk == again.appeal.pk
        self.appeals.append(first.appeal.pk)

    @rule(n=which)
    def confirm(self, n: int) -> None:
        self.attempt(lambda: intake.confirm_contact(self.pick(n).pk, address="•••00"))

    @rule(n=which, text=st.sampled_from(["Міне мекенжай: Тәуке хан 1", "Рақмет"]))
    def applicant_writes(self, n: int, text: str) -> None:
        parts = threads.MessageParts(
            channel=Channel.TELEGRAM, external_id=f"77:{self.next()}", received_at=timezone.now(), text=text
        )
        appeal = self.pick(n)
        self.attempt(lambda: threads.join_message(appeal.pk, parts=parts))
        if Message.objects.filter(external_id=parts.external_id).exists():
            assert not threads.join_message(appeal.pk, parts=parts).created

    @rule(n=which, m=which)
    def move_a_message(self, n: int, m: int) -> None:
        message = Message.objects.filter(appeal=self.pick(n), direction=Message.Direction.IN).last()
        if message:
            target = self.pick(m)
            self.attempt(lambda: threads.move_message(message.pk, to_appeal_id=target.pk, actor=self.world.inspector))

    @rule(n=which, undo=st.booleans())
    def open_from_a_message(self, n: int, undo: bool) -> None:
        message = Message.objects.filter(appeal=self.pick(n), direction=Message.Direction.IN).last()
        if message and len(self.appeals) < MOST_APPEALS:
            moved = self.attempt(lambda: threads.move_to_new_appeal(message.pk, actor=self.world.inspector))
            if moved and moved.appeal_id not in self.appeals:
                self.appeals.append(moved.appeal_id)
        if message and undo:
            self.attempt(lambda: threads.undo_move(message.pk, actor=self.world.inspector))

    # The clock and the queue

    @rule(
        step=st.sampled_from(
            [dt.timedelta(minutes=20), dt.timedelta(hours=5), dt.timedelta(days=2), dt.timedelta(days=9)]
        )
    )
    def time_passes(self, step: dt.timedelta) -> None:
        self.now.shift(step)

    @rule(beats=st.integers(1, 2))
    def the_beat_ticks(self, beats: int) -> None:
        """Whatever is due is done; a second tick at the same moment finds nothing."""
        standing = set(
            Timer.objects.filter(paused_at__isnull=False, stopped_at__isnull=True).values_list("appeal_id", "code")
        )
        for _ in range(beats):
            last = AppealEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            for task in (tasks.fire_due_timers, tasks.end_overdue_waits, tasks.close_silent_appeals):
                task()
                told = AppealEvent.objects.filter(
                    pk__gt=last, kind__in=(EventKind.REMINDED, EventKind.ESCALATED), question__isnull=True
                )
                fired = {(row.appeal_id, row.data["timer"]) for row in told}
                assert not fired & standing, "a clock that stood has fired"
                standing = standing if task is tasks.fire_due_timers else set()
            tasks.recalculate_terms()
        before = AppealEvent.objects.count()
        tasks.fire_due_timers()
        assert AppealEvent.objects.count() == before, "one rung told twice"

    @rule()
    def reactions_run(self) -> None:
        run_everything()
        assert not AppealEvent.objects.filter(reacted_at__isnull=True).exists()

    @rule(n=which)
    def an_old_task_comes_again(self, n: int) -> None:
        """Everything handed on before is handed on once more, now: nothing may come of it."""
        run_everything()
        before = {pk: _state(pk) for pk in self.appeals}
        for event in AppealEvent.objects.filter(appeal=self.pick(n)):
            if event.kind in (EventKind.RECEIVED, EventKind.REGISTERED, EventKind.CLASSIFIED):
                tasks.suggest_route(event.pk)
            if event.kind == EventKind.DISPUTED:
                tasks.open_second_look(event.pk)
            tasks.tell_applicant(event.pk)
            tasks.tell_staff(event.pk)
        for pk in self.appeals:
            told = AppealEvent.objects.filter(appeal=pk).order_by("seq").values_list("kind", flat=True)
            assert _state(pk) == before[pk], f"a task run twice did something twice: {list(told)}"

    @rule(days=st.integers(1, 25), kind=st.sampled_from(["holiday", "moved_work"]))
    def calendar_is_edited(self, days: int, kind: str) -> None:
        """A holiday is added or taken away again; the terms follow when every process has had time to see it."""
        day = timezone.localdate() + dt.timedelta(days=days)
        found = CalendarDay.objects.filter(date=day).first()
        if found:
            found.delete()
        else:
            CalendarDay.objects.create(date=day, kind=kind, name_kk="Күн", name_ru="День")
        self.now.shift(dt.timedelta(seconds=30))
        tasks.recalculate_terms()

    # The inspector

    @rule(n=which, to=unit)
    def give_to_unit(self, n: int, to: int) -> None:
        department = self.world.units[to].department
        self.attempt(lambda: routing.assign_unit(self.pick(n).pk, department=department, actor=self.world.inspector))

    @rule(n=which)
    def forward(self, n: int) -> None:
        values = {"department": self.world.outside, "ground": WHY, "actor": self.world.inspector}
        self.attempt(lambda: routing.forward_appeal(self.pick(n).pk, **values))

    @rule(
        n=which,
        change=st.sampled_from(["topic", "emergency", "normal", "complaint", "official", "confidential", "kind"]),
        about=unit,
    )
    def classify(self, n: int, change: str, about: int) -> None:
        one = self.world.units[about]
        values: dict[str, Any] = {
            "topic": {"topic": self.world.topics[about]},
            "emergency": {"priority": Priority.EMERGENCY},
            "normal": {"priority": Priority.NORMAL},
            "complaint": {"complaint_department": one.department},
            "official": {"complaint_user": one.executor},
            "confidential": {"is_confidential": bool(about)},
            "kind": {"kind": Kind.COMPLAINT if about else Kind.GRATITUDE},
        }[change]
        self.attempt(lambda: routing.classify_appeal(self.pick(n).pk, actor=self.world.inspector, **values))

    @rule(n=which)
    def promote(self, n: int) -> None:
        self.attempt(lambda: routing.promote_appeal(self.pick(n).pk, kind=Kind.APPLICATION, actor=self.world.inspector))

    @rule(n=which, m=which, kind=st.sampled_from([LinkKind.RELATED, LinkKind.DUPLICATE, LinkKind.DUPLICATE]))
    def link(self, n: int, m: int, kind: LinkKind) -> None:
        source, target = self.pick(n), self.pick(m)
        self.attempt(lambda: links.link_appeals(source.pk, target.pk, kind=kind, actor=self.world.inspector))

    @rule()
    def unlink(self) -> None:
        found = AppealLink.objects.order_by("pk").first()
        if found:
            self.attempt(lambda: links.unlink_appeals(found.pk, actor=self.world.inspector))

    # Several questions

    @rule(n=which)
    def split(self, n: int) -> None:
        if not Question.objects.filter(appeal=self.pick(n)).exists():
            texts = ["Су қашан болады?", "Жол қашан жөнделеді?"]
            self.attempt(lambda: routing.split_questions(self.pick(n).pk, texts=texts, actor=self.world.inspector))

    @rule(n=which, place=st.integers(0, 1), move=st.sampled_from(["give", "give", "forward", "answer"]), to=unit)
    def question(self, n: int, place: int, move: str, to: int) -> None:
        found = Question.objects.filter(appeal=self.pick(n)).order_by("position")[place : place + 1]
        one = self.world.units[to]
        for row in found:
            moves: dict[str, Callable[[], Any]] = {
                "give": lambda row=row: routing.assign_question(
                    row.pk, department=one.department, actor=self.world.inspector
                ),
                "forward": lambda row=row: routing.forward_question(
                    row.pk, department=self.world.outside, ground=WHY, actor=self.world.inspector
                ),
                "answer": lambda row=row: replies.answer_question(row.pk, actor=one.executor, text=ANSWER.format(1)),
            }
            self.attempt(moves[move])

    # The unit

    @rule(n=which, who=anybody)
    def claim(self, n: int, who: str) -> None:
        appeal = self.pick(n)
        self.attempt(lambda: workqueue.claim(appeal.pk, actor=self.actor(appeal, who)))

    @rule(n=which, to=st.sampled_from(["executor", "colleague", "head"]), who=st.sampled_from(["head", "inspector"]))
    def assign(self, n: int, to: str, who: str) -> None:
        appeal = self.pick(n)
        user = self.actor(appeal, to)
        self.attempt(lambda: workqueue.assign(appeal.pk, user_id=user.pk, actor=self.actor(appeal, who)))

    @rule(n=which, who=anybody, to=st.sampled_from(list(workqueue.BackTo)))
    def hand_back(self, n: int, who: str, to: workqueue.BackTo) -> None:
        appeal = self.pick(n)
        self.attempt(lambda: workqueue.hand_back(appeal.pk, actor=self.actor(appeal, who), reason=WHY, to=to))

    @rule(n=which, who=anybody, helper=unit)
    def call_in(self, n: int, who: str, helper: int) -> None:
        appeal, user = self.pick(n), self.world.units[helper].executor
        self.attempt(lambda: workqueue.add_co_executor(appeal.pk, user_id=user.pk, actor=self.actor(appeal, who)))

    @rule(n=which, who=anybody, days=st.one_of(st.none(), st.integers(1, 10)))
    def ask(self, n: int, who: str, days: int | None) -> None:
        appeal = self.pick(n)
        until = timezone.now() + dt.timedelta(days=days) if days else None
        self.attempt(
            lambda: dialogue.ask(appeal.pk, actor=self.actor(appeal, who), text="Мекенжайды нақтылаңыз", until=until)
        )

    @rule(n=which, who=anybody)
    def end_wait(self, n: int, who: str) -> None:
        appeal = self.pick(n)
        values = {"at": timezone.now(), "why": dialogue.WaitEnd.ENDED, "actor": self.actor(appeal, who)}
        self.attempt(lambda: dialogue.end_wait(appeal.pk, **values))

    @rule(n=which, days=st.integers(1, 40), move=st.sampled_from(["propose", "extend", "grant", "refuse"]))
    def extend(self, n: int, days: int, move: str) -> None:
        appeal = self.pick(n)
        head, executor = self.actor(appeal, "head"), self.actor(appeal, "holder")
        until = timezone.localdate(appeal.due_at) + dt.timedelta(days=days)
        wish = ExtensionProposal.objects.filter(appeal=appeal).last()
        if move == "propose":
            self.attempt(lambda: extension.propose(appeal.pk, actor=executor, until=until, ground=WHY))
        elif move == "extend":
            self.attempt(lambda: extension.extend(appeal.pk, actor=head, until=until, ground=WHY))
        elif wish and move == "grant":
            self.attempt(lambda: extension.grant(wish.pk, actor=head))
        elif wish:
            self.attempt(lambda: extension.refuse(wish.pk, actor=head, reason=WHY))

    # Answers

    @rule(n=which, who=anybody, interim=st.booleans())
    def draft(self, n: int, who: str, interim: bool) -> None:
        appeal = self.pick(n)
        content = self._content(interim)
        self.attempt(lambda: replies.save_draft(appeal.pk, actor=self.actor(appeal, who), content=content, version=0))

    @rule(n=which, who=anybody, interim=st.sampled_from([False, False, True]))
    def send_reply(self, n: int, who: str, interim: bool) -> None:
        appeal, content = self.pick(n), self._content(interim)
        waiting = replies.draft_of(appeal)
        values = {
            "actor": self.actor(appeal, who),
            "content": content,
            "version": waiting.version if waiting else 0,
            "reply_id": waiting.pk if waiting else None,
            "ground": "Өтініш иесімен келісілген, негіз жеткілікті",
        }
        sent = self.attempt(lambda: replies.send_reply(appeal.pk, **values))
        if sent:
            assert replies.send_reply(appeal.pk, **values).pk == sent.pk, "a second press sent a second answer"

    def _content(self, interim: bool) -> ReplyContent:
        return ReplyContent(text=ANSWER.format(self.next()), outcome=Outcome.SATISFIED, is_interim=interim)

    @rule(n=which, verdict=verdicts)
    def rate(self, n: int, verdict: Verdict) -> None:
        judgement = feedback.Judgement(verdict, rating=3, reasons=("late",))
        self.attempt(lambda: feedback.give_feedback(self.pick(n).pk, judgement))

    @rule(n=which, react=st.booleans())
    def dispute(self, n: int, react: bool) -> None:
        appeal = self.pick(n)
        judgement = feedback.Judgement(Verdict.NOT_SOLVED, reasons=("incomplete",))
        if self.attempt(lambda: feedback.dispute_answer(appeal.pk, judgement)):
            self.disputed.add(appeal.pk)
        if react:
            run_everything()

    @rule(n=which)
    def withdraw(self, n: int) -> None:
        self.attempt(lambda: feedback.withdraw(self.pick(n).pk, reason="Шешілді"))

    @rule(n=which, who=anybody, ground=st.sampled_from(sorted(closing.GROUNDS)))
    def close(self, n: int, who: str, ground: str) -> None:
        appeal = self.pick(n)
        self.attempt(lambda: closing.close(appeal.pk, actor=self.actor(appeal, who), ground=ground, reason=WHY))

    @rule(n=which)
    def consult(self, n: int) -> None:
        values = {"answer": "Су 18:00-де беріледі", "actor": self.world.inspector}
        self.attempt(lambda: consultation.resolve_at_first_contact(self.pick(n).pk, **values))

    # What holds

    @invariant()
    def laws_hold(self) -> None:
        """Looked at where something happened: a step without an event changes nothing that a law speaks of."""
        for appeal in Appeal.objects.select_related("department").filter(pk__in=self.appeals):
            if self.looked_at.get(appeal.pk) != appeal.history_seq:
                self.looked_at[appeal.pk] = appeal.history_seq
                assert not broken_laws(appeal)
                assert list(events.broken_links([appeal.pk])) == []
                assert appeal.is_disputed or appeal.pk not in self.disputed


def _state(pk: int) -> tuple[Any, ...]:
    row = Appeal.objects.values_list("status", "version", "history_seq", "due_at", "department", "executor").get(pk=pk)
    return tuple(row)


def transitions_are_lawful(monkeypatch: Any) -> list[tuple[str, str]]:
    """Watch every change of a status; the list grows while the game is played."""
    made: list[tuple[str, str]] = []
    change = workflow.change_status

    def watched(appeal: Appeal, status: Status, **values: Any) -> None:
        before = appeal.status
        change(appeal, status, **values)
        made.append((before, status))

    monkeypatch.setattr(workflow, "change_status", watched)
    return made
