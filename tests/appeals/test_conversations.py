"""The conversation with a person in Telegram and by e-mail, through stored deliveries as in life."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from appeals import deliveries, remote_files
from appeals.channels.base import FileUnavailable, channels
from appeals.models import (
    Appeal,
    AppealEvent,
    Attachment,
    ChannelParameters,
    ChannelThread,
    EventKind,
    Feedback,
    Message,
    RawDelivery,
    RemoteFile,
    Reply,
    Status,
)
from common.rows import forget_rows
from notifications import mail_ids
from notifications.models import Notification
from organizations.models import Organization
from tests.appeals.channels.samples import raw
from tests.factories import make_reference

pytestmark = pytest.mark.django_db
COUNTER = itertools.count(1)
PERSON = {"id": 111222333, "is_bot": False, "first_name": "Aigerim", "language_code": "ru"}
CHAT = {"id": 111222333, "type": "private"}
TEXT = "Көшеде үш күннен бері су жоқ, құбыр жарылған болуы керек"


@pytest.fixture(autouse=True)
def reference() -> None:
    make_reference()


def receive(slug: str, payload: bytes) -> RawDelivery:
    external_id = channels.get(slug).delivery_id(payload)
    deliveries.store(slug, external_id, payload)
    deliveries.process_waiting()
    return RawDelivery.objects.get(channel=slug, external_id=external_id[:200])


def say(text: str = "", **body: Any) -> RawDelivery:
    """The person sends something to the bot."""
    number = next(COUNTER)
    message = {"message_id": 1000 + number, "from": PERSON, "chat": CHAT, "date": 1764000000, **body}
    if text:
        message["text"] = text
    return receive("telegram", json.dumps({"update_id": number, "message": message}).encode())


def press(data: str, person: dict[str, Any] = PERSON) -> RawDelivery:
    number = next(COUNTER)
    chat = {"id": person["id"], "type": "private"}
    callback = {"id": f"77{number}", "from": person, "message": {"message_id": 5, "chat": chat}, "data": data}
    return receive("telegram", json.dumps({"update_id": number, "callback_query": callback}).encode())


def photo(name: str) -> list[dict[str, Any]]:
    return [{"file_id": f"id-{name}", "file_unique_id": name, "file_size": 1000, "width": 40, "height": 30}]


def answers() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("template", flat=True))


def kinds(appeal: Appeal) -> list[str]:
    return list(AppealEvent.objects.filter(appeal=appeal).order_by("seq").values_list("kind", flat=True))


# Opening and joining


def test_second_text_joins_the_open_appeal() -> None:
    say(TEXT)
    delivery = say("Кешке дейін келеді деген еді, ешкім келмеді")
    appeal = Appeal.objects.get()
    assert delivery.appeal == appeal
    assert Message.objects.get().text.startswith("Кешке дейін")
    assert appeal.has_unread_message
    assert kinds(appeal) == [EventKind.RECEIVED, EventKind.MESSAGE_RECEIVED]
    assert answers() == ["talk_joined"]


def test_text_after_the_time_of_the_administrator_opens_a_new_appeal() -> None:
    say(TEXT)
    ChannelParameters.objects.update_or_create(channel="telegram", defaults={"join_within_hours": 1})
    forget_rows()
    Appeal.objects.update(received_at=timezone.now() - timedelta(hours=2))
    say("Тротуарда үлкен шұңқыр бар, біреу құлап қалады")
    assert Appeal.objects.count() == 2


def test_recent_message_keeps_an_old_appeal_in_the_conversation() -> None:
    say(TEXT)
    Appeal.objects.update(received_at=timezone.now() - timedelta(hours=100))
    Message.objects.create(
        appeal=Appeal.objects.get(), direction="out", channel="telegram", text="Қай үй?", at=timezone.now()
    )
    say("Тәуке хан 5, екінші кіреберіс")
    assert Appeal.objects.count() == 1


def test_text_after_the_appeal_was_closed_opens_a_new_one() -> None:
    say(TEXT)
    Appeal.objects.update(closed_at=timezone.now())
    say("Тротуарда үлкен шұңқыр бар, біреу құлап қалады")
    assert Appeal.objects.count() == 2


def test_new_opens_another_appeal_at_once_or_with_the_next_text() -> None:
    say(TEXT)
    say("/new Тротуарда үлкен шұңқыр бар")
    say("/new")
    assert answers() == ["talk_ask_new"]
    say("Аулада жарық жанбайды")
    say("Ал мынау соңғысына қосымша")
    assert [appeal.text for appeal in Appeal.objects.order_by("pk")] == [
        TEXT, "Тротуарда үлкен шұңқыр бар", "Аулада жарық жанбайды"
    ]  # fmt: skip
    assert Message.objects.get().appeal.text == "Аулада жарық жанбайды"


def test_answer_to_a_notice_joins_its_appeal_and_not_the_last_one() -> None:
    say(TEXT)
    first = Appeal.objects.get()
    say("/new Тротуарда үлкен шұңқыр бар")
    notice = {"message_id": 7, "from": {"id": 1, "is_bot": True}, "chat": CHAT, "text": f"Қабылданды. № {first.number}"}
    say("Су келді, рахмет", reply_to_message=notice)
    assert Message.objects.get().appeal == first


def test_number_of_somebody_else_joins_nothing() -> None:
    stranger = {**PERSON, "id": 999}
    message = {"message_id": 1, "from": stranger, "chat": {"id": 999, "type": "private"}, "date": 1, "text": TEXT}
    payload = {"update_id": next(COUNTER), "message": message}
    receive("telegram", json.dumps(payload).encode())
    other = Appeal.objects.get()
    notice = {"message_id": 7, "from": {"id": 1, "is_bot": True}, "chat": CHAT, "text": f"№ {other.number}"}
    say("Бұл менің өтінішім емес пе еді", reply_to_message=notice)
    assert Appeal.objects.count() == 2
    assert not Message.objects.exists()
    assert Appeal.objects.latest("pk").parent is None


def test_answer_to_a_closed_appeal_opens_one_that_knows_it() -> None:
    say(TEXT)
    first = Appeal.objects.get()
    Appeal.objects.update(closed_at=timezone.now())
    notice = {"message_id": 7, "from": {"id": 1, "is_bot": True}, "chat": CHAT, "text": f"№ {first.number}"}
    say("Су тағы да жоқ болып қалды", reply_to_message=notice)
    assert Appeal.objects.latest("pk").parent == first


def test_photo_and_greeting_before_the_text_become_part_of_the_appeal() -> None:
    say(photo=photo("one"))
    say("Сәлем")
    say(location={"latitude": 43.2973, "longitude": 68.2518})
    assert not Appeal.objects.exists()
    assert answers() == ["talk_ask_text"]
    say(TEXT)
    appeal = Appeal.objects.get()
    assert appeal.text == f"Сәлем\n{TEXT}"
    assert appeal.latitude == Decimal("43.29730")
    assert RemoteFile.objects.get().appeal == appeal
    assert ChannelThread.objects.get().held == []


def test_what_was_said_yesterday_is_not_part_of_todays_appeal() -> None:
    say("Сәлем")
    RawDelivery.objects.update(received_at=timezone.now() - timedelta(hours=30))
    say(TEXT)
    assert Appeal.objects.get().text == TEXT


def test_album_is_one_appeal_in_whatever_order_its_photos_come() -> None:
    say(photo=photo("two"), media_group_id="g1")
    say(photo=photo("one"), media_group_id="g1", caption="Үйдің алдында су құбыры жарылды")
    say(photo=photo("three"), media_group_id="g1")
    appeal = Appeal.objects.get()
    assert set(RemoteFile.objects.values_list("unique_id", "appeal")) == {
        ("one", appeal.pk),
        ("two", appeal.pk),
        ("three", appeal.pk),
    }
    assert not Message.objects.exists()


def test_album_after_the_text_is_one_message() -> None:
    say(TEXT)
    for name in ("one", "two", "three"):
        say(photo=photo(name), media_group_id="g2")
    message = Message.objects.get()
    assert RemoteFile.objects.filter(message=message).count() == 3
    assert answers() == ["talk_joined"]


def test_location_and_own_contact_complete_the_appeal() -> None:
    say(TEXT)
    say(location={"latitude": 43.2973, "longitude": 68.2518})
    say(contact={"phone_number": "77010000000", "user_id": PERSON["id"]})
    appeal = Appeal.objects.select_related("applicant").get()
    assert (appeal.latitude, appeal.longitude) == (Decimal("43.29730"), Decimal("68.25180"))
    assert appeal.applicant.phone == "+77010000000"
    assert appeal.applicant.phone_hash
    event = AppealEvent.objects.get(kind=EventKind.CONTACT_CONFIRMED)
    assert "7701" not in json.dumps(event.data)


def test_contact_of_another_person_changes_nothing() -> None:
    say(TEXT)
    say(contact={"phone_number": "77012222222", "user_id": 5})
    assert Appeal.objects.select_related("applicant").get().applicant.phone == ""


def test_edited_text_is_kept_beside_the_first_one() -> None:
    delivery = say(TEXT)
    message_id = json.loads(delivery.payload)["message"]["message_id"]
    edited = {
        "message_id": message_id,
        "from": PERSON,
        "chat": CHAT,
        "date": 1,
        "edit_date": 2,
        "text": TEXT.replace("үш", "төрт"),
    }
    receive("telegram", json.dumps({"update_id": next(COUNTER), "edited_message": edited}).encode())
    assert Appeal.objects.get().text == TEXT
    revision = Message.objects.get()
    assert revision.is_revision
    assert "төрт" in revision.text
    assert answers() == []


def test_message_restarts_the_clock_that_waited_for_it() -> None:
    from appeals import timers

    say(TEXT)
    appeal = Appeal.objects.get()
    timers.pause(appeal, at=timezone.now() - timedelta(days=2), reason="Қай үй?")
    Appeal.objects.update(status=Status.AWAITING_INFO)
    due_before = appeal.due_at
    say("Тәуке хан 5, екінші кіреберіс")
    appeal.refresh_from_db()
    assert appeal.status == Status.ASSIGNED
    assert appeal.due_at > due_before
    assert kinds(appeal)[1:] == [EventKind.MESSAGE_RECEIVED, EventKind.INFO_RECEIVED, EventKind.CLOCK_RESUMED]


def test_sender_that_floods_is_stopped_and_nothing_is_lost() -> None:
    ChannelParameters.objects.update_or_create(channel="telegram", defaults={"appeals_per_day": 2})
    forget_rows()
    for number in range(3):
        delivery = say(f"/new Бірінші мәселе нөмірі {number}")
    assert Appeal.objects.count() == 2
    assert delivery.status == RawDelivery.Status.FAILED
    assert "RateLimited" in delivery.error


# Commands


def test_help_offers_the_languages_and_never_asks_for_the_iin() -> None:
    say("/start")
    note = Notification.objects.get()
    assert note.template == "talk_help"
    assert note.language == "ru"
    buttons = note.headers["reply_markup"]["inline_keyboard"][0]
    assert [button["callback_data"] for button in buttons] == ["l:kk", "l:ru", "l:en"]
    assert "Не присылайте сюда ИИН" in note.body


def test_chosen_language_is_that_of_the_bot_and_of_the_answer() -> None:
    press("l:en")
    say("/help")
    say(TEXT)
    assert Notification.objects.latest("pk").language == "en"
    appeal = Appeal.objects.get()
    assert (appeal.language, appeal.answer_language) == ("kk", "en")


def test_status_lists_the_own_appeals_only() -> None:
    say("/status")
    say(TEXT)
    say("/status")
    empty, listed = Notification.objects.filter(template="talk_status").order_by("pk")
    number = Appeal.objects.get().number
    assert number not in empty.body
    assert number in listed.body


# Judging the answer


def answered() -> Reply:
    say(TEXT)
    appeal = Appeal.objects.get()
    Appeal.objects.update(status=Status.ANSWERED, answered_at=timezone.now())
    return Reply.objects.create(
        appeal=appeal, language="kk", text="Құбыр ауыстырылды.", outcome="satisfied", sent_at=timezone.now()
    )


def test_one_tap_closes_a_solved_matter_and_a_second_tap_changes_nothing() -> None:
    reply = answered()
    press(f"v:{reply.pk}:solved")
    press(f"v:{reply.pk}:solved")
    feedback = Feedback.objects.get()
    assert (feedback.verdict, feedback.reply) == ("solved", reply)
    assert Appeal.objects.get().status == Status.CLOSED


def test_not_solved_is_asked_for_the_reason_and_may_be_disputed() -> None:
    reply = answered()
    press(f"v:{reply.pk}:not_solved")
    assert not Feedback.objects.exists()
    asked = Notification.objects.latest("pk")
    reasons = [row[0]["callback_data"] for row in asked.headers["reply_markup"]["inline_keyboard"]]
    assert f"v:{reply.pk}:not_solved:incomplete" in reasons
    assert asked.headers["callback_query_id"]
    press(reasons[0])
    assert Feedback.objects.get().reasons == ["incomplete"]
    (row,) = Notification.objects.latest("pk").headers["reply_markup"]["inline_keyboard"]
    press(row[0]["callback_data"])
    assert Feedback.objects.get().is_dispute
    assert Appeal.objects.get().is_disputed


def test_button_of_a_stranger_judges_nothing() -> None:
    reply = answered()
    press(f"v:{reply.pk}:solved", {**PERSON, "id": 999})
    assert not Feedback.objects.exists()


# Files


def jpeg() -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 60)).save(stored, "JPEG")
    return stored.getvalue()


def serve(monkeypatch: pytest.MonkeyPatch, content: bytes | Exception) -> None:
    def fetch(self: Any, file: Any, *, largest: int) -> bytes:
        if isinstance(content, Exception):
            raise content
        return content

    monkeypatch.setattr(type(channels.get("telegram")), "fetch", fetch)


def test_photo_is_fetched_after_the_appeal_is_safe(
    monkeypatch: pytest.MonkeyPatch, run_tasks: Callable[[], list[str]]
) -> None:
    serve(monkeypatch, jpeg())
    say(photo=photo("one"), caption=TEXT)
    appeal = Appeal.objects.get()
    assert not Attachment.objects.exists()
    assert "appeals.tasks.fetch_remote_files" in run_tasks()
    attachment = Attachment.objects.get()
    assert (attachment.appeal, attachment.name, attachment.content_type) == (appeal, "photo.jpg", "image/jpeg")
    assert RemoteFile.objects.get().status == "stored"
    assert EventKind.ATTACHMENT_ADDED in kinds(appeal)


def test_file_server_out_of_order_delays_the_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, FileUnavailable("ConnectTimeout"))
    say(photo=photo("one"), caption=TEXT)
    assert Appeal.objects.exists()
    remote_files.fetch_due()
    row = RemoteFile.objects.get()
    assert (row.status, row.attempts, row.error) == ("waiting", 1, "ConnectTimeout")
    serve(monkeypatch, jpeg())
    RemoteFile.objects.update(next_try_at=timezone.now())
    remote_files.fetch_due()
    assert Attachment.objects.exists()


def test_lost_and_refused_files_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, FileUnavailable("too large", is_final=True))
    say(photo=photo("one"), caption=TEXT)
    remote_files.fetch_due()
    serve(monkeypatch, b"MZ\x90\x00" + b"\x00" * 100)
    say(photo=photo("two"))
    remote_files.fetch_due()
    assert list(RemoteFile.objects.order_by("pk").values_list("status", flat=True)) == ["failed", "refused"]
    assert answers().count("talk_files_refused") == 2
    assert not Attachment.objects.exists()


def test_the_same_photo_twice_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, jpeg())
    say(photo=photo("one"), caption=TEXT)
    say(photo=photo("one"))
    remote_files.fetch_due()
    assert RemoteFile.objects.count() == 1
    assert Attachment.objects.count() == 1


# E-mail


def test_mail_becomes_an_appeal_with_its_good_files_and_tells_of_the_bad_one() -> None:
    receive("email", raw("email_html_files.eml"))
    appeal = Appeal.objects.select_related("applicant").get()
    assert (appeal.channel, appeal.language, appeal.subject) == ("email", "ru", "Яма на дороге")
    assert appeal.applicant.email == "marat@corp.example"
    assert [file.name for file in appeal.attachments.all()] == ["яма.jpg"]
    (refused,) = Notification.objects.filter(template="talk_files_refused")
    assert "photo.jpg" in refused.body


def test_answer_by_mail_joins_its_appeal_whoever_of_the_house_sends_it() -> None:
    receive("email", raw("email_text.eml"))
    appeal = Appeal.objects.get()
    ours = mail_ids.message_id(appeal.number, 1).encode()
    receive("email", raw("email_answer.eml").replace(b"MESSAGE_ID", ours))
    assert Message.objects.get().appeal == appeal


def test_number_in_the_subject_joins_only_for_the_address_of_the_applicant() -> None:
    receive("email", raw("email_text.eml"))
    appeal = Appeal.objects.get()
    answer = (
        raw("email_answer.eml")
        .replace(b"TRK-26-0000017-7", appeal.number.encode())
        .replace(b"In-Reply-To: MESSAGE_ID\r\n", b"")
    )
    stranger = answer.replace(b"From: aigerim@mail.example", b"From: stranger@mail.example").replace(
        b"<answer-1@", b"<answer-2@"
    )
    receive("email", answer)
    receive("email", stranger)
    assert Message.objects.get().appeal == appeal
    assert Appeal.objects.count() == 2


def test_second_mail_that_answers_nothing_is_a_new_appeal() -> None:
    receive("email", raw("email_text.eml"))
    receive("email", raw("email_text.eml").replace(b"<CAF1a2b3@", b"<CAF1a2b4@"))
    assert Appeal.objects.count() == 2


def test_robots_make_nothing() -> None:
    for name in ("email_auto_reply.eml", "email_bulk.eml", "email_bounce.eml"):
        assert receive("email", raw(name)).status == RawDelivery.Status.IGNORED
    assert not Appeal.objects.exists()
    assert not Notification.objects.exists()


def test_mail_of_a_body_that_appeals_are_forwarded_to_waits_for_a_person() -> None:
    Organization.objects.create(slug="x", kind="external", name_kk="X", name_ru="X", email="Aigerim@mail.example")
    assert receive("email", raw("email_text.eml")).status == RawDelivery.Status.FAILED
    assert not Appeal.objects.exists()
