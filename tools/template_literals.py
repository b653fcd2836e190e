"""Find text in templates that a reader would see and no translation tag covers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

SEEN_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription", "label"}
UNREAD_ELEMENTS = {"script", "style", "code", "kbd", "samp", "pre"}
VOID_ELEMENTS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Names that are the same in all three languages, and the languages' own names.
SAME_EVERYWHERE = {
    *("Halyq Uni", "Telegram", "WhatsApp", "Instagram", "Facebook", "Messenger", "e-Otinish", "eGov", "Aikey"),
    *("Қазақша", "Русский", "English", "ҚАЗ", "РУС", "ENG", "PDF", "CSV", "XLSX", "JSON", "API", "OpenAPI", "QR"),
}
TEXT_ARGUMENTS = r"(?:title|text|label|hint|heading|caption|message|summary|legend|alt|placeholder|description)"
INCLUDE_TEXT = re.compile(rf"\b{TEXT_ARGUMENTS}\s*=\s*(\"[^\"]*\"|'[^']*')")
DEFAULT_TEXT = re.compile(r"\|\s*default(?:_if_none)?:\s*(\"[^\"]*\"|'[^']*')")
CYRILLIC_LITERAL = re.compile(r"[\"'][^\"']*[а-яёәғқңөұүһіА-ЯЁӘҒҚҢӨҰҮҺІ][^\"']*[\"']")
COMMAND_OR_PATH = re.compile(r"(?<![\w<])/[\w./-]+")
STANDS_FOR_VALUE = "\ue000"


def template_literals(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of every literal in one template."""
    source = path.read_text(encoding="utf-8")
    visible: list[str] = []
    for token, skipped in _tokens(source):
        if token.token_type == TokenType.TEXT and not skipped:
            visible.append(token.contents)
            continue
        if not skipped:
            yield from ((token.lineno or 0, text) for text in _tag_literals(token))
        stand_in = STANDS_FOR_VALUE if token.token_type == TokenType.VAR else " "
        visible.append(stand_in + "\n" * token.contents.count("\n"))
    text = "".join(visible)
    if path.suffix == ".html":
        scanner = _Scanner()
        scanner.feed(text)
        scanner.close()
        yield from scanner.found
    else:
        for number, line in enumerate(text.splitlines(), start=1):
            if has_words(line):
                yield number, _shown(line)


def _tokens(source: str) -> Iterator[tuple[Token, bool]]:
    """Tokens with a mark on those inside translation or comment blocks."""
    ends_with = ""
    for token in Lexer(source).tokenize():
        name = token.contents.split(None, 1)[0] if token.token_type == TokenType.BLOCK and token.contents else ""
        if ends_with:
            yield token, True
            ends_with = "" if name == ends_with else ends_with
            continue
        if name in {"blocktranslate", "blocktrans", "comment"}:
            ends_with = f"end{name}"
        elif name == "block" and token.contents.endswith("_class"):  # a block inside class="…", not text
            ends_with = "endblock"
        yield token, bool(ends_with)


def _tag_literals(token: Token) -> Iterator[str]:
    """Literal text handed to included partials and to the default filter."""
    if token.token_type == TokenType.COMMENT:
        return
    content = re.sub(r"_\((?:\"[^\"]*\"|'[^']*')\)", "", token.contents)
    name = content.split(None, 1)[0] if content else ""
    if token.token_type == TokenType.BLOCK and name in {"include", "component"}:
        yield from (quoted[1:-1] for quoted in INCLUDE_TEXT.findall(content) if has_words(quoted[1:-1]))
    if name not in {"translate", "trans"}:
        for quoted in DEFAULT_TEXT.findall(content):
            if " " in quoted and has_words(quoted):
                yield quoted[1:-1]
        yield from (quoted[1:-1] for quoted in CYRILLIC_LITERAL.findall(content) if has_words(quoted[1:-1]))


def has_words(text: str) -> bool:
    """Whether anything is left to translate when names that stay the same are taken away."""
    rest = COMMAND_OR_PATH.sub(" ", text.replace(STANDS_FOR_VALUE, " "))
    for name in sorted(SAME_EVERYWHERE, key=len, reverse=True):
        rest = rest.replace(name, " ")
    return any(len(word) > 1 for word in re.findall(r"[^\W\d_]+", rest))


def _shown(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace(STANDS_FOR_VALUE, "…")).strip()[:80]


class _Scanner(HTMLParser):
    """Collects visible text and read-out attributes; an element with translate="no" is left alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if self.unread:
            if tag not in VOID_ELEMENTS:
                self.unread.append(tag)
            return
        self._check_attributes(tag, values)
        if tag not in VOID_ELEMENTS and (tag in UNREAD_ELEMENTS or values.get("translate") == "no"):
            self.unread.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.unread:
            self._check_attributes(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.unread:
            del self.unread[len(self.unread) - 1 - self.unread[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self.unread and has_words(data):
            leading = len(data) - len(data.lstrip())
            self.found.append((self.getpos()[0] + data[:leading].count("\n"), _shown(data)))

    def _check_attributes(self, tag: str, values: dict[str, str | None]) -> None:
        names = set(SEEN_ATTRIBUTES)
        if tag == "input" and values.get("type") in {"submit", "button", "reset"}:
            names.add("value")
        if tag == "meta" and values.get("name") == "description":
            names.add("content")
        for name in sorted(names & set(values)):
            if has_words(values[name] or ""):
                self.found.append((self.getpos()[0], f'{name}="{_shown(values[name] or "")}"'))
