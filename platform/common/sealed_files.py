"""Files that are useless without their key: AES-256-GCM in pieces, so that neither end holds a whole file in memory.

Each piece is bound to its place and the last one says that it is the last: none can be swapped, left out or cut off.
Throwing the key away destroys the file wherever copies of it lie.
"""

from __future__ import annotations

import base64
import io
import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE = 256 * 1024
TAG = 16
LAST, MORE = b"last", b"more"


def new_key() -> str:
    return base64.urlsafe_b64encode(AESGCM.generate_key(256)).decode()


def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.urlsafe_b64decode(key))


class SealingWriter(io.RawIOBase):
    """Write plain bytes, store sealed ones. `close` seals the last piece; without it the file cannot be opened."""

    def __init__(self, target: BinaryIO, key: str) -> None:
        super().__init__()
        self._target, self._cipher = target, _cipher(key)
        self._prefix = os.urandom(4)
        self._number, self._waiting = 0, bytearray()
        self._target.write(self._prefix)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # whatever a buffer is
        self._waiting += piece
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), MORE)
            del self._waiting[:PIECE]
        return len(piece)

    def _seal(self, piece: bytes, place: bytes) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._prefix, self._number), piece, place))
        self._number += 1

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._waiting), LAST)
        super().close()


def opened(source: BinaryIO, key: str) -> Iterator[bytes]:
    """The plain pieces of a sealed file; ValueError where it was cut, changed or sealed with another key."""
    cipher, prefix = _cipher(key), source.read(4)
    piece, number = source.read(PIECE + TAG), 0
    while True:
        following = source.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number), piece, MORE if following else LAST)
        except InvalidTag as error:
            raise ValueError("the sealed file was changed or the key does not fit") from error
        if not following:
            return
        piece, number = following, number + 1


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + struct.pack(">Q", number)
