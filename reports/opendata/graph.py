"""A small graph of statements and its two spellings, JSON-LD and Turtle."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Iri:
    """The name of a thing: an address, or a prefixed name."""

    value: str

    @property
    def whole(self) -> str:
        prefix, colon, rest = self.value.partition(":")
        return f"{PREFIXES[prefix]}{rest}" if colon and prefix in PREFIXES else self.value


@dataclass(frozen=True)
class Literal:
    value: str
    language: str = ""
    type: str = ""


@dataclass
class Node:
    """A thing and what is said of it; one without a name is written where it is used."""

    name: str = ""
    said: list[tuple[str, Iri | Literal | Node]] = field(default_factory=list)

    def say(self, predicate: str, *objects: Iri | Literal | Node) -> Node:
        self.said += [(predicate, each) for each in objects]
        return self

    def a(self, kind: str) -> Node:
        return self.say("rdf:type", Iri(kind))


def _predicates(node: Node) -> dict[str, list[Iri | Literal | Node]]:
    found: dict[str, list[Iri | Literal | Node]] = {}
    for predicate, each in node.said:
        found.setdefault(predicate, []).append(each)
    return found


# JSON-LD


def as_json_ld(nodes: Sequence[Node]) -> str:
    graph = [_json_node(node) for node in nodes]
    return json.dumps({"@context": PREFIXES, "@graph": graph}, ensure_ascii=False, indent=1)


def _json_node(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": node.name} if node.name else {}
    for predicate, objects in _predicates(node).items():
        if predicate == "rdf:type":
            found["@type"] = [each.value for each in objects if isinstance(each, Iri)]
        else:
            values = [_json_value(each) for each in objects]
            found[predicate] = values[0] if len(values) == 1 else values
    return found


def _json_value(each: Iri | Literal | Node) -> Any:
    if isinstance(each, Node):
        return _json_node(each)
    if isinstance(each, Iri):
        return {"@id": each.whole}
    extra = {"@language": each.language} if each.language else {"@type": each.type} if each.type else {}
    return {"@value": each.value, **extra}


# Turtle


def as_turtle(nodes: Sequence[Node]) -> str:
    head = [f"@prefix {prefix}: <{address}> ." for prefix, address in PREFIXES.items()]
    return "\n".join([*head, "", *(_turtle_node(node) for node in nodes)])


def _turtle_node(node: Node) -> str:
    return f"<{_escaped_iri(node.name)}>\n    {_turtle_said(node, '    ')} .\n"


def _turtle_said(node: Node, indent: str) -> str:
    lines: Iterable[str] = (
        f"{'a' if predicate == 'rdf:type' else predicate} {', '.join(_turtle_value(each, indent) for each in objects)}"
        for predicate, objects in _predicates(node).items()
    )
    return f" ;\n{indent}".join(lines)


def _turtle_value(each: Iri | Literal | Node, indent: str) -> str:
    if isinstance(each, Node):
        inner = f"{indent}    "
        return f"[\n{inner}{_turtle_said(each, inner)}\n{indent}]"
    if isinstance(each, Iri):
        return f"<{_escaped_iri(each.whole)}>"
    text = f'"{_escaped(each.value)}"'
    return f"{text}@{each.language}" if each.language else f"{text}^^{each.type}" if each.type else text


def _escaped(text: str) -> str:
    for sign, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(sign, escaped)
    return text


def _escaped_iri(text: str) -> str:
    return "".join(sign if sign > " " and sign not in '<>"{}|^`\\' else f"\\u{ord(sign):04X}" for sign in text)
