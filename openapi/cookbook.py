"""The cookbook as parts of a page: it is written in the little of Markdown that is understood here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("cookbook.md")
LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")
Words = list[tuple[bool, str]]


@dataclass(frozen=True)
class Part:
    """`words` of a heading or a paragraph are marked where they are code; a table has rows of cells of such words."""

    kind: str  # heading, text, code, table
    words: Words
    rows: tuple[tuple[Words, ...], ...] = ()

    @property
    def text(self) -> str:
        return "".join(word for _is_code, word in self.words)


@cache
def parts() -> tuple[Part, ...]:
    return tuple(_parts(FILE.read_text(encoding="utf-8")))


def _parts(text: str) -> Iterator[Part]:
    """Code between fences is kept as it is; everything else comes in blocks between empty lines."""
    for number, piece in enumerate(re.split(r"^```(?:\w+\n)?", text, flags=re.MULTILINE)):
        if number % 2:
            yield Part("code", [(True, piece.rstrip("\n"))])
            continue
        for block in re.split(r"\n{2,}", piece.strip()):
            if block and not block.startswith("# "):
                yield _block(block)


def _block(block: str) -> Part:
    if block.startswith("## "):
        return Part("heading", words(block.removeprefix("## ")))
    if not block.startswith("|"):
        return Part("text", words(" ".join(block.splitlines())))
    lines = [line for line in block.splitlines() if not set(line) <= set("|- ")]
    return Part("table", [], tuple(tuple(words(cell.strip()) for cell in line.strip("|").split("|")) for line in lines))


def words(text: str) -> Words:
    """A text by its pieces, each marked whether it stands between backquotes, as code does."""
    pieces = enumerate(re.split(r"`([^`]+)`", LINK.sub(r"\1", text)))
    return [(bool(number % 2), piece) for number, piece in pieces if piece]
