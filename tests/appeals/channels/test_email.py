"""Recorded e-mails: words, attachments, threads, and robots that must not be answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from appeals.channels.base import IncomingMessage, Malformed, channels
from appeals.channels.mail_text import html_to_text, without_quotes
from notifications import mail_ids
from tests.appeals.channels.samples import raw

NOW = datetime(2025, 11, 24, 15, 0, tzinfo=UTC)
NUMBER = "TRK-26-0000017-7"
email = channels.get("email")


def parse(payload: bytes) -> IncomingMessage:
    (found,) = email.parse(payload, NOW)
    assert isinstance(found, IncomingMessage)
    return found


def test_encoded_words_are_read_and_the_address_is_the_conversation() -> None:
    message = parse(raw("email_text.eml"))
    assert message.sender.name == "Айгерім Серікқызы"
    assert message.sender.email == "aigerim@mail.example"
    assert message.sender.thread_key == "email:aigerim@mail.example"
    assert message.subject == "Көшеде жарық жоқ"
    assert message.text.startswith("Сәлеметсіз бе! Яссы көшесінде")


def test_signature_is_cut() -> None:
    text = parse(raw("email_text.eml")).text
    assert text.endswith("Балалар мектептен қараңғыда қайтады.")


def test_html_becomes_text_without_scripts_and_pictures_of_others() -> None:
    message = parse(raw("email_html_files.eml"))
    assert message.text == "На улице Саттарханова большая яма.\n\nПросим отремонтировать."
    assert message.subject == "Яма на дороге"
    assert [file.name for file in message.files] == ["яма.jpg", "photo.jpg"]
    assert message.files[1].content.startswith(b"MZ")


def test_old_charset_is_read() -> None:
    message = parse(raw("email_windows1251.eml"))
    assert message.sender.name == "Иванов"
    assert message.text == "Третий день в нашем доме нет воды, примите меры."


def test_wrong_charset_still_gives_readable_text() -> None:
    payload = raw("email_windows1251.eml").replace(b"charset=windows-1251", b"charset=utf-8")
    assert parse(payload).text.startswith("Третий день")


@pytest.mark.parametrize("name", ["email_auto_reply.eml", "email_bulk.eml", "email_bounce.eml"])
def test_robots_are_not_listened_to(name: str) -> None:
    assert email.parse(raw(name), NOW) == []


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-generated", "Precedence: junk", "List-Id: <a.b>", "Return-Path: <>", "X-Autoreply: yes"],
)
def test_each_sign_of_a_robot_is_enough(header: str) -> None:
    body = raw("email_text.eml").partition(b"\r\n")[2]
    assert email.parse(f"{header}\r\n".encode() + body, NOW) == []


def test_own_mail_coming_back_is_dropped(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Halyq Uni <aigerim@mail.example>"
    assert email.parse(raw("email_text.eml"), NOW) == []


def test_answer_finds_its_appeal_by_our_own_message_id() -> None:
    ours = mail_ids.message_id(NUMBER, 3).encode()
    message = parse(raw("email_answer.eml").replace(b"MESSAGE_ID", ours))
    assert message.answers_to == (NUMBER,)
    assert message.names == (NUMBER,)
    assert message.text == "Шам түнгі он бірде бір сағат жанды да, қайта сөнді."


def test_message_id_with_a_foreign_seal_proves_nothing() -> None:
    ours = mail_ids.message_id(NUMBER, 3)
    for forged in (ours.replace(".3.", ".4."), ours.replace("0000017", "0000018"), f"<{NUMBER}.3@hub>"):
        message = parse(raw("email_answer.eml").replace(b"MESSAGE_ID", forged.encode()))
        assert message.answers_to == ()
        assert message.names == (NUMBER,)


def test_delivery_id_is_the_same_for_the_same_message_and_another_for_another() -> None:
    payload = raw("email_text.eml")
    later_hop = b"Received: from elsewhere\r\n" + payload
    reused = payload.replace(b"20:00:41", b"20:09:12")
    assert email.delivery_id(payload) == email.delivery_id(later_hop)
    assert email.delivery_id(payload) != email.delivery_id(reused)


def test_message_without_an_id_gets_one_of_its_contents() -> None:
    payload = raw("email_text.eml").replace(b"Message-ID: <CAF1a2b3@mail.example>\r\n", b"")
    assert email.delivery_id(payload).startswith("#")
    assert email.delivery_id(payload) != email.delivery_id(payload + b"x")


@pytest.mark.parametrize("payload", [b"", b"\x00\x01", b"just a text", b"\xff" * 1000, b"{}"])
def test_what_is_no_message_is_malformed(payload: bytes) -> None:
    with pytest.raises(Malformed):
        email.delivery_id(payload)


HOSTILE = [
    b"From: a@b.kz\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
    b"From: a@b.kz\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nhello there",
    b"From: a@b.kz\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    b"From: =?utf-8?B?broken\r\nMessage-ID: <[]@>\r\n\r\nx",
    b"From: " + b"<" * 5000 + b"\r\nMessage-ID: <a@b>\r\n\r\nx",
    b"From: a@b.kz\r\nSubject: " + b"=?utf-8?Q?=D0?= " * 2000 + b"\r\n\r\nx",
    b"From: a@b.kz\r\nDate: never\r\nTo: \xff\xfe\r\n\r\n\x00\x00",
    b"From: a@b.kz\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\nx",
    b"From: a@b.kz\r\nContent-Disposition: attachment; filename*=utf-8''%00%FF\r\n\r\nx",
    b"From: a@b.kz\r\nMessage-ID: \r\n <@@@>\r\nIn-Reply-To: " + b"<x" * 9000 + b"\r\n\r\nx",
]


@pytest.mark.parametrize("payload", HOSTILE)
def test_broken_mail_is_survived(payload: bytes) -> None:
    try:
        assert len(email.delivery_id(payload)) <= 200
        for found in email.parse(payload, NOW):
            assert isinstance(found, IncomingMessage)
            assert "\x00" not in found.text
            found.text.encode()
    except Malformed:
        pass


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            "Жоқ, әлі істелген жоқ.\n\nOn Mon, 24 Nov 2025 at 10:00, Hub <h@b.kz> wrote:\n> Ескі хат",
            "Жоқ, әлі істелген жоқ.",
        ),
        ("Нет, не сделано.\n\nпн, 24 нояб. 2025 г. в 10:00, Hub <h@b.kz>:\n> старое", "Нет, не сделано."),
        ("Нет.\n\n24.11.2025 10:00, Hub пишет:\nстарое письмо", "Нет."),
        ("Иә.\n\n2025 ж. 24 қар. 10:00, Hub жазды:\n> ескі", "Иә."),
        ("Да.\n\n-----Original Message-----\nFrom: Hub\nold", "Да."),
        ("Да.\n\nОт: Hub <h@b.kz>\nОтправлено: 24 ноября\nКому: me\nТема: x\n\nстарое", "Да."),
        ("Да.\n\nОт: Hub\nи больше ничего", "Да.\n\nОт: Hub\nи больше ничего"),
        ("> только цитата", "> только цитата"),
        ("Воды нет.\n\nSent from my iPhone", "Воды нет."),
        (
            "Адрес: Яссы 5\nОт остановки 100 метров\nВ 10:00 был мастер",
            "Адрес: Яссы 5\nОт остановки 100 метров\nВ 10:00 был мастер",
        ),
    ],
)
def test_only_the_own_words_of_an_answer_are_kept(text: str, own: str) -> None:
    assert without_quotes(text) == own


def test_hostile_html_leaves_no_markup() -> None:
    html = "<p>a</p><img src=x onerror=alert(1)><svg><script>b</script></svg><!-- c --><p>d &lt;script&gt; e"
    assert html_to_text(html) == "a\n\nd <script> e"
