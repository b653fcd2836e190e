"""The words of an e-mail: body chosen, HTML to text, quoted text and mobile signatures cut."""

from __future__ import annotations

import re
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser

import nh3

from appeals.channels.payloads import clean_text

LONGEST_TEXT = 20_000
LONGEST_HTML = 2_000_000
BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "hr"}
KEPT_TAGS = BLOCKS | {"a", "b", "i", "em", "strong", "span", "td", "th"}

# Where the text of an earlier message begins. Each is anchored to the start of a line.
QUOTE_STARTS = (
    re.compile(r"^\s*>"),
    re.compile(r"^\s*-{2,}\s*(original message|исходное сообщение|пересылаемое сообщение|бастапқы хабарлама)", re.I),
    re.compile(r"^\s*_{10,}\s*$"),
    re.compile(r"^\s*(on|в|от)\b.{5,200}\b(wrote|написал|написала|написал\(а\)|пишет)\s*:?\s*$", re.I),
    re.compile(r"^.{0,120}\d{4}.{0,120}(wrote|написал\(а\)|написал|написала|пишет|жазды)\s*:\s*$", re.I),
    re.compile(r"^.{0,120}\d{1,2}:\d{2}.{0,120}<[^<>\s]+@[^<>\s]+>\s*:?\s*$"),
)
HEADER_START = re.compile(r"^\s*\*?(from|от|от кого|кімнен)\s*:\*?\s+\S", re.I)
HEADER_NEXT = re.compile(
    r"^\s*\*?(sent|date|to|cc|subject|дата|отправлено|кому|копия|тема|күні|кімге|тақырыбы)\s*:", re.I
)
SIGNATURES = re.compile(
    r"\n+--[ \t]*\n[\s\S]*\Z|\n+[ \t]*(отправлено (из|с)|sent from|.{0,40}жіберілген)[^\n]{0,80}\s*\Z", re.I
)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS - {"br", "hr"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))


def html_to_text(html: str) -> str:
    """The text of a page: scripts, styles and hidden parts never get through, blocks become lines."""
    cleaned = nh3.clean(
        html[:LONGEST_HTML], tags=KEPT_TAGS, attributes={}, clean_content_tags={"script", "style", "title"}
    )
    words = _Words()
    words.feed(cleaned)
    words.close()
    lines = [line.strip() for line in "".join(words.parts).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def body_text(mail: EmailMessage) -> str:
    """The readable part of the message; plain text is preferred, an empty one gives way to HTML."""
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        if part is None:
            continue
        content = decoded(part)
        text = clean_text(html_to_text(content) if kind == "html" else content.replace("\r\n", "\n"), LONGEST_TEXT * 5)
        if text:
            return text
    return ""


def decoded(part: MIMEPart) -> str:
    """The text of a part by its own charset, else by UTF-8 or the Cyrillic page of Windows."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "windows-1251"):
        try:
            return payload.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return payload.decode("utf-8", "replace")


def without_quotes(text: str) -> str:
    """What the writer added himself. When nothing is left, the whole text is kept: better too much than nothing."""
    lines = text.splitlines()
    kept = "\n".join(lines[: _quote_at(lines)]).strip()
    kept = without_signature(kept)
    return kept or text.strip()


def _quote_at(lines: list[str]) -> int:
    for index, line in enumerate(lines):
        if any(start.match(line) for start in QUOTE_STARTS):
            return _attribution_at(lines, index)
        if HEADER_START.match(line) and any(HEADER_NEXT.match(after) for after in lines[index + 1 : index + 4]):
            return index
    return len(lines)


def _attribution_at(lines: list[str], index: int) -> int:
    """A line like «21 Nov 2025, A. <a@b.kz> wrote:» is often broken in two; its first half goes as well."""
    before = index - 1
    while before >= 0 and not lines[before].strip():
        before -= 1
    broken = (
        before >= 0
        and re.search(r"\d{4}.{0,60}$", lines[before])
        and re.match(r"^\s*(on|в|пн|вт|ср|чт|пт|сб|вс|\d)", lines[before], re.I)
    )
    return before if broken and lines[index].strip().endswith(":") else index


def without_signature(text: str) -> str:
    return SIGNATURES.sub("", f"\n{text}").strip()
