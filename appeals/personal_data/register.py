"""Announce everything the duties on personal data need to know of the appeals."""

from __future__ import annotations

from appeals.personal_data.copies import register_copies
from appeals.personal_data.erasure import register_erasures
from appeals.personal_data.periods import register_periods
from appeals.personal_data.persons import register_persons
from appeals.personal_data.public_items import register_public_items


def register_all() -> None:
    register_copies()
    register_erasures()
    register_periods()
    register_persons()
    register_public_items()
