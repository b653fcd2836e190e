"""What goes on beside the main line of an invented case: several questions, a later date, photos, duplicates."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING

from accounts.models import Role
from appeals.demo.cases import Case
from appeals.demo.pictures import VARIANTS, paper, photo
from appeals.demo.texts import DESK_TOPICS, Writer
from appeals.models import EventKind, Outcome, Regime
from common.files import CheckedFile

if TYPE_CHECKING:
    from appeals.demo.stories import Story

WITH_FILES = {"web", "whatsapp", "telegram", "mobile", "instagram", "facebook", "email", "eotinish"}
GRANTED = 0.8  # of the wishes to extend a term
MINUTE = dt.timedelta(minutes=1)


# Files


def files_of(rng: Random, case: Case) -> tuple[CheckedFile, ...]:
    """What a resident sends along where the channel takes files: photos of a place, papers of a household."""
    if case.channel not in WITH_FILES:
        return ()
    if case.topic in DESK_TOPICS:
        is_paper = case.regime == Regime.APPEAL and rng.random() < 0.2
        return (paper(rng.randrange(VARIANTS)),) if is_paper else ()
    if rng.random() > 0.55:
        return ()
    first = rng.randrange(VARIANTS)
    numbers = (first, (first + 1) % VARIANTS) if rng.random() < 0.3 else (first,)
    return tuple(file for number in numbers if (file := photo(case.topic, number)))


def show_place(story: Story) -> None:
    """A photo with the answer to the unit's question."""
    file = photo(story.case.topic, story.rng.randrange(VARIANTS))
    if file and story.case.channel in WITH_FILES:
        story.add(EventKind.ATTACHMENT_ADDED, story.at, files=(file,))


def show_work(story: Story, at: dt.datetime, outcome: Outcome) -> None:
    """A photo of what was done, attached before the answer is sent."""
    file = photo(story.case.topic, story.rng.randrange(VARIANTS), is_mended=True)
    if file and outcome == Outcome.SATISFIED and story.rng.random() < 0.15:
        story.add(EventKind.ATTACHMENT_ADDED, at - MINUTE * 7, actor_id=story.executor, files=(file,))


# Several questions


def split(story: Story) -> None:
    """The inspector finds two questions: one stays, the other has a unit of its own or belongs to another body."""
    inspector = story.world.one_of(story.rng, Role.INSPECTOR)
    other = story.world.units_of[story.case.second]
    story.add(EventKind.SPLIT, story.after(4, 40), actor_id=inspector, questions=story.case.questions)
    given = {"actor_id": inspector, "question": 1, "department_id": story.unit.pk}
    story.add(EventKind.ASSIGNED, story.at + MINUTE, **given)
    given |= {"question": 2, "department_id": other.pk}
    if other.is_external:
        story.add(EventKind.FORWARDED, story.at + MINUTE, reason=story.writer.say("forward"), **given)
    else:
        story.add(EventKind.ASSIGNED, story.at + MINUTE, **given)


def answer_questions(story: Story, until: dt.datetime) -> None:
    """Each unit answers its own question before the answer as a whole goes out."""
    other = story.world.units_of[story.case.second]
    room, begun = until - story.at, story.at
    writers = {1: story.writer, 2: Writer(story.rng, story.case.language, story.case.second, story.case.place)}
    executors = {1: story.executor, 2: story.world.one_of(story.rng, Role.EXECUTOR, other)}
    for number, writer in writers.items():
        if number == 2 and other.is_external:
            continue
        text = writer.say("part_answer", measures=writer.measures("satisfied"))
        at = begun + room * (0.3 * number)
        story.add(EventKind.QUESTION_ANSWERED, at, actor_id=executors[number], question=number, text=text)


# A later date


def extend(story: Story) -> None:
    """The executor proposes a later date with a ground; the head of the unit decides."""
    calendar, rng = story.world.calendar, story.rng
    until = calendar.end_of_day(calendar.add_working_days(story.due_at.date(), 10))
    at = calendar.registration_instant(story.due_at - dt.timedelta(days=rng.randint(3, 6)))
    ground = story.writer.say("extension")
    story.add(EventKind.EXTENSION_PROPOSED, at, actor_id=story.executor, reason=ground, until=until)
    head, at = story.world.one_of(rng, Role.HEAD, story.unit), story.after(30, 500)
    if rng.random() > GRANTED:
        story.add(EventKind.EXTENSION_REFUSED, at, actor_id=head, reason=story.writer.say("not_extended"))
        return
    story.add(EventKind.TERM_EXTENDED, at, actor_id=head, reason=ground, until=until)
    story.due_at = until
