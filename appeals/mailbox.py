"""New messages of the mailbox: stored raw, then marked as seen; and .eml files by hand."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from imaplib import IMAP4

from django.conf import settings
from imap_tools import AND, BaseMailBox, MailBox, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from appeals import deliveries
from appeals.channels.base import Malformed, channels
from appeals.models import Channel, ChannelCounter
from common.connectors import ConnectionTrouble, Reason

logger = logging.getLogger(__name__)

BATCH = 50
TIMEOUT = 30.0
SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")


def is_configured() -> bool:
    return bool(settings.IMAP_HOST and settings.IMAP_USER)


def poll() -> int:
    """Store every unseen message; the number of new ones. A message is marked only after it is safe in the database."""
    with _mailbox() as box:
        return sum(_take(box, uid) for uid in box.uids(AND(seen=False))[:BATCH])


def unseen() -> int:
    """How many messages wait there; nothing is taken."""
    with _mailbox() as box:
        return len(box.uids(AND(seen=False)))


@contextlib.contextmanager
def _mailbox() -> Iterator[BaseMailBox]:
    """The mailbox, or ConnectionTrouble: what a mail server says may hold addresses, so only the kind is told."""
    make = MailBox if settings.IMAP_USE_SSL else MailBoxUnencrypted
    try:
        box = make(settings.IMAP_HOST, settings.IMAP_PORT, timeout=TIMEOUT)
        with box.login(settings.IMAP_USER, settings.IMAP_PASSWORD, settings.IMAP_FOLDER):
            yield box
    except (ImapToolsError, IMAP4.error, OSError) as error:
        logger.warning("mailbox could not be read", extra={"error": type(error).__name__})
        raise ConnectionTrouble(_reason(error), type(error).__name__) from error


def _reason(error: Exception) -> Reason:
    if isinstance(error, MailboxLoginError | MailboxFolderSelectError):
        return Reason.REFUSED
    if isinstance(error, TimeoutError):
        return Reason.SLOW
    return Reason.UNREACHABLE if isinstance(error, OSError) else Reason.ANSWER


def _take(box: BaseMailBox, uid: str) -> int:
    largest = channels.get(Channel.EMAIL).largest_payload
    raw = _raw(box, uid, "(RFC822.SIZE)")
    size = int(
        "".join(sign for sign in raw.decode("ascii", "replace").partition("RFC822.SIZE")[2] if sign.isdigit())[:12] or 0
    )
    if size > largest:
        deliveries.refuse(
            Channel.EMAIL,
            _raw(box, uid, "(BODY.PEEK[HEADER])"),
            why="too large",
            reason=ChannelCounter.Reason.TOO_LARGE,
        )
        is_new = False
    else:
        is_new = store(_raw(box, uid, "(BODY.PEEK[])"))
    box.flag(uid, MailMessageFlags.SEEN, True)
    return int(is_new)


def _raw(box: BaseMailBox, uid: str, what: str) -> bytes:
    """One item of a message as bytes, without setting the flag that it was seen."""
    _status, answer = box.client.uid("fetch", uid, what)
    for part in answer:
        if isinstance(part, tuple):
            return bytes(part[1])
        if isinstance(part, bytes) and b"RFC822.SIZE" in part:
            return part
    return b""


def store(raw: bytes) -> bool:
    """Keep one message for processing; false for a repeat and for what is no message."""
    try:
        external_id = channels.get(Channel.EMAIL).delivery_id(raw)
    except Malformed as error:
        deliveries.refuse(Channel.EMAIL, raw, why=str(error))
        return False
    return deliveries.store(Channel.EMAIL, external_id, raw)
