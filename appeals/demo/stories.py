"""What happened to an invented case until now: given, taken, asked, answered, judged, disputed, closed."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from random import Random
from typing import Any

from accounts.models import Role
from appeals.demo import sidelines
from appeals.demo.cases import Case
from appeals.demo.data import read, weighted
from appeals.demo.texts import Writer
from appeals.demo.world import World
from appeals.history.past import PastStep
from appeals.models import Category, EventKind, Outcome, Priority, Regime, Verdict
from organizations.models import Department

SLOW = 0.08  # of the urgent cases are not taken up within the minutes of the term
NOT_TAKEN = 0.06  # of the disputed ones nobody has begun to look at again
STUCK = 0.012  # nobody has answered and nobody will soon
CALLS = {"call109", "call1310"}
LONGEST_SILENCE = {Regime.REQUEST: dt.timedelta(days=7), Regime.APPEAL: dt.timedelta(days=15)}
MINUTE = dt.timedelta(minutes=1)


class OverError(Exception):
    """The story has reached the present."""


class Story:
    """Tells one case step by step; a step that would lie in the future ends it."""

    def __init__(self, case: Case, world: World, rng: Random, writer: Writer, due_at: dt.datetime) -> None:
        self.case, self.world, self.rng, self.writer, self.due_at = case, world, rng, writer, due_at
        self.steps: list[PastStep] = []
        self.at = case.received_at
        self.unit = self._first_unit()
        self.executor: int | None = None

    def tell(self) -> tuple[PastStep, ...]:
        with suppress(OverError):
            self._tell()
        return tuple(self.steps)

    def _tell(self) -> None:
        if self._consultation():
            return
        self._route()
        if self.unit.is_external:
            return
        if self.case.questions:
            sidelines.split(self)
        self._take()
        if self._withdrawn_or_stuck():
            return
        self._on_the_way()
        at = self._reply_at()
        if self.case.questions:
            sidelines.answer_questions(self, at)
        self._answer(at, self._outcome())
        self._judge(may_dispute=True)

    # Pieces

    def add(self, kind: EventKind, at: dt.datetime, **values: Any) -> None:
        """A step never lies before the one before it, nor after now."""
        at = max(at, self.at)
        if at >= self.world.now:
            raise OverError
        self.at = at
        self.steps.append(PastStep(kind, at, **values))

    def after(self, low: float, high: float, *, always_open: bool = False) -> dt.datetime:
        """So many minutes later; desks keep office hours, crews of emergencies do not."""
        later = self.at + MINUTE * self.rng.uniform(low, high)
        if always_open or self.case.priority != Priority.NORMAL:
            return later
        opening = self.world.calendar.registration_instant(later)
        return later if opening == later else opening + MINUTE * self.rng.uniform(1, 90)

    def _first_unit(self) -> Department:
        if self.case.category == Category.STAFF_COMPLAINT:
            return self.world.departments["appeals-control"]
        return self.world.units_of[self.case.topic]

    def _consultation(self) -> bool:
        """An operator answers on the spot what the knowledge base holds."""
        articles = self.world.articles.get(self.case.topic, [])
        share = 1.0 if self.case.topic == "consultation" else 0.08
        if self.case.channel not in CALLS or not articles or self.rng.random() > share:
            return False
        article = self.rng.choice(articles)
        text = article.body_ru if self.case.language == "ru" else article.body_kk
        operator = self.world.one_of(self.rng, Role.OPERATOR)
        self.add(
            EventKind.CLOSED,
            self.after(2, 8, always_open=True),
            actor_id=operator,
            text=text,
            outcome=Outcome.FIRST_CONTACT,
            data={"article": article.slug},
        )
        return True

    def _route(self) -> None:
        inspector = self.world.one_of(self.rng, Role.INSPECTOR)
        fast = self.case.priority != Priority.NORMAL
        at = self.after(1, 9) if fast else self.after(15, 240)
        kind, reason = EventKind.ASSIGNED, ""
        if self.unit.is_external:
            kind, reason = EventKind.FORWARDED, self.writer.say("forward")
        self.add(kind, at, actor_id=inspector, department_id=self.unit.pk, reason=reason)
        if self.case.incident:
            self.add(EventKind.INCIDENT_JOINED, at, actor_id=inspector, data={"incident": int(self.case.incident)})

    def _take(self, *, within: float = 300) -> None:
        self.executor = self.world.one_of(self.rng, Role.EXECUTOR, self.unit)
        fast = self.case.priority != Priority.NORMAL
        at = self.after(1, 60 if self.rng.random() < SLOW else 6) if fast else self.after(10, within)
        self.add(EventKind.CLAIMED, at, actor_id=self.executor, user_id=self.executor)

    def _withdrawn_or_stuck(self) -> bool:
        chance = self.rng.random()
        if chance < 0.01:
            self.add(EventKind.WITHDRAWN, self.after(200, 2000), outcome=Outcome.WITHDRAWN)
            return True
        return chance < 0.01 + STUCK

    def _on_the_way(self) -> None:
        """Notes, a second message, a question that stops the clock, an extension."""
        rng, room = self.rng, (self.due_at - self.at).total_seconds() / 60
        if rng.random() < 0.15:
            self.add(EventKind.NOTE_ADDED, self.after(5, 120), actor_id=self.executor, text=self.writer.say("note"))
        if rng.random() < 0.07:
            at = self.after(60, 400, always_open=True)
            self.add(EventKind.MESSAGE_RECEIVED, at, text=self.writer.say("more"))
        if rng.random() < 0.09 and room > 24 * 60:
            self._ask()
        if self.case.regime == Regime.APPEAL and rng.random() < 0.08:
            sidelines.extend(self)

    def _ask(self) -> None:
        at = self.after(20, 300)
        self.add(EventKind.INFO_REQUESTED, at, actor_id=self.executor, text=self.writer.say("question"))
        answered = self.after(200, 3200, always_open=True)
        self.add(EventKind.INFO_RECEIVED, answered, text=self.writer.say("answer"))
        self.due_at += answered - at
        if self.rng.random() < 0.5:
            sidelines.show_place(self)

    # The answer

    def _outcome(self) -> Outcome:
        shares = read("proportions")["streams"][self.case.stream]["outcomes"]
        if self.rng.random() < shares["not_done"] / sum(shares.values()):
            return Outcome.NOT_DONE
        if self.case.category in (Category.GRATITUDE, Category.INCIDENT):
            return Outcome.SATISFIED if self.rng.random() < 0.9 else Outcome.SATISFIED_PARTLY
        return Outcome(weighted(self.rng, read("proportions")["answers"]))

    def _reply_at(self) -> dt.datetime:
        """Most answers come late in the term, as the study says; few after it."""
        shares = read("proportions")["streams"][self.case.stream]["outcomes"]
        room = max(self.due_at - self.at, MINUTE * 10)
        if self.rng.random() < shares["late"] / sum(shares.values()):
            return self.due_at + room * self.rng.uniform(0.05, 0.6)
        at = self.at + room * self.rng.betavariate(2.2, 1.6)
        if self.case.priority == Priority.NORMAL:
            opening = self.world.calendar.registration_instant(at)
            at = opening if opening < self.due_at else at
        return min(at, self.due_at - MINUTE)

    def _answer(self, at: dt.datetime, outcome: Outcome) -> None:
        measures, done_by = self.writer.measures(outcome), self.writer.crew()
        if outcome not in (Outcome.EXPLAINED, Outcome.REFUSED) and self.rng.random() < 0.06:
            half = self.at + (at - self.at) / 2
            self.add(
                EventKind.REPLY_SENT,
                half,
                actor_id=self.executor,
                text=self.writer.say("interim", measures=measures),
                is_interim=True,
            )
        done_on = max((at - dt.timedelta(hours=self.rng.uniform(1, 30))).date(), self.case.received_at.date())
        text = self.writer.answer(
            applicant=self.case.person.firm or self.case.person.given or self.writer.say("nobody"),
            outcome=outcome,
            measures=measures,
            done_on=done_on,
            done_by=done_by,
            statutory=self.case.regime == Regime.APPEAL,
        )
        sidelines.show_work(self, at, outcome)
        self.add(
            EventKind.REPLY_SENT,
            at,
            actor_id=self.executor,
            text=text,
            outcome=outcome,
            measures=measures,
            done_on=done_on,
            done_by=done_by,
        )

    # The judgement

    def _judge(self, *, may_dispute: bool) -> None:
        answered_at = self.at
        if self.rng.random() < 0.4:
            self._rate(may_dispute=may_dispute)
        if not self.steps or self.steps[-1].kind != EventKind.CLOSED:
            at = answered_at + LONGEST_SILENCE[self.case.regime] + MINUTE * self.rng.uniform(1, 30)
            self.add(EventKind.CLOSED, at, data={"why": "silent"})

    def _rate(self, *, may_dispute: bool) -> None:
        at = self.after(60, 6000, always_open=True)
        answered = next(step for step in reversed(self.steps) if step.kind == EventKind.REPLY_SENT)
        happy = 0.82 if answered.outcome == Outcome.SATISFIED else 0.35
        if self.rng.random() < happy:
            praise = self.writer.say("praise")
            rating = self.rng.choice([5, 5, 5, 4])
            self.add(EventKind.RATED, at, verdict=Verdict.SOLVED, rating=rating, text=praise)
            self.add(EventKind.CLOSED, at, data={"why": "solved"})
            return
        verdict = Verdict.PARTLY if self.rng.random() < 0.5 else Verdict.NOT_SOLVED
        values: dict[str, Any] = {
            "verdict": verdict,
            "rating": self.rng.choice([1, 2, 3] if verdict == Verdict.NOT_SOLVED else [3, 3, 4]),
            "reasons": (weighted(self.rng, read("proportions")["dissatisfied"]),),
            "text": self.writer.say("dispute"),
        }
        if may_dispute and verdict == Verdict.NOT_SOLVED and self.rng.random() < 0.7:
            self.add(EventKind.DISPUTED, at, **values)
            self._second_look()
        else:
            self.add(EventKind.RATED, at, **values)

    def _second_look(self) -> None:
        """A different unit: control of appeals, or the office of the akim where that one answered."""
        control, office = self.world.departments["appeals-control"], self.world.departments["akim-office"]
        self.unit = office if self.unit == control else control
        self.add(EventKind.REOPENED, self.at + MINUTE / 20, department_id=self.unit.pk)
        self.due_at = self.world.calendar.end_of_day(self.world.calendar.add_working_days(self.at.date(), 5))
        if self.rng.random() < NOT_TAKEN:
            raise OverError
        self._take(within=3000)
        self._answer(self._reply_at(), Outcome.SATISFIED if self.rng.random() < 0.7 else Outcome.EXPLAINED)
        self._judge(may_dispute=False)
