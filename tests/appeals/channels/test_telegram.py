"""Recorded updates of Telegram, and what an unfriendly sender may make of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from appeals.channels.base import (
    FileToFetch,
    FileUnavailable,
    Forged,
    IncomingCommand,
    IncomingJudgement,
    IncomingMessage,
    Malformed,
    channels,
)
from tests.appeals.channels.samples import SECRET, raw, update
from tests.outgoing import answer_outgoing_calls

NOW = datetime(2025, 11, 24, 15, 0, tzinfo=UTC)
telegram = channels.get("telegram")


def parse(payload: bytes) -> Any:
    found = telegram.parse(payload, NOW)
    assert len(found) == 1
    return found[0]


def test_text_is_a_message_of_its_writer() -> None:
    message = parse(raw("telegram_text.json"))
    assert isinstance(message, IncomingMessage)
    assert message.external_id == "111222333:10"
    assert message.sender.thread_key == "telegram:111222333"
    assert (message.sender.name, message.sender.language) == ("Serikova Aigerim", "kk")
    assert message.text.startswith("Көшеде үш күннен бері")
    assert message.received_at == NOW


def test_photos_of_an_album_are_one_message_and_the_largest_size_is_taken() -> None:
    first, second = parse(raw("telegram_album_1.json")), parse(raw("telegram_album_2.json"))
    assert first.external_id == second.external_id == "111222333:g1390000000"
    assert first.text == "Үйдің алдында су құбыры жарылды"
    assert second.text == ""
    assert [file.remote_id for file in (*first.remote_files, *second.remote_files)] == ["AgAC_big1", "AgAC_big2"]


def test_document_keeps_its_name() -> None:
    (file,) = parse(raw("telegram_document.json")).remote_files
    assert file == FileToFetch("BQAC_doc", "AgADdoc", "шарт.pdf", 30452)


def test_location_is_a_place() -> None:
    place = parse(raw("telegram_location.json")).place
    assert (place.latitude, place.longitude) == (Decimal("43.29730"), Decimal("68.25180"))


@pytest.mark.parametrize(
    "point",
    [{"latitude": 91, "longitude": 0}, {"latitude": "43", "longitude": 68}, {"latitude": True, "longitude": 1},
     {"latitude": 43.2}, {"latitude": float("nan"), "longitude": 1}, []],
)  # fmt: skip
def test_impossible_location_is_no_place(point: Any) -> None:
    assert parse(update("telegram_location", message={"location": point})).place is None


def test_only_the_own_contact_counts() -> None:
    assert parse(raw("telegram_contact_own.json")).sender.phone == "+77010000000"
    assert parse(raw("telegram_contact_other.json")).sender.phone == ""


def test_edited_text_is_a_revision_of_the_first() -> None:
    message = parse(raw("telegram_edited.json"))
    assert message.is_revision
    assert message.external_id == "111222333:10:e1764000300"


def test_commands_with_and_without_the_name_of_the_bot() -> None:
    start, status, new = (parse(raw(f"telegram_{name}.json")) for name in ("start", "status", "new"))
    assert all(isinstance(command, IncomingCommand) for command in (start, status, new))
    assert [command.name for command in (start, status, new)] == ["start", "status", "new"]
    assert new.argument == "Тротуарда үлкен шұңқыр бар"


def test_text_that_only_looks_like_a_command_is_a_message() -> None:
    assert isinstance(parse(update("telegram_text", message={"text": "/newспапер жаңа газет шықты"})), IncomingMessage)
    assert isinstance(
        parse(update("telegram_text", message={"text": "/etc/passwd деген файл туралы"})), IncomingMessage
    )


def test_button_is_a_judgement() -> None:
    pressed = parse(raw("telegram_judgement.json"))
    assert isinstance(pressed, IncomingJudgement)
    assert (pressed.reply_id, pressed.verdict, pressed.reason) == (5, "not_solved", "incomplete")


@pytest.mark.parametrize(
    "data", ["", "v", "v:x:solved", "v:5:perfect", "v:5:solved:a:b", "v:²:solved", "l:de", "z:1:2", None, 7]
)
def test_foreign_button_is_nothing_to_do(data: Any) -> None:
    payload = json.loads(raw("telegram_judgement.json"))
    payload["callback_query"]["data"] = data
    assert telegram.parse(json.dumps(payload).encode(), NOW) == []


def test_answer_names_the_appeal_only_when_it_answers_the_bot() -> None:
    payload = json.loads(raw("telegram_reply.json"))
    assert parse(json.dumps(payload).encode()).answers_to == ("TRK-26-0000017-7",)
    payload["message"]["reply_to_message"]["from"]["is_bot"] = False
    assert parse(json.dumps(payload).encode()).answers_to == ()


def test_groups_bots_and_unknown_updates_are_nothing_to_do() -> None:
    assert telegram.parse(raw("telegram_group.json"), NOW) == []
    robot = update("telegram_text", message={"from": {"id": 1, "is_bot": True}})
    assert telegram.parse(robot, NOW) == []
    assert telegram.parse(b'{"update_id": 1, "poll": {"id": "1"}}', NOW) == []


def test_sticker_is_a_message_without_text_and_files() -> None:
    message = parse(raw("telegram_sticker.json"))
    assert (message.text, message.remote_files) == ("", ())


@pytest.mark.parametrize(
    "payload",
    [b"", b"[]", b"null", b"{", b'{"update_id": "1"}', b'{"update_id": true}', b'{"update_id": 1e999}', b"\xff\xfe",
     b"[" * 100_000, b'{"update_id": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_payload_without_a_proper_id_is_malformed(payload: bytes) -> None:
    with pytest.raises(Malformed):
        telegram.delivery_id(payload)


HOSTILE = [None, True, 0, -1, 1.5, "", "x" * 100_000, [], [[]], {}, {"id": {}}, "\ud800", "\x00"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "field",
    ["text", "caption", "photo", "document", "location", "contact", "venue", "reply_to_message", "media_group_id",
     "message_id", "date", "from", "chat", "voice", "edit_date"],
)  # fmt: skip
def test_any_value_in_any_field_is_survived(field: str, value: Any) -> None:
    for found in telegram.parse(update("telegram_album_1", message={field: value}), NOW):
        assert isinstance(found, IncomingMessage | IncomingCommand)
        assert "\x00" not in found.external_id
        if isinstance(found, IncomingMessage):
            found.text.encode()
            assert len(found.text) <= 4096
            assert len(found.external_id) <= 200


def test_secret_is_compared_and_an_empty_one_opens_nothing(settings: Any) -> None:
    settings.TELEGRAM_WEBHOOK_SECRET = SECRET
    header = "X-Telegram-Bot-Api-Secret-Token"
    telegram.verify({header: SECRET}, b"")
    for given in ({}, {header: ""}, {header: SECRET + "x"}, {header: "қ"}):
        with pytest.raises(Forged):
            telegram.verify(given, b"")
    settings.TELEGRAM_WEBHOOK_SECRET = ""
    with pytest.raises(Forged):
        telegram.verify({header: ""}, b"")


# Files


class Server:
    """Answers as Telegram's file server does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, settings: Any, handler: Any) -> None:
        settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_API_BASE = "1:TOKEN", "https://tg.example"
        answer_outgoing_calls(monkeypatch, handler)


FILE = FileToFetch("AgAC_big1", "AQADb1", "photo.jpg", None)


def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/bot1:TOKEN/getFile":
        assert request.url.params["file_id"] == "AgAC_big1"
        return httpx.Response(200, json={"ok": True, "result": {"file_id": "x", "file_path": "photos/file_1.jpg"}})
    assert request.url.path == "/file/bot1:TOKEN/photos/file_1.jpg"
    return httpx.Response(200, content=b"x" * 1000)


def test_file_is_fetched_in_two_steps(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    Server(monkeypatch, settings, answer)
    assert telegram.fetch(FILE, largest=1000) == b"x" * 1000


def test_file_larger_than_allowed_is_given_up(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    Server(monkeypatch, settings, answer)
    with pytest.raises(FileUnavailable) as failure:
        telegram.fetch(FILE, largest=999)
    assert failure.value.is_final
    with pytest.raises(FileUnavailable):
        telegram.fetch(replace(FILE, size=5000), largest=999)


@pytest.mark.parametrize(
    ("response", "is_final"),
    [
        (httpx.Response(400, json={"ok": False, "description": "Bad Request: file is too big"}), True),
        (httpx.Response(429, json={"ok": False}), False),
        (httpx.Response(502, text="<html>bad gateway</html>"), False),
        (httpx.Response(200, text="no json"), False),
        (httpx.Response(200, json={"ok": True, "result": {"file_path": "../../etc/passwd"}}), True),
        (httpx.Response(200, json={"ok": True, "result": {"file_path": "http://169.254.169.254/"}}), True),
        (httpx.Response(200, json={"ok": True, "result": []}), True),
    ],
)
def test_failures_of_the_file_server(
    monkeypatch: pytest.MonkeyPatch, settings: Any, response: httpx.Response, is_final: bool
) -> None:
    Server(monkeypatch, settings, lambda request: response)
    with pytest.raises(FileUnavailable) as failure:
        telegram.fetch(FILE, largest=1000)
    assert failure.value.is_final is is_final


def test_network_errors_never_tell_the_token(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout(f"cannot reach {request.url}", request=request)

    Server(monkeypatch, settings, broken)
    with pytest.raises(FileUnavailable) as failure:
        telegram.fetch(FILE, largest=1000)
    assert "TOKEN" not in str(failure.value)
    assert failure.value.__suppress_context__
