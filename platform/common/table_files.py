"""What every table file is written with: line by line, and harmless when a spreadsheet opens it."""

from __future__ import annotations

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Echo:
    """A file that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def plain(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
