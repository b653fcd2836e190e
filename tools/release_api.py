"""Publish a version of the open API: keep the facts that programs rely on, for the tests to hold later changes against.

    python -m tools.release_api 1.1.0

First move what stands in UNRELEASED of openapi/changes.py into a release of that name.
"""

from __future__ import annotations

import sys

from openapi import contract, documents


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    print(contract.write(arguments[0], documents.load()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
