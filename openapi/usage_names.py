"""How the operations are called that were counted: from the name of an address and a method to the document's name."""

from __future__ import annotations

import re
from functools import cache

from openapi import documents

PREFIX = "/api/v1/"


@cache
def names() -> dict[str, str]:
    """`case-claim.post` -> `claim_case`."""
    from openapi.v1.urls import urlpatterns

    paths = documents.load()["paths"]
    assert isinstance(paths, dict)
    found: dict[str, str] = {}
    for pattern in urlpatterns:
        path = PREFIX + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
        for method, operation in paths.get(path, {}).items():
            if isinstance(operation, dict) and "operationId" in operation:
                found[f"{pattern.name}.{method}"] = operation["operationId"]
    return found


def name_of(counted: str) -> str:
    """The name in the document; what is no longer in it is called as it was counted."""
    return names().get(counted, counted)
