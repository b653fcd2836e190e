"""Connectors from outside: named by entry points of installed packages or by a setting, loaded when the hub starts.

One that cannot be loaded must not keep a hub from starting: it is logged, and the page of the connections says so.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from django.conf import settings

from common.connectors import Connector, connectors

logger = logging.getLogger(__name__)

GROUP = "halyq_uni.connectors"
SLUG = re.compile(r"^[a-z0-9][a-z0-9-]{0,59}$")


@dataclass(frozen=True)
class Broken:
    """A plug-in that was named and could not be loaded."""

    name: str
    why: str


broken: list[Broken] = []


def load() -> None:
    """Register what is installed and what the setting names."""
    broken.clear()
    for entry in (*_named(settings.CONNECTOR_PLUGINS), *entry_points(group=GROUP)):
        try:
            connectors.register(entry.name)(_connector(entry))
        except Exception as error:  # whatever a foreign module does while it is loaded
            logger.exception("connector_plugin_failed", extra={"plugin": entry.name})
            broken.append(Broken(entry.name, f"{type(error).__name__}: {error}"[:300]))


def _named(setting: Iterable[str]) -> Iterable[EntryPoint]:
    """`slug=package.module:Class`, as a package would write it for itself."""
    for line in setting:
        name, _equals, value = line.partition("=")
        yield EntryPoint(name=name.strip(), value=value.strip(), group=GROUP)


def _connector(entry: EntryPoint) -> Connector:
    if not SLUG.match(entry.name):
        raise ValueError("the name has other signs than a-z, 0-9 and hyphens")
    found = entry.load()
    made = found() if isinstance(found, type) else found
    if not isinstance(made, Connector):
        raise TypeError("it is no common.connectors.Connector")
    return made
