"""What a description says, read back from its two spellings: (thing, property, value) with whole names."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from reports.opendata.graph import PREFIXES

Statement = tuple[str, str, str]
TYPE = f"{PREFIXES['rdf']}type"
# A thing without a name is called by what is said of it, so that both spellings call it the same.


def whole(name: str) -> str:
    prefix, colon, rest = name.partition(":")
    return f"{PREFIXES[prefix]}{rest}" if colon and prefix in PREFIXES else name


def literal(text: str, language: str = "", kind: str = "") -> str:
    return f'"{text}"@{language}^^{whole(kind)}'


def unnamed(said: set[tuple[str, str]]) -> str:
    return f"_:{sorted(said)}"


# JSON-LD


def of_json_ld(text: str) -> set[Statement]:
    found: set[Statement] = set()
    for node in json.loads(text)["@graph"]:
        _read(node, found)
    return found


def _read(node: dict[str, Any], found: set[Statement]) -> str:
    said: set[tuple[str, str]] = set()
    for name, values in node.items():
        for value in values if isinstance(values, list) else [values]:
            if name == "@type":
                said.add((TYPE, whole(value)))
            elif name != "@id":
                said.add((whole(name), _value(value, found)))
    subject = node.get("@id") or unnamed(said)
    found |= {(subject, name, value) for name, value in said}
    return str(subject)


def _value(value: dict[str, Any], found: set[Statement]) -> str:
    if "@value" in value:
        return literal(value["@value"], value.get("@language", ""), value.get("@type", ""))
    return value["@id"] if set(value) == {"@id"} else _read(value, found)


# Turtle: as much of it as we write

TOKEN = re.compile(
    r"""\s*(?:(?P<prefix>@prefix)|<(?P<iri>[^>]*)>|"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[a-z]+)|\^\^(?P<type>[\w:]+))?"""
    r"""|(?P<sign>[\[\];,.])|(?P<name>[A-Za-z]*:?[\w-]*:?))"""
)
ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@dataclass
class Turtle:
    tokens: list[re.Match[str]]
    found: set[Statement] = field(default_factory=set)

    def next(self) -> re.Match[str]:
        return self.tokens.pop(0)

    @property
    def sign(self) -> str:
        return self.tokens[0]["sign"] or ""

    def document(self) -> set[Statement]:
        while self.tokens:
            subject = _iri(self.next()["iri"])
            self.found |= {(subject, name, value) for name, value in self.said()}
            assert self.next()["sign"] == "."
        return self.found

    def said(self) -> set[tuple[str, str]]:
        said = set()
        while True:
            word = self.next()["name"]
            name = TYPE if word == "a" else whole(word)
            said.add((name, self.value()))
            while self.sign == ",":
                self.next()
                said.add((name, self.value()))
            if self.sign != ";":
                return said
            self.next()

    def value(self) -> str:
        token = self.next()
        if token["sign"] == "[":
            said = self.said()
            assert self.next()["sign"] == "]"
            subject = unnamed(said)
            self.found |= {(subject, name, value) for name, value in said}
            return subject
        if token["text"] is not None:
            text = re.sub(r"\\(.)", lambda found: ESCAPED[found[1]], token["text"])
            return literal(text, token["language"] or "", token["type"] or "")
        assert token["iri"] is not None
        return _iri(token["iri"])


def _iri(text: str) -> str:
    return re.sub(r"\\u([0-9A-F]{4})", lambda found: chr(int(found[1], 16)), text)


def of_turtle(text: str) -> set[Statement]:
    lines = text.split("\n")
    heads = [line for line in lines if line.startswith("@prefix")]
    assert {line.split()[1].rstrip(":"): line.split()[2].strip("<>") for line in heads} == PREFIXES
    body = "\n".join(line for line in lines if not line.startswith("@prefix")).strip()
    tokens = [match for match in TOKEN.finditer(body) if match[0].strip()]
    assert "".join(match[0] for match in tokens) == body
    return Turtle(tokens).document()
