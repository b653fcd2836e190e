"""E-mail: messages polled from a mailbox or read from .eml files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr
from itertools import islice

from django.conf import settings

from appeals.channels.base import (
    FileToFetch,
    FileUnavailable,
    Incoming,
    IncomingBounce,
    IncomingMessage,
    Malformed,
    ReceivedFile,
    Sender,
    channels,
)
from appeals.channels.mail_text import LONGEST_TEXT, body_text, without_quotes, without_signature
from appeals.channels.payloads import clean_text
from appeals.models import Channel
from common.reference_numbers import find_numbers
from notifications.mail_ids import references_in

MEGABYTE = 1024 * 1024
MOST_FILES = 10
MOST_PARTS = 100
MESSAGE_ID = re.compile(r"<[^<>\s]{1,300}>")
BULK = {"bulk", "junk", "list", "auto_reply"}
ROBOTS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce[sd]?)([+.\-].*)?@", re.I)
ROBOT_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Response", "List-Id", "List-Unsubscribe", "Feedback-ID")
PREFIXES = re.compile(r"^\s*((re|fwd?|aw|отв|ответ|жауап|пересл)\s*(\[\d+\])?\s*:\s*)+", re.I)
ADDRESS = re.compile(r"[^\s<>@\"']{1,64}@[^\s<>@\"']{1,255}")
UNREADABLE = (ValueError, LookupError, AttributeError, TypeError, IndexError)


class EmailAdapter:
    """Anybody can write any name into «From»: the sender is a contact, never an identity."""

    channel = Channel.EMAIL
    largest_payload = 40 * MEGABYTE
    is_pushed = False

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Nothing to check: messages are pulled from our own mailbox, and `is_pushed` closes the hook."""

    def delivery_id(self, raw: bytes) -> str:
        """The Message-ID with a digest: some programs give one id to many messages, and some give none."""
        mail = _read(raw, headers_only=True)
        own = _header(mail, "Message-ID")
        facts = "\n".join([own, *(_header(mail, name) for name in ("From", "Date", "Subject"))])
        digest = hashlib.sha256(facts.encode() if own else raw).hexdigest()
        return f"{own[:120]}#{digest[:24]}"

    def parse(self, raw: bytes, received_at: datetime) -> list[Incoming]:
        mail = _read(raw)
        if report := _report(mail):
            ids, why = report
            return [IncomingBounce(Channel.EMAIL, self.delivery_id(raw), received_at, ids, why)] if ids else []
        name, address = _from(mail)
        if not address or is_automatic(mail, address):
            return []
        answers_to = references_in(f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}")
        subject = _header(mail, "Subject")
        text = body_text(mail)
        is_answer = bool(answers_to or _header(mail, "In-Reply-To"))
        return [
            IncomingMessage(
                channel=Channel.EMAIL,
                external_id=self.delivery_id(raw),
                sender=Sender(thread_key=f"email:{address}"[:120], name=name, email=address),
                received_at=received_at,
                text=(without_quotes(text) if is_answer else without_signature(text))[:LONGEST_TEXT],
                subject=clean_text(PREFIXES.sub("", subject), 250),
                files=tuple(_files(mail)),
                answers_to=tuple(answers_to),
                names=tuple(find_numbers(subject)),
            )
        ]

    def fetch(self, file: FileToFetch, *, largest: int) -> bytes:
        raise FileUnavailable("files come with the message", is_final=True)


def _read(raw: bytes, *, headers_only: bool = False) -> EmailMessage:
    try:
        mail = BytesParser(policy=policy.default).parsebytes(raw, headersonly=headers_only)
    except UNREADABLE as error:
        raise Malformed(type(error).__name__) from error
    if not isinstance(mail, EmailMessage) or not (_header(mail, "From") or _header(mail, "Message-ID")):
        raise Malformed("no message of RFC 5322")
    return mail


def _header(mail: EmailMessage, name: str) -> str:
    """A header in readable form; the standard library's strict parser stumbles over some of the broken ones."""
    try:
        return clean_text(str(mail.get(name, "")), 10_000)
    except UNREADABLE:
        return next(
            (clean_text(str(value), 10_000) for key, value in mail.raw_items() if key.lower() == name.lower()), ""
        )


def _from(mail: EmailMessage) -> tuple[str, str]:
    """Name and address of the writer, the address in small letters; Reply-To is where he wants the answer."""
    for header in ("Reply-To", "From"):
        name, address = parseaddr(_header(mail, header))
        if ADDRESS.fullmatch(address):
            writer = parseaddr(_header(mail, "From"))[0] or name
            return clean_text(writer, 200), address.lower()
    return "", ""


def _report(mail: EmailMessage) -> tuple[list[str], str] | None:
    """Ids of our messages in a report of failed delivery (RFC 3464), and why; no ids when it reports something else."""
    if mail.get_content_type() != "multipart/report":
        return None
    parts = [part for part in islice(mail.walk(), MOST_PARTS) if isinstance(part, Message)]
    failures = [part for part in parts if _field(part, "Action").lower() == "failed"]
    if not failures:
        return [], ""
    found = " ".join([*(_field(part, "Message-ID") for part in parts[1:]), *map(_quoted_id, parts), *_answered(mail)])
    why = " ".join(_field(failures[0], name) for name in ("Status", "Diagnostic-Code")).strip()
    return [message_id for message_id in MESSAGE_ID.findall(found) if references_in(message_id)], why[:500]


def _quoted_id(part: Message) -> str:
    """Many systems send back only the headers of the message, as text."""
    if part.get_content_type() != "text/rfc822-headers":
        return ""
    content = part.get_payload(decode=True)
    text = content.decode("ascii", "replace") if isinstance(content, bytes) else ""
    return " ".join(re.findall(r"(?im)^Message-ID:\s*(<[^<>\s]{1,300}>)", text[:20_000]))


def _answered(mail: EmailMessage) -> tuple[str, str]:
    return _header(mail, "In-Reply-To"), _header(mail, "References")


def _field(part: Message, name: str) -> str:
    """A field of a part as text, whatever its value does to the standard library's strict parser."""
    return next((clean_text(str(value), 1000) for key, value in part.raw_items() if key.lower() == name.lower()), "")


def is_automatic(mail: EmailMessage, address: str) -> bool:
    """Absence notices, lists, bounces and our own mail coming back: answering them would never end."""
    if _header(mail, "Auto-Submitted").partition(";")[0].strip().lower() not in {"", "no"}:
        return True
    if _header(mail, "Precedence").lower() in BULK or any(_header(mail, name) for name in ROBOT_HEADERS):
        return True
    if "Return-Path" in mail and _header(mail, "Return-Path") in {"<>", ""}:
        return True
    return mail.get_content_type() == "multipart/report" or bool(ROBOTS.match(address)) or address in _own_addresses()


def _own_addresses() -> set[str]:
    ours = (settings.DEFAULT_FROM_EMAIL, settings.SERVER_EMAIL, settings.IMAP_USER)
    return {address.lower() for _name, address in map(parseaddr, ours) if address}


def _files(mail: EmailMessage) -> Iterator[ReceivedFile]:
    """Attachments and pictures in the text; small pictures without a name are logos and counting pixels."""
    count = 0
    for part in mail.walk():
        if count == MOST_FILES or part.is_multipart() or not isinstance(part, EmailMessage):
            continue
        name = clean_text(part.get_filename(), 150)
        if not name and part.get_content_disposition() != "attachment":
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            count += 1
            yield ReceivedFile(name or f"file.{part.get_content_subtype()[:10]}", content)


channels.register("email")(EmailAdapter())
