"""A mailbox on a real socket that speaks the part of IMAP4rev1 that reading new messages needs."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LITERAL_AT_THE_END = re.compile(rb"\{(\d+)\}$")


class Mailbox:
    """Messages by their UID, and which of them are marked as seen."""

    def __init__(self, messages: list[bytes]) -> None:
        self.messages = dict(enumerate(messages, start=101))
        self.seen: set[int] = set()
        self.commands: list[str] = []
        self.drop_before_store = False


def _answer(box: Mailbox, tag: str, command: str) -> list[bytes]:
    """The lines of the answer to one command."""
    verb = command.upper()
    done = f"{tag} OK done".encode()
    if verb.startswith("CAPABILITY"):
        return [b"* CAPABILITY IMAP4rev1", done]
    if verb.startswith("LOGIN"):
        good = '"HUB@LOCALHOST" "SECRET"' in verb or ("HUB@LOCALHOST" in verb and "SECRET" in verb)
        return [done] if good else [f"{tag} NO [AUTHENTICATIONFAILED] wrong".encode()]
    if verb.startswith(("SELECT", "EXAMINE")):
        return [f"* {len(box.messages)} EXISTS".encode(), b"* 0 RECENT", b"* OK [UIDVALIDITY 1] ok", done]
    if verb.startswith("UID SEARCH"):
        unseen = [str(uid) for uid in box.messages if uid not in box.seen]
        return [f"* SEARCH {' '.join(unseen)}".rstrip().encode(), done]
    if found := re.match(r"UID FETCH (\d+) \((.+)\)$", verb):
        return [*_fetch(box, int(found.group(1)), found.group(2)), done]
    if found := re.match(r"UID STORE (\d+) \+FLAGS(?:\.SILENT)? \(\\SEEN\)$", verb):
        box.seen.add(int(found.group(1)))
        return [done]
    if verb.startswith("LOGOUT"):
        return [b"* BYE bye", done]
    if verb.startswith(("NOOP", "EXPUNGE", "CLOSE")):
        return [done]
    return [f"{tag} BAD unknown: {command}".encode()]


def _fetch(box: Mailbox, uid: int, what: str) -> list[bytes]:
    content = box.messages[uid]
    if what == "RFC822.SIZE":
        return [f"* 1 FETCH (UID {uid} RFC822.SIZE {len(content)})".encode()]
    part = content.partition(b"\r\n\r\n")[0] if "HEADER" in what else content
    name = what.replace(".PEEK", "")
    return [f"* 1 FETCH (UID {uid} {name} {{{len(part)}}}".encode() + b"\r\n" + part + b")"]


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline():
            tag, _space, command = line.rstrip(b"\r\n").partition(b" ")
            if found := LITERAL_AT_THE_END.search(command):
                self.wfile.write(b"+ go on\r\n")
                command = (
                    command[: found.start()] + self.rfile.read(int(found.group(1))) + self.rfile.readline().rstrip()
                )
            box.commands.append(command.decode())
            if box.drop_before_store and b"STORE" in command.upper():
                return
            for answer in _answer(box, tag.decode(), command.decode()):
                self.wfile.write(answer + b"\r\n")
            if command.upper().startswith(b"LOGOUT"):
                return


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def serving(messages: list[bytes]) -> Iterator[tuple[Mailbox, int]]:
    """The mailbox and the port at which it is read."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.box = box = Mailbox(messages)  # type: ignore[attr-defined]
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield box, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
