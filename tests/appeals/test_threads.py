"""Messages on an open appeal: joined once, moved with one click, put back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from appeals import events, intake, threads
from appeals.models import Appeal, AppealEvent, Attachment, Channel, EventKind, Message, RemoteFile, Status
from common.errors import Conflict, ValidationFailed
from common.files import CheckedFile
from tests.factories import make_appeal, make_department, make_reference, make_user

pytestmark = pytest.mark.django_db
PERSON = intake.IncomingApplicant(
    full_name="Айгүл", phone="+77010000000", thread_key="telegram:1", contact_confirmed=True
)


def parts(external_id: str = "1:7", **values: Any) -> threads.MessageParts:
    defaults = {"channel": Channel.TELEGRAM, "received_at": timezone.now(), "text": "Су әлі де жоқ, көмектесіңіздер"}
    return threads.MessageParts(external_id=external_id, **(defaults | values))


def two_appeals() -> tuple[Appeal, Appeal]:
    return make_appeal(applicant=PERSON), make_appeal(applicant=PERSON)


def photo(content: bytes = b"jpeg") -> CheckedFile:
    return CheckedFile("photo.jpg", content, "image/jpeg")


def kinds(appeal: Appeal) -> list[str]:
    return list(AppealEvent.objects.filter(appeal=appeal).order_by("seq").values_list("kind", flat=True))


# Join


def test_message_joins_once_with_its_files() -> None:
    appeal = make_appeal(applicant=PERSON)
    first = threads.join_message(appeal.pk, parts=parts(files=[photo()]))
    second = threads.join_message(appeal.pk, parts=parts(files=[photo()]))
    assert (first.created, second.created) == (True, False)
    assert first.message == second.message
    assert Attachment.objects.get().message == first.message
    assert kinds(appeal) == [EventKind.RECEIVED, EventKind.MESSAGE_RECEIVED, EventKind.ATTACHMENT_ADDED]
    assert AppealEvent.objects.get(kind=EventKind.MESSAGE_RECEIVED).is_public


def test_history_holds_no_words_of_the_message() -> None:
    appeal = make_appeal(applicant=PERSON)
    threads.join_message(appeal.pk, parts=parts())
    assert "жоқ" not in str(AppealEvent.objects.get(kind=EventKind.MESSAGE_RECEIVED).data)


def test_closed_appeal_takes_no_message() -> None:
    appeal = make_appeal(applicant=PERSON)
    Appeal.objects.update(closed_at=timezone.now())
    with pytest.raises(Conflict):
        threads.join_message(appeal.pk, parts=parts())
    assert not Message.objects.exists()


def test_further_parts_go_to_wherever_the_message_is_now() -> None:
    source, target = two_appeals()
    message = threads.join_message(source.pk, parts=parts()).message
    threads.move_message(message.pk, to_appeal_id=target.pk, actor=make_user())
    threads.join_message(source.pk, parts=parts(files=[photo()]))
    assert Attachment.objects.get().appeal == target


def test_place_and_phone_fill_what_is_empty_and_overwrite_nothing() -> None:
    from decimal import Decimal

    appeal = make_appeal(applicant=PERSON, latitude=Decimal("43.1"), longitude=Decimal("68.1"))
    place = threads.Place(Decimal("43.2"), Decimal("68.2"))
    threads.join_message(appeal.pk, parts=parts(place=place, phone="+77019999999"))
    appeal = Appeal.objects.select_related("applicant").get()
    assert appeal.latitude == Decimal("43.1")
    assert appeal.applicant.phone == "+77010000000"


# Move


def test_move_takes_files_along_and_is_told_on_both_sides() -> None:
    source, target = two_appeals()
    remote = threads.FileToFetch("r", "u", "photo.jpg")
    message = threads.join_message(source.pk, parts=parts(files=[photo()], remote_files=[remote])).message
    actor = make_user()
    for _ in range(2):
        threads.move_message(message.pk, to_appeal_id=target.pk, actor=actor)
    message.refresh_from_db()
    assert (message.appeal, message.moved_from) == (target, source)
    assert Attachment.objects.get().appeal == RemoteFile.objects.get().appeal == target
    assert kinds(source).count(EventKind.MESSAGE_MOVED) == kinds(target).count(EventKind.MESSAGE_MOVED) == 1
    event = AppealEvent.objects.get(appeal=source, kind=EventKind.MESSAGE_MOVED)
    assert (event.actor, event.data["to"]) == (actor, target.number)
    assert list(events.broken_links()) == []


def test_undo_puts_everything_back_once() -> None:
    source, target = two_appeals()
    message = threads.join_message(source.pk, parts=parts(files=[photo()])).message
    actor = make_user()
    threads.move_message(message.pk, to_appeal_id=target.pk, actor=actor)
    for _ in range(2):
        threads.undo_move(message.pk, actor=actor)
    message.refresh_from_db()
    assert (message.appeal, message.moved_from) == (source, None)
    assert Attachment.objects.get().appeal == source
    assert kinds(source).count(EventKind.MESSAGE_MOVED) == 2


def test_message_never_goes_to_another_person() -> None:
    source, _same = two_appeals()
    other = make_appeal(applicant=intake.IncomingApplicant(full_name="Марат", phone="+77012222222"))
    message = threads.join_message(source.pk, parts=parts()).message
    with pytest.raises(ValidationFailed):
        threads.move_message(message.pk, to_appeal_id=other.pk, actor=make_user())
    message.refresh_from_db()
    assert message.appeal == source


def test_own_message_of_the_hub_is_not_moved() -> None:
    source, target = two_appeals()
    message = Message.objects.create(appeal=source, direction="out", channel="telegram", text="x")
    with pytest.raises(ValidationFailed):
        threads.move_message(message.pk, to_appeal_id=target.pk, actor=make_user())


def test_move_to_a_new_appeal_keeps_the_applicant_and_undo_ends_it() -> None:
    source = make_appeal(applicant=PERSON)
    message = threads.join_message(source.pk, parts=parts(files=[photo()])).message
    actor = make_user()
    for _ in range(2):
        threads.move_to_new_appeal(message.pk, actor=actor)
    opened = Appeal.objects.select_related("applicant").latest("pk")
    assert Appeal.objects.count() == 2
    assert (opened.text, opened.applicant.thread_key) == (message.text, "telegram:1")
    assert Attachment.objects.get().appeal == opened
    threads.undo_move(message.pk, actor=actor)
    opened.refresh_from_db()
    message.refresh_from_db()
    assert message.appeal == source
    assert (opened.status, opened.outcome) == (Status.CLOSED, "terminated")
    assert not opened.timers.filter(stopped_at__isnull=True).exists()


def test_new_appeal_with_an_answer_keeps_its_message() -> None:
    source = make_appeal(applicant=PERSON)
    message = threads.join_message(source.pk, parts=parts()).message
    threads.move_to_new_appeal(message.pk, actor=make_user())
    opened = Appeal.objects.latest("pk")
    opened.replies.create(language="kk", text="x", department=make_department())
    with pytest.raises(Conflict):
        threads.undo_move(message.pk, actor=make_user())


def test_moved_message_answers_the_question_of_its_new_appeal() -> None:
    source, target = two_appeals()
    message = threads.join_message(source.pk, parts=parts()).message
    Appeal.objects.filter(pk=target.pk).update(status=Status.AWAITING_INFO)
    threads.move_message(message.pk, to_appeal_id=target.pk, actor=make_user())
    target.refresh_from_db()
    assert target.status == Status.ASSIGNED
    assert EventKind.INFO_RECEIVED in kinds(target)


# Races


def in_threads(works: list[Callable[[], object]]) -> list[Exception]:
    barrier = threading.Barrier(len(works))
    failures: list[Exception] = []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            work()
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    started = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(timeout=30)
    return failures


@pytest.mark.django_db(transaction=True)
def test_moves_against_each_other_neither_deadlock_nor_lose_a_message() -> None:
    make_reference()
    one, other = two_appeals()
    actor = make_user()
    here = [threads.join_message(one.pk, parts=parts(f"1:{n}")).message for n in range(4)]
    there = [threads.join_message(other.pk, parts=parts(f"2:{n}")).message for n in range(4)]
    works = [
        lambda message=message: threads.move_message(message.pk, to_appeal_id=other.pk, actor=actor) for message in here
    ]
    works += [
        lambda message=message: threads.move_message(message.pk, to_appeal_id=one.pk, actor=actor) for message in there
    ]
    assert in_threads(works) == []
    assert set(one.messages.values_list("pk", flat=True)) == {message.pk for message in there}
    assert set(other.messages.values_list("pk", flat=True)) == {message.pk for message in here}
    assert list(events.broken_links()) == []


@pytest.mark.django_db(transaction=True)
def test_one_message_moved_to_two_places_ends_in_one_of_them() -> None:
    make_reference()
    source, target = two_appeals()
    third = make_appeal(applicant=PERSON)
    actor = make_user()
    message = threads.join_message(source.pk, parts=parts(files=[photo()])).message
    failures = in_threads(
        [
            lambda: threads.move_message(message.pk, to_appeal_id=target.pk, actor=actor),
            lambda: threads.move_message(message.pk, to_appeal_id=third.pk, actor=actor),
        ]
    )
    assert all(isinstance(failure, Conflict) for failure in failures)
    message.refresh_from_db()
    assert message.appeal_id == Attachment.objects.get().appeal_id
    assert list(events.broken_links()) == []


@pytest.mark.django_db(transaction=True)
def test_the_same_message_joined_by_many_at_once_is_one() -> None:
    make_reference()
    appeal = make_appeal(applicant=PERSON)
    results: list[threads.Joined] = []
    failures = in_threads([lambda: results.append(threads.join_message(appeal.pk, parts=parts())) for _ in range(6)])
    assert failures == []
    assert Message.objects.count() == 1
    assert [joined.created for joined in results].count(True) == 1


def test_signs_no_database_keeps_do_not_cost_the_message() -> None:
    appeal = make_appeal()
    file = threads.FileToFetch(remote_id="r1", unique_id="u1", name="сурет\x00.jpg")
    parts = threads.MessageParts(
        Channel.TELEGRAM, "7:\ud83d1", timezone.now(), text="Су \x00әлі \udfffжоқ", remote_files=(file,)
    )
    joined = threads.join_message(appeal.pk, parts=parts)
    assert joined.message is not None
    assert (joined.message.text, joined.message.external_id) == ("Су әлі жоқ", "7:1")
    assert not threads.join_message(appeal.pk, parts=parts).created, "the same delivery twice is one message"
