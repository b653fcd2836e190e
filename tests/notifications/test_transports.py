"""Wire formats of the transports, and what they make of each failure."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from notifications.transports import sms, telegram
from notifications.transports.base import OutgoingMessage, TransportFailed, Undeliverable, transports
from tests.notifications.providers import Smsc, TelegramApi, serving

KAZAKH = "TRK-26-0000017-7 өтінішіңізге жауап берілді"


def message(**values: Any) -> OutgoingMessage:
    defaults = {"ref": "hub-17", "address": "+77010000000", "language": "kk", "subject": "[№ 1] Жауап", "body": KAZAKH}
    return OutgoingMessage(**(defaults | values))


# SMS


@pytest.fixture
def smsc(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Smsc]:
    monkeypatch.setattr(sms, "TIMEOUT", 30.0)  # a busy machine answers late; only who waits for silence is impatient
    provider = Smsc()
    with serving(provider) as address:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN, settings.SMS_SENDER = f"{address}/sys/", "key", "HalyqUni"
        yield provider


def test_sms_goes_with_an_id_of_ours(smsc: Smsc) -> None:
    assert transports.get("sms").send(message()) == "hub-17"
    assert smsc.requests == [
        ("send.php", {"apikey": "key", "fmt": "3", "phones": "+77010000000", "mes": KAZAKH, "sender": "HalyqUni",
                      "id": "hub-17", "charset": "utf-8"})
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fault", ["silence", "500", "502", "html", "cut off", "error 9", "error 4", "error 3", "error 2", "error 99"]
)
def test_sms_failures_that_may_pass_are_tried_again(smsc: Smsc, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    smsc.faults = [fault]
    if fault == "silence":
        monkeypatch.setattr(sms, "TIMEOUT", 0.3)
    with pytest.raises(TransportFailed):
        transports.get("sms").send(message())


@pytest.mark.parametrize("fault", ["error 1", "error 6", "error 7", "error 8"])
def test_sms_failures_that_stay_are_final(smsc: Smsc, fault: str) -> None:
    smsc.faults = [fault]
    with pytest.raises(Undeliverable):
        transports.get("sms").send(message())


def test_empty_account_waits_an_hour(smsc: Smsc) -> None:
    smsc.faults = ["error 3"]
    with pytest.raises(TransportFailed) as failure:
        transports.get("sms").send(message())
    assert failure.value.retry_after == timedelta(hours=1)


def test_sms_taken_before_the_line_broke_is_not_sent_twice(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    smsc.faults = ["taken, then silence"]
    with monkeypatch.context() as impatient, pytest.raises(TransportFailed):
        impatient.setattr(sms, "TIMEOUT", 0.3)
        transports.get("sms").send(message())
    assert transports.get("sms").send(message(is_repeat=True)) == "hub-17"
    assert len(smsc.taken) == 1
    assert [page for page, _fields in smsc.requests] == ["send.php", "status.php"]


def test_sms_lost_before_it_was_taken_is_sent_again(smsc: Smsc) -> None:
    smsc.faults = ["silence"]
    with pytest.raises(TransportFailed):
        transports.get("sms").send(message())
    transports.get("sms").send(message(is_repeat=True))
    assert len(smsc.taken) == 1


def test_gateway_that_cannot_say_whether_it_has_the_sms_is_asked_again_later(smsc: Smsc) -> None:
    smsc.faults = ["error 9"]
    with pytest.raises(TransportFailed):
        transports.get("sms").send(message(is_repeat=True))
    assert smsc.taken == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("қ" * 70, 1),
        ("қ" * 71, 2),
        ("қ" * 134, 2),
        ("қ" * 135, 3),
        ("я" * 70, 1),
        ("№", 1),
    ],
)
def test_parts_of_an_sms(text: str, parts: int) -> None:
    assert sms.parts_of(text) == parts


# Telegram


@pytest.fixture
def bot(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[TelegramApi]:
    monkeypatch.setattr(telegram, "TIMEOUT", 0.3)
    provider = TelegramApi()
    with serving(provider) as address:
        settings.TELEGRAM_API_BASE, settings.TELEGRAM_BOT_TOKEN = address, "1:TOKEN"
        yield provider


def test_bot_sends_plain_text_with_buttons(bot: TelegramApi) -> None:
    markup = {"inline_keyboard": [[{"text": "Шешілді", "callback_data": "v:1:solved"}]]}
    assert transports.get("telegram").send(message(address="111", headers={"reply_markup": markup})) == "1"
    (sent,) = bot.taken
    assert (sent["chat_id"], sent["text"], sent["reply_markup"]) == ("111", KAZAKH, markup)
    assert "parse_mode" not in sent


def test_busy_bot_waits_as_long_as_it_is_told(bot: TelegramApi) -> None:
    bot.faults = ["429"]
    with pytest.raises(TransportFailed) as failure:
        transports.get("telegram").send(message(address="111"))
    assert failure.value.retry_after == timedelta(seconds=900)


def test_blocked_bot_is_final(bot: TelegramApi) -> None:
    bot.faults = ["403"]
    with pytest.raises(Undeliverable):
        transports.get("telegram").send(message(address="111"))


@pytest.mark.parametrize("fault", ["silence", "500", "502", "cut off"])
def test_bot_failures_that_may_pass_never_tell_the_token(
    bot: TelegramApi, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bot.faults = [fault]
    with pytest.raises(TransportFailed) as failure:
        transports.get("telegram").send(message(address="111"))
    assert "TOKEN" not in str(failure.value)
    assert "TOKEN" not in caplog.text


def test_forgotten_question_of_a_button_does_not_stop_the_message(bot: TelegramApi) -> None:
    transports.get("telegram").send(message(address="111", headers={"callback_query_id": "9"}))
    assert [page for page, _fields in bot.requests] == ["answerCallbackQuery", "sendMessage"]


def test_long_text_is_cut_between_words_and_keeps_its_buttons_at_the_end(bot: TelegramApi) -> None:
    body = "сөз " * 3000
    transports.get("telegram").send(
        message(address="111", body=body.strip(), headers={"reply_markup": {"inline_keyboard": []}})
    )
    assert len(bot.taken) == 3
    assert all(len(sent["text"]) <= 4096 for sent in bot.taken)
    assert " ".join(sent["text"].strip() for sent in bot.taken) == body.strip()
    assert ["reply_markup" in sent for sent in bot.taken] == [False, False, True]


def test_cut_never_splits_a_character_of_two_units() -> None:
    assert telegram.cut("😀" * 5000, 4096)[0] == "😀" * 2048


# E-mail


def test_mail_carries_our_message_id_and_says_that_it_is_automatic() -> None:
    headers = {
        "Message-ID": "<TRK-26-0000017-7.3.abc@localhost>",
        "In-Reply-To": "<first@mail.kz>",
        "References": "<first@mail.kz>",
    }
    assert transports.get("email").send(message(address="a@b.kz", headers=headers)) == headers["Message-ID"]
    (sent,) = mail.outbox
    written = sent.message()
    assert written["Message-ID"] == headers["Message-ID"]
    assert written["In-Reply-To"] == "<first@mail.kz>"
    assert written["Auto-Submitted"] == "auto-generated"
    assert sent.to == ["a@b.kz"]


def test_subject_with_line_breaks_cannot_add_headers() -> None:
    transports.get("email").send(message(address="a@b.kz", subject="a\r\nBcc: all@b.kz"))
    (sent,) = mail.outbox
    assert sent.subject == "a Bcc: all@b.kz"
    assert sent.message()["Bcc"] is None


def test_files_go_along() -> None:
    path = default_storage.save("x/photo.jpg", ContentFile(b"jpeg"))
    files = [{"path": path, "name": "фото.jpg", "content_type": "image/jpeg"}]
    transports.get("email").send(message(address="a@b.kz", headers={"files": files}))
    assert mail.outbox[0].attachments[0] == ("фото.jpg", b"jpeg", "image/jpeg")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.kz": (550, b"no such user")}), Undeliverable),
        (smtplib.SMTPRecipientsRefused({"a@b.kz": (450, b"greylisted")}), TransportFailed),
        (smtplib.SMTPDataError(552, b"too big"), Undeliverable),
        (smtplib.SMTPDataError(451, b"later"), TransportFailed),
        (smtplib.SMTPAuthenticationError(535, b"login"), TransportFailed),
        (smtplib.SMTPServerDisconnected("gone"), TransportFailed),
        (TimeoutError("slow"), TransportFailed),
        (ConnectionRefusedError(), TransportFailed),
    ],
)
def test_answers_of_the_mail_server(
    monkeypatch: pytest.MonkeyPatch, error: Exception, expected: type[Exception]
) -> None:
    def fail(self: Any) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    with pytest.raises(expected):
        transports.get("email").send(message(address="a@b.kz"))


# Console


def test_console_shows_the_text_and_hides_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    transports.get("console").send(message())
    assert KAZAKH in caplog.text
    assert "+77010000000" not in caplog.text
