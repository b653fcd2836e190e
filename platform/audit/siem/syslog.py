"""Messages of RFC 5424 and their framing by RFC 6587; pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from audit.siem.ecs import Document, as_json

VERSION = 1
BOM = b"\xef\xbb\xbf"
NIL = "-"
INFORMATIONAL, WARNING, CRITICAL = 6, 4, 2
NOT_PRINTABLE = re.compile(r"[^\x21-\x7e]+")
NOT_IN_NAME = re.compile(r'[^\x21-\x7e]|[="\]]')
TO_ESCAPE = re.compile(r'(["\\\]])')
LONGEST_DATAGRAM = 65_000


@dataclass(frozen=True)
class Sender:
    """What stays the same in every message."""

    hostname: str
    app_name: str = "halyq-uni"
    facility: int = 13  # log audit
    sd_id: str = "audit@32473"  # the number that RFC 5612 keeps for examples; set your own


def message(found: Document, sender: Sender) -> bytes:
    """HEADER, STRUCTURED-DATA and the JSON as text of UTF-8, which the BOM announces."""
    event = found["event"]
    params = {"seq": str(event["sequence"]), "id": event["id"], "outcome": event["outcome"], "hash": event["hash"]}
    subject = found.get("labels", {}).get("subject")
    if subject:
        params["subject"] = subject
    header = " ".join(
        [
            f"<{sender.facility * 8 + severity(found)}>{VERSION}",
            found["@timestamp"],
            _header(sender.hostname, 255),
            _header(sender.app_name, 48),
            NIL,
            _header(event["action"], 32),
            structured(sender.sd_id, params),
        ]
    )
    return header.encode() + b" " + BOM + as_json(found).encode()


def severity(found: Document) -> int:
    if found["event"]["kind"] == "alert":
        return CRITICAL
    return WARNING if found["event"]["outcome"] == "failure" else INFORMATIONAL


def structured(sd_id: str, params: Mapping[str, str]) -> str:
    """One SD-ELEMENT; values are UTF-8 in which quote, backslash and bracket are escaped."""
    pairs = "".join(f' {NOT_IN_NAME.sub("", name)[:32]}="{escaped(value)}"' for name, value in params.items())
    return f"[{NOT_IN_NAME.sub('', sd_id)[:32]}{pairs}]"


def escaped(value: str) -> str:
    return TO_ESCAPE.sub(r"\\\1", value)


def counted(found: bytes) -> bytes:
    """Octet counting: the length in bytes, a space, the message. Line breaks inside do no harm."""
    return str(len(found)).encode() + b" " + found


def datagram(found: Document, sender: Sender) -> bytes:
    """A message that fits into one datagram; details that do not are left out, and that is said."""
    whole = message(found, sender)
    if len(whole) <= LONGEST_DATAGRAM:
        return whole
    labels = {name: value[:500] for name, value in found.get("labels", {}).items()} | {"truncated": "true"}
    event = found["event"] | {"reason": found["event"].get("reason", "")[:500]}
    kept = {name: value for name, value in found.items() if name != "halyq"}
    return message(kept | {"labels": labels, "event": event}, sender)


def _header(value: str, longest: int) -> str:
    return NOT_PRINTABLE.sub("", value)[:longest] or NIL
