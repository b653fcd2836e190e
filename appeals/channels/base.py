"""What a channel is: an adapter that checks a payload and turns it into an appeal, a message, a command or nothing.

An adapter knows the wire format and nothing else: it neither reads nor writes tables and sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from appeals.intake import IncomingAppeal
from appeals.models import Channel
from appeals.threads import FileToFetch, Place
from common.registry import Registry

__all__ = [
    "ChannelAdapter", "FileToFetch", "FileUnavailable", "Forged", "Incoming", "IncomingAppeal", "IncomingBounce",
    "IncomingCommand", "IncomingJudgement", "IncomingMessage", "Malformed", "Place", "ReceivedFile", "Sender",
    "channels",
]  # fmt: skip


class Forged(Exception):
    """The signature or the secret does not fit: not from the channel."""


class Malformed(Exception):
    """From the channel, but not understood."""


class FileUnavailable(Exception):
    """A file could not be fetched. `is_final` says that another try will not help."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        self.is_final = is_final
        super().__init__(why)


@dataclass(frozen=True)
class ReceivedFile:
    """A file that came with the payload, not checked yet."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Sender:
    """Who wrote, as far as the channel knows. `thread_key` is the channel's own identity of the conversation."""

    thread_key: str
    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""


@dataclass(frozen=True)
class IncomingMessage:
    """Something a person sent in a conversation: it opens an appeal or joins one.

    `external_id` is one for all parts of an album. `answers_to` are numbers of appeals the message refers to by
    answering one of our messages; `names` are numbers it merely mentions.
    """

    channel: Channel
    external_id: str
    sender: Sender
    received_at: datetime
    text: str = ""
    subject: str = ""
    files: Sequence[ReceivedFile] = ()
    remote_files: Sequence[FileToFetch] = ()
    place: Place | None = None
    answers_to: Sequence[str] = ()
    names: Sequence[str] = ()
    is_revision: bool = False


@dataclass(frozen=True)
class IncomingCommand:
    """An order to the bot: `start`, `help`, `new`, `status`, `language`."""

    channel: Channel
    external_id: str
    sender: Sender
    received_at: datetime
    name: str
    argument: str = ""


@dataclass(frozen=True)
class IncomingJudgement:
    """A button under an answer. Without a reason, partly and not solved are asked for one."""

    channel: Channel
    external_id: str
    sender: Sender
    received_at: datetime
    reply_id: int
    verdict: str
    reason: str = ""
    is_dispute: bool = False
    callback_id: str = ""


@dataclass(frozen=True)
class IncomingBounce:
    """A message of ours that could not be delivered: the ids it had, and why."""

    channel: Channel
    external_id: str
    received_at: datetime
    message_ids: Sequence[str]
    why: str


Incoming = IncomingAppeal | IncomingMessage | IncomingCommand | IncomingJudgement | IncomingBounce


class ChannelAdapter(Protocol):
    """One channel. Payloads are bytes as delivered."""

    channel: Channel
    largest_payload: int
    is_pushed: bool  # whether the hook view takes its payloads; pulled channels are read by a task

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Raise Forged unless the payload is from the channel; called before anything is parsed."""
        ...

    def delivery_id(self, raw: bytes) -> str:
        """The channel's own id of this delivery, at most 200 signs; raise Malformed when there is none."""
        ...

    def parse(self, raw: bytes, received_at: datetime) -> list[Incoming]:
        """Everything the payload says; an empty list when there is nothing to do. Raise Malformed."""
        ...

    def fetch(self, file: FileToFetch, *, largest: int) -> bytes:
        """The content of a file that the channel keeps; raise FileUnavailable."""
        ...


channels: Registry[ChannelAdapter] = Registry("channel")
