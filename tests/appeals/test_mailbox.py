"""Reading the mailbox over IMAP, and .eml files by hand."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from appeals import deliveries, mailbox
from appeals.channels.base import channels
from appeals.models import Appeal, ChannelCounter, RawDelivery
from common.connectors import ConnectionTrouble, Reason, connectors
from tests.appeals import imap_server
from tests.appeals.channels.samples import FOLDER, raw
from tests.factories import make_reference

pytestmark = pytest.mark.django_db
MAILS = [
    raw(name) for name in ("email_text.eml", "email_html_files.eml", "email_windows1251.eml", "email_auto_reply.eml")
]


@pytest.fixture
def account(settings: Any) -> Any:
    settings.IMAP_HOST, settings.IMAP_USER, settings.IMAP_PASSWORD = "127.0.0.1", "hub@localhost", "secret"
    settings.IMAP_FOLDER, settings.IMAP_USE_SSL = "INBOX", False
    return settings


def test_new_messages_are_stored_as_they_are_and_marked(account: Any) -> None:
    make_reference()
    with imap_server.serving(MAILS) as (box, account.IMAP_PORT):
        assert mailbox.poll() == 4
        assert mailbox.poll() == 0
    assert box.seen == set(box.messages)
    assert not any("BODY[" in command.upper() for command in box.commands), "only PEEK leaves the flag alone"
    assert RawDelivery.objects.filter(channel="email").count() == 4
    deliveries.process_waiting()
    assert Appeal.objects.filter(channel="email").count() == 3


def test_message_is_not_marked_when_storing_fails(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> bool:
        raise OSError("the database is gone")

    monkeypatch.setattr(deliveries, "store", fail)
    with imap_server.serving(MAILS[:1]) as (box, account.IMAP_PORT), pytest.raises(ConnectionTrouble):
        mailbox.poll()
    assert box.seen == set()


def test_message_whose_mark_was_lost_is_not_stored_twice(account: Any) -> None:
    make_reference()
    with imap_server.serving(MAILS[:2]) as (box, account.IMAP_PORT):
        box.drop_before_store = True
        with pytest.raises(ConnectionTrouble):
            mailbox.poll()
        box.drop_before_store = False
        assert box.seen == set()
        mailbox.poll()
    assert box.seen == set(box.messages)
    assert RawDelivery.objects.count() == 2


def test_what_is_no_message_is_counted_and_does_not_come_again(account: Any) -> None:
    with imap_server.serving([b"\r\n\r\nnothing", MAILS[0]]) as (box, account.IMAP_PORT):
        assert mailbox.poll() == 1
    assert box.seen == set(box.messages)
    assert ChannelCounter.objects.get().reason == "malformed"


def test_message_that_is_too_large_is_not_even_loaded(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(channels.get("email")), "largest_payload", 2000)
    with imap_server.serving([MAILS[0], MAILS[1]]) as (box, account.IMAP_PORT):
        assert mailbox.poll() == 1
    assert "UID FETCH 102 (BODY.PEEK[])" not in box.commands
    assert box.seen == set(box.messages)
    assert ChannelCounter.objects.get().reason == "too_large"


@pytest.mark.parametrize("password", ["wrong", ""])
def test_refused_login_and_missing_server_are_told_apart(account: Any, password: str) -> None:
    account.IMAP_PASSWORD = password
    with imap_server.serving([]) as (_box, account.IMAP_PORT), pytest.raises(ConnectionTrouble) as refused:
        mailbox.poll()
    assert refused.value.reason == Reason.REFUSED
    with pytest.raises(ConnectionTrouble) as missing:
        mailbox.poll()
    assert missing.value.reason == Reason.UNREACHABLE
    assert "hub@localhost" not in str(refused.value)


def test_connector_of_the_mailbox_looks_without_taking(account: Any) -> None:
    make_reference()
    with imap_server.serving(MAILS[:2]) as (box, account.IMAP_PORT):
        assert connectors.get("mailbox").check() == "2 unseen"
        assert box.seen == set()
        assert connectors.get("mailbox").run() == 2
        assert connectors.get("mailbox").check() == "0 unseen"


def test_connector_without_an_account_is_not_set_up(settings: Any) -> None:
    settings.IMAP_HOST = ""
    assert not connectors.get("mailbox").is_configured()


# By hand


def test_files_are_read_by_hand_and_only_once() -> None:
    make_reference()
    said = StringIO()
    names = [str(FOLDER / name) for name in ("email_text.eml", "email_auto_reply.eml")]
    call_command("read_mail", *names, stdout=said)
    call_command("read_mail", *names, stdout=said)
    assert Appeal.objects.count() == 1
    assert Appeal.objects.get().number in said.getvalue()


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("read_mail", str(tmp_path / "none.eml"))
