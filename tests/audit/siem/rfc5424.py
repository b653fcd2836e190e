"""A parser of syslog messages written from the grammar of RFC 5424 alone, for the tests to judge by."""

from __future__ import annotations

import re
from dataclasses import dataclass

PRINTUSASCII = r"[\x21-\x7e]"
SD_NAME = r'[^\x00-\x20\x7f-\xff="\]]{1,32}'
TIMESTAMP = (
    r"(?:\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
    r"(?:\.\d{1,6})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))"
)
HEADER = re.compile(
    rf"<(?P<pri>0|[1-9]\d{{0,2}})>(?P<version>[1-9]\d{{0,2}}) (?P<timestamp>-|{TIMESTAMP}) "
    rf"(?P<hostname>{PRINTUSASCII}{{1,255}}) (?P<app>{PRINTUSASCII}{{1,48}}) (?P<procid>{PRINTUSASCII}{{1,128}}) "
    rf"(?P<msgid>{PRINTUSASCII}{{1,32}}) "
)
ELEMENT = re.compile(rf"\[(?P<id>{SD_NAME})")
PARAM = re.compile(rf' (?P<name>{SD_NAME})="(?P<value>(?:[^"\\\]]|\\.)*)"', re.DOTALL)


@dataclass
class Parsed:
    facility: int
    severity: int
    timestamp: str
    hostname: str
    app: str
    msgid: str
    data: dict[str, dict[str, str]]
    text: str


def parse(raw: bytes) -> Parsed:
    """The parts of one SYSLOG-MSG; ValueError when the grammar does not fit."""
    head, _space, _rest = raw.partition(b"[")
    header = HEADER.fullmatch(head.decode("ascii"))
    if not header or int(header["pri"]) > 191:
        raise ValueError(f"no header: {raw[:120]!r}")
    text = raw[len(head) :].decode("utf-8")
    data, place = {}, 0
    while text[place : place + 1] == "[":
        element = ELEMENT.match(text, place)
        if not element:
            raise ValueError("no SD-ELEMENT")
        params, place = {}, element.end()
        while param := PARAM.match(text, place):
            params[param["name"]] = re.sub(r'\\(["\\\]])', r"\1", param["value"])
            place = param.end()
        if text[place] != "]":
            raise ValueError(f"SD-ELEMENT does not end: {text[place : place + 20]!r}")
        data[element["id"]], place = params, place + 1
    if text[place : place + 2] != " \ufeff":
        raise ValueError("no SP and BOM before the text")
    pri = int(header["pri"])
    return Parsed(
        pri // 8, pri % 8, header["timestamp"], header["hostname"], header["app"], header["msgid"], data,
        text[place + 2 :],
    )  # fmt: skip


def frames(stream: bytes) -> list[bytes]:
    """The whole frames of an octet-counted stream; a part of one at the end is left out."""
    found, place = [], 0
    while match := re.compile(rb"([1-9]\d*) ").match(stream, place):
        end = match.end() + int(match[1])
        if end > len(stream):
            break
        found.append(stream[match.end() : end])
        place = end
    return found
