"""Publish a version of the open API: keep the facts that programs rely on, for the tests to hold later changes against.

    python -m tools.release_api 1.1.0

First move what stands in UNRELEASED of openapi/changes.py into a release of that name, raise VERSION in the settings
and write the document anew (`make schema`). What was published once is never written again.
"""

from __future__ import annotations

import sys

from openapi import contract, documents


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    (version,), document = arguments, documents.load()
    if version != document["info"]["version"]:
        print(f"The document is of version {document['info']['version']}.")
        return 1
    if (contract.RELEASED / f"{version}.json").exists():
        print(f"{version} is published already.")
        return 1
    print(contract.write(version, document))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
