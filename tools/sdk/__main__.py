"""make sdk: `python -m tools.sdk [python] [typescript] [collection]`, all of them when none is named; into var/sdk/."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from openapi import collection, documents
from tools.sdk import python, typescript

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "var" / "sdk"
LOCAL = "http://127.0.0.1:8000"  # whoever imports the collection sets his hub's address


def make_collection(target: Path) -> Path:
    """The same that the hub gives out itself, with its own address."""
    path = target / collection.FILE_NAME
    path.write_text(json.dumps(collection.build(documents.load(), base=LOCAL), ensure_ascii=False, indent=1))
    return path


PARTS: dict[str, Callable[[Path], Path]] = {
    "python": python.package,
    "typescript": typescript.package,
    "collection": make_collection,
}


def main(wanted: list[str]) -> int:
    if unknown := set(wanted) - set(PARTS):
        print(f"There is no {', '.join(sorted(unknown))}. {__doc__}")
        return 2
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in wanted or PARTS:
        print(f"{name}: {PARTS[name](TARGET)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
