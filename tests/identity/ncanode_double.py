"""NCANode for tests: a server on loopback that really checks signatures of a test authority, and fails on demand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

from tools.eds import server
from tools.eds.authority import Authority, Credential, Person
from tools.eds.server import Server
from tools.eds.verification import Centre

MAN, WOMAN, SECOND_MAN = "000101300019", "000101400015", "000101301805"
BORN_IN_2099 = "991231500016"
FIRM = "311240000013"


@lru_cache(maxsize=1)
def authority() -> Authority:
    """One for the whole run: keys take time."""
    return Authority.make()


@lru_cache(maxsize=1)
def stranger() -> Authority:
    """An authority of the same names that nobody trusts."""
    return Authority.make()


@lru_cache(maxsize=32)
def key_of(iin: str = MAN, **values: Any) -> Credential:
    """The key of a natural person, elliptic unless told otherwise; the same key for the same person."""
    values.setdefault("algorithm", "ec")
    return authority().issue(Person(iin=iin), **values)


@lru_cache(maxsize=8)
def key_for_firm(iin: str = MAN, *, post: str = "CEO", firm: str = FIRM) -> Credential:
    person = Person(iin=iin, bin=firm, organization="«СЫНАҚ» ЖШС")
    return authority().issue(person, algorithm="ec", users=("ORGANIZATION", post) if post else ("ORGANIZATION",))


@pytest.fixture
def ncanode(settings: Any) -> Iterator[Server]:
    """The hub asks this one; nothing is revoked and OCSP answers."""
    with server.running(Centre(authority())) as running:
        settings.NCANODE_URL, settings.NCANODE_TIMEOUT = running.url, 5
        yield running
