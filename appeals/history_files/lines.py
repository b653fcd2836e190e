"""Read a file line by line with bounds: a broken line is reported with its number, the next one is read as usual."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

LONGEST_LINE = 1_000_000  # bytes; the longest real case met has 16,000
Record = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One record of the file, or the reason why it is none. `done` is the share of the file read so far."""

    number: int
    done: float
    record: Record | None = None
    reason: str = ""


class Source:
    """An open file, plain or gzip, that knows how much of it has been read."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("rb")
        self._size = max(path.stat().st_size, 1)
        packed = self._raw.read(2) == b"\x1f\x8b"
        self._raw.seek(0)
        self.stream: IO[bytes] = gzip.GzipFile(fileobj=self._raw) if packed else self._raw  # type: ignore[assignment]

    @property
    def done(self) -> float:
        return min(self._raw.tell() / self._size, 1.0)

    def close(self) -> None:
        self._raw.close()


def read_lines(path: Path, kind: str, *, delimiter: str = ",") -> Iterator[Line]:
    """All records of a JSONL or CSV file."""
    source = Source(path)
    try:
        yield from read_jsonl(source) if kind == "jsonl" else read_csv(source, delimiter)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield Line(0, source.done, reason=f"the packed file is damaged: {error}")
    finally:
        source.close()


def read_jsonl(source: Source) -> Iterator[Line]:
    number = 0
    while raw := source.stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            _skip_line(source.stream)
            yield Line(number, source.done, reason=f"the line is longer than {LONGEST_LINE} bytes")
        elif raw.strip():
            yield _json_line(number, source.done, raw)


def _skip_line(stream: IO[bytes]) -> None:
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _json_line(number: int, done: float, raw: bytes) -> Line:
    try:
        record = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return Line(number, done, reason="not UTF-8")
    except (ValueError, RecursionError) as error:
        return Line(number, done, reason=f"not JSON: {str(error)[:100]}")
    if not isinstance(record, dict):
        return Line(number, done, reason="not a JSON object")
    return Line(number, done, record=record)


def read_csv(source: Source, delimiter: str) -> Iterator[Line]:
    """Records of a CSV file with a header row; a quoted field may hold line ends."""
    csv.field_size_limit(LONGEST_LINE)
    text = io.TextIOWrapper(source.stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    reader = csv.DictReader(text, delimiter=delimiter, restkey="", restval=None)
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(reader.line_num, source.done, reason=f"not CSV: {error}")
            continue
        yield _csv_line(reader.line_num, source.done, record)


def _csv_line(number: int, done: float, record: Record) -> Line:
    if "" in record:
        return Line(number, done, reason="more fields than the header has")
    if None in record.values():
        return Line(number, done, reason="fewer fields than the header has")
    return Line(number, done, record=record)
