"""What was done so that nobody can be found, in words and numbers, for the page of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.cells import K
from reports.models import DatasetVersion
from reports.opendata.deidentification import STEPS
from ui.dates import number


@dataclass(frozen=True)
class Line:
    """A step of the method, and to how many appeals it was the last one."""

    words: str
    count: int


def counted(version: DatasetVersion) -> list[tuple[str, str]]:
    """Rows of a summary list. A number from one to four is itself too small to be told."""
    figures: Mapping[str, int] = version.figures
    words = {
        "appeals": _("Appeals in this version"),
        "suppressed": _("Left out because too few are alike"),
        "all_alike": _("Without judgement or category because all alike had the same"),
        "kept_back": _("Left out as confidential, taken down or restricted"),
        "cells": _("Figures in this version"),
        "hidden": _("Hidden figures"),
    }
    return [(words[key], _told(figures[key], key)) for key in words if key in figures]


def _told(value: int, key: str) -> str:
    if key in ("suppressed", "kept_back") and 0 < value < K:
        return _("fewer than %(number)d") % {"number": K}
    return number(value)


def steps(version: DatasetVersion) -> list[Line]:
    """The fixed order of coarsening."""
    if "appeals" not in version.figures:
        return []
    return [Line(str(step.words), version.figures.get(f"safe_after_{step.column}", 0)) for step in STEPS]
