"""Telegram bot: updates pushed to the webhook."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
from django.conf import settings

from appeals.channels.base import (
    FileToFetch,
    FileUnavailable,
    Forged,
    Incoming,
    IncomingCommand,
    IncomingJudgement,
    IncomingMessage,
    Malformed,
    Place,
    Sender,
    channels,
)
from appeals.channels.payloads import clean_text, integer, items, json_object, mapping, place_of
from appeals.models import Channel, Feedback, Verdict
from common import outgoing
from common.phones import phone_or_none
from common.reference_numbers import find_numbers

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_TEXT = 4096
LANGUAGES = {"kk", "ru", "en"}
COMMAND = re.compile(r"/([a-z_]{1,32})(?:@\w{1,64})?(?:\s+|$)", re.IGNORECASE)
COMMANDS = {"start", "help", "new", "status", "language"}
# Kind of media -> the name a file of it gets when the sender gave none
MEDIA = {
    "document": "document",
    "video": "video.mp4",
    "voice": "voice.ogg",
    "audio": "audio.mp3",
    "video_note": "video.mp4",
}
TIMEOUT = 60.0
FINAL_STATUSES = {400, 401, 403, 404}


class TelegramAdapter:
    """Private chats only; what the bot does not know (groups, polls, stickers) is nothing to do."""

    channel = Channel.TELEGRAM
    largest_payload = 256 * 1024
    is_pushed = True

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """The secret given to setWebhook comes back with every update. Without a secret nothing is accepted."""
        expected, given = settings.TELEGRAM_WEBHOOK_SECRET, headers.get(SECRET_HEADER, "")
        if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
            raise Forged

    def delivery_id(self, raw: bytes) -> str:
        update_id = integer(json_object(raw).get("update_id"))
        if update_id is None:
            raise Malformed("no update_id")
        return str(update_id)

    def parse(self, raw: bytes, received_at: datetime) -> list[Incoming]:
        update = json_object(raw)
        if callback := mapping(update.get("callback_query")):
            return _callback(callback, received_at)
        edited = mapping(update.get("edited_message"))
        message = edited or mapping(update.get("message"))
        sender = _sender(mapping(message.get("from")), mapping(message.get("chat")))
        if sender is None:
            return []
        found = _command(message, sender, received_at) if not edited else None
        return [found or _message(message, sender, received_at, is_revision=bool(edited))]

    def fetch(self, file: FileToFetch, *, largest: int) -> bytes:
        """getFile, then the file itself. Errors never carry the address, for it holds the token."""
        base = settings.TELEGRAM_API_BASE.rstrip("/")
        token = settings.TELEGRAM_BOT_TOKEN
        if file.size is not None and file.size > largest:
            raise FileUnavailable("too large", is_final=True)
        try:
            params = {"file_id": file.remote_id}
            answer = outgoing.request("GET", f"{base}/bot{token}/getFile", allow_private=True, params=params)
            path = _file_path(answer)
            return _download(f"{base}/file/bot{token}/{path}", largest)
        except outgoing.AnswerTooLarge:
            raise FileUnavailable("too large", is_final=True) from None
        except httpx.HTTPError as error:
            raise FileUnavailable(type(error).__name__) from None


def _file_path(answer: httpx.Response) -> str:
    if answer.status_code != 200:
        raise FileUnavailable(f"getFile {answer.status_code}", is_final=answer.status_code in FINAL_STATUSES)
    try:
        path = mapping(mapping(answer.json()).get("result")).get("file_path")
    except ValueError:
        raise FileUnavailable("getFile: no JSON") from None
    if not isinstance(path, str) or not re.fullmatch(r"[\w\-./]{1,200}", path) or ".." in path:
        raise FileUnavailable("getFile: no path", is_final=True)
    return path


def _download(url: str, largest: int) -> bytes:
    response = outgoing.request("GET", url, allow_private=True, timeout=TIMEOUT, max_bytes=largest)
    if response.status_code != 200:
        raise FileUnavailable(f"file {response.status_code}", is_final=response.status_code in FINAL_STATUSES)
    return response.content


def _sender(person: dict[str, Any], chat: dict[str, Any]) -> Sender | None:
    """The writer of a private chat; nobody for groups, channels and other bots."""
    user_id, chat_id = integer(person.get("id")), integer(chat.get("id"))
    if user_id is None or chat_id is None or chat.get("type") != "private" or person.get("is_bot") is True:
        return None
    names = [clean_text(person.get(part), 64) for part in ("last_name", "first_name")]
    language = clean_text(person.get("language_code"), 10)[:2].lower()
    return Sender(
        thread_key=thread_key(chat_id),
        name=" ".join(name for name in names if name),
        language=language if language in LANGUAGES else "",
    )


def thread_key(chat_id: int) -> str:
    return f"telegram:{chat_id}"


def _command(message: dict[str, Any], sender: Sender, received_at: datetime) -> IncomingCommand | None:
    text = clean_text(message.get("text"), LONGEST_TEXT)
    found = COMMAND.match(text)
    if found is None or found.group(1).lower() not in COMMANDS:
        return None
    return IncomingCommand(
        channel=Channel.TELEGRAM,
        external_id=_external_id(message, sender),
        sender=sender,
        received_at=received_at,
        name=found.group(1).lower(),
        argument=text[found.end() :].strip(),
    )


def _external_id(message: dict[str, Any], sender: Sender) -> str:
    """One id for every part of an album, for they are one message to the person who sent them."""
    chat = sender.thread_key.partition(":")[2]
    if album := clean_text(message.get("media_group_id"), 60):
        return f"{chat}:g{album}"
    return f"{chat}:{integer(message.get('message_id')) or 0}"


def _message(message: dict[str, Any], sender: Sender, received_at: datetime, *, is_revision: bool) -> IncomingMessage:
    text = clean_text(message.get("text"), LONGEST_TEXT) or clean_text(message.get("caption"), LONGEST_TEXT)
    venue = mapping(message.get("venue"))
    titles = [clean_text(venue.get(part), 200) for part in ("title", "address")]
    incoming = IncomingMessage(
        channel=Channel.TELEGRAM,
        external_id=_external_id(message, sender),
        sender=replace(sender, phone=_own_phone(message)),
        received_at=received_at,
        text=text or ", ".join(title for title in titles if title),
        remote_files=tuple(_files(message)),
        place=_place(message),
        answers_to=tuple(_answered(message)),
    )
    if is_revision:
        edited_at = integer(message.get("edit_date")) or 0
        return replace(incoming, external_id=f"{incoming.external_id}:e{edited_at}", is_revision=True, place=None)
    return incoming


def _own_phone(message: dict[str, Any]) -> str:
    """Only the sender's own contact counts; anybody can pass on somebody else's."""
    contact = mapping(message.get("contact"))
    owner = integer(contact.get("user_id"))
    if owner is None or owner != integer(mapping(message.get("from")).get("id")):
        return ""
    return phone_or_none(clean_text(contact.get("phone_number"), 30)) or ""


def _place(message: dict[str, Any]) -> Place | None:
    point = mapping(message.get("location"))
    return place_of(point.get("latitude"), point.get("longitude"))


def _answered(message: dict[str, Any]) -> list[str]:
    """Numbers in the message of ours that the person answered; somebody else's text proves nothing."""
    original = mapping(message.get("reply_to_message"))
    if mapping(original.get("from")).get("is_bot") is not True:
        return []
    return find_numbers(clean_text(original.get("text"), LONGEST_TEXT))


def _files(message: dict[str, Any]) -> list[FileToFetch]:
    sizes = items(message.get("photo"))
    found = [_file(sizes[-1], "photo.jpg")] if sizes else []
    found += [_file(mapping(message.get(kind)), name) for kind, name in MEDIA.items() if message.get(kind)]
    return [file for file in found if file is not None]


def _file(item: dict[str, Any], name: str) -> FileToFetch | None:
    remote_id, unique_id = clean_text(item.get("file_id"), 256), clean_text(item.get("file_unique_id"), 120)
    if not remote_id or len(remote_id) > 255:
        return None
    return FileToFetch(
        remote_id=remote_id,
        unique_id=unique_id or remote_id[:120],
        name=clean_text(item.get("file_name"), 150) or name,
        size=integer(item.get("file_size")),
    )


def _callback(callback: dict[str, Any], received_at: datetime) -> list[Incoming]:
    """Buttons: `v:<reply>:<verdict>[:<reason>]` judges an answer, `d:…` disputes it, `l:<language>` sets a language."""
    sender = _sender(mapping(callback.get("from")), mapping(mapping(callback.get("message")).get("chat")))
    callback_id = clean_text(callback.get("id"), 64)
    kind, *parts = clean_text(callback.get("data"), 64).split(":")
    if sender is None or not callback_id:
        return []
    external_id = f"{sender.thread_key.partition(':')[2]}:b{callback_id}"
    if kind == "l" and len(parts) == 1 and parts[0] in LANGUAGES:
        return [IncomingCommand(Channel.TELEGRAM, external_id, sender, received_at, "language", parts[0])]
    if kind not in {"v", "d"} or len(parts) not in {2, 3} or not re.fullmatch(r"[0-9]{1,18}", parts[0]):
        return []
    if parts[1] not in Verdict.values:
        return []
    reason = parts[2] if len(parts) == 3 and parts[2] in Feedback.Reason.values else ""
    pressed = IncomingJudgement(
        Channel.TELEGRAM, external_id, sender, received_at, int(parts[0]), parts[1], reason,
        is_dispute=kind == "d", callback_id=callback_id,
    )  # fmt: skip
    return [pressed]


channels.register("telegram")(TelegramAdapter())
