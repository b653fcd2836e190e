"""Raw payloads as the text in which they are stored encrypted, and back to the same bytes."""

from __future__ import annotations

# What is no UTF-8 (some e-mails) is kept byte for byte as Latin-1, behind a mark that no payload begins with.
MARK = "\x00latin-1\x00"


def pack(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return MARK + raw.decode("latin-1")
    return MARK + raw.decode("latin-1") if text.startswith(MARK) else text


def unpack(text: str) -> bytes:
    return text[len(MARK) :].encode("latin-1") if text.startswith(MARK) else text.encode()
