"""Documents and messages, as tables and without a database."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from audit.actions import CATEGORY_OF, Action, Category
from audit.models import AuditRecord
from audit.siem import ecs, syslog
from audit.siem.receivers import _retry_after
from tests.audit.siem.rfc5424 import frames, parse

SENDER = syslog.Sender(hostname="hub-1.city.kz")
# The values that ECS 8 allows.
CATEGORIES = {"authentication", "iam", "database", "configuration", "file", "intrusion_detection", "malware", "session"}
TYPES = {"access", "admin", "change", "creation", "deletion", "end", "info", "start", "user"}


def row(**values):
    defaults = {
        "uid": UUID(int=7), "at": datetime(2026, 3, 1, 10, 0, 0, 123456, tzinfo=UTC), "action": "exported",
        "category": "export", "outcome": "success", "subject_ref": "queue", "fields": ["queue"], "reason": "",
        "details": {"rows": 3}, "address": "10.0.0.9", "user_agent": "Probe/1", "request_id": "r-1", "digest": "d" * 64,
        "seq": 41, "prev_hash": "p" * 64, "hash": "h" * 64,
        "actor": User(pk=5, username="inspector"),
    }  # fmt: skip
    return AuditRecord(**defaults | values)


def test_document_has_the_names_of_ecs():
    found = ecs.document(row(), ["inspector", "analyst", "inspector"])
    assert found["@timestamp"] == "2026-03-01T10:00:00.123Z"
    assert found["event"] == {
        "id": "00000000-0000-0000-0000-000000000007", "kind": "event", "category": ["database"], "type": ["access"],
        "action": "exported", "outcome": "success", "sequence": 41, "hash": "h" * 64, "module": "audit",
        "dataset": "halyq.audit",
    }  # fmt: skip
    assert found["user"] == {"id": "5", "name": "inspector", "roles": ["analyst", "inspector"]}
    assert found["source"] == {"ip": "10.0.0.9"}
    assert found["user_agent"] == {"original": "Probe/1"}
    assert found["http"] == {"request": {"id": "r-1"}}
    assert found["labels"]["subject"] == "queue"
    assert found["ecs"]["version"].startswith("8.")


def test_what_is_not_known_is_left_out():
    found = ecs.document(row(actor=None, address=None, user_agent="", request_id="", reason="", fields=[]))
    assert not {"user", "source", "user_agent", "http"} & set(found)
    assert "reason" not in found["event"]


@pytest.mark.parametrize("action", Action.values)
def test_every_action_has_allowed_values_of_ecs(action):
    event = ecs.document(row(action=action, category=str(CATEGORY_OF[action])))["event"]
    assert set(event["category"]) <= CATEGORIES
    assert set(event["type"]) <= TYPES
    assert event["kind"] == ("alert" if action == Action.CHAIN_BROKEN else "event")


def test_every_category_has_words_of_ecs_and_an_unknown_one_does_not_stop_the_log():
    assert set(ecs.KINDS) == set(Category.values)
    assert ecs.document(row(action="flown", category="flight"))["event"]["action"] == "flown"


def test_json_is_one_line_and_keeps_letters():
    line = ecs.as_json(ecs.document(row(reason="бір\nекі\u2028", subject_ref="қала")))
    assert "\n" not in line
    assert json.loads(line)["labels"]["subject"] == "қала"


@pytest.mark.parametrize(
    "values, pri",
    [
        ({}, 13 * 8 + 6),
        ({"outcome": "failure"}, 13 * 8 + 4),
        ({"action": "chain_broken", "category": "system"}, 13 * 8 + 2),
    ],
)
def test_priority_follows_outcome_and_kind(values, pri):
    assert syslog.message(ecs.document(row(**values)), SENDER).startswith(f"<{pri}>1 ".encode())


@pytest.mark.parametrize(
    "value, written",
    [("plain", "plain"), ('a"b', r"a\"b"), ("a]b", r"a\]b"), ("a\\b", r"a\\b"), ('\\"]', r"\\\"\]"), ("[x=", "[x=")],
)
def test_values_of_structured_data_are_escaped(value, written):
    assert syslog.structured("audit@1", {"subject": value}) == f'[audit@1 subject="{written}"]'


def test_names_that_the_header_does_not_allow_are_mended():
    sender = syslog.Sender(hostname="құбыр host", app_name="x" * 60, sd_id='a b="]@1')
    found = parse(syslog.message(ecs.document(row()), sender))
    assert (found.hostname, len(found.app), list(found.data)) == ("host", 48, ["ab@1"])
    assert parse(syslog.message(ecs.document(row()), syslog.Sender(hostname=""))).hostname == "-"


@pytest.mark.parametrize("body", [b"x", "қ".encode(), b"two\nlines", b"1 2 3"])
def test_frame_counts_bytes(body):
    assert syslog.counted(body) == str(len(body)).encode() + b" " + body
    assert frames(syslog.counted(body) * 2) == [body, body]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_a_record_says_the_message_is_parsed_back(subject, reason):
    raw = syslog.message(ecs.document(row(subject_ref=subject, reason=reason)), SENDER)
    found = parse(raw)
    said = json.loads(found.text)
    assert said["labels"].get("subject", "") == subject
    assert found.data["audit@32473"].get("subject", "") == subject
    assert said["event"].get("reason", "") == reason
    assert found.data["audit@32473"]["seq"] == "41"


def test_datagram_leaves_out_what_does_not_fit_and_says_so():
    raw = syslog.datagram(ecs.document(row(details={"x": "ж" * 60_000})), SENDER)
    said = json.loads(parse(raw).text)
    assert len(raw) < 65_507
    assert said["labels"]["truncated"] == "true"
    assert said["event"]["sequence"] == 41


@pytest.mark.parametrize("value, seconds", [("", None), ("soon", None), ("7", 7), ("999999", 3600), ("-3", None)])
def test_retry_after_is_read(value, seconds):
    found = _retry_after(value)
    assert (found.total_seconds() if found else None) == seconds
