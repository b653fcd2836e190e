"""What the applicant's page reads of a long story: its end, in the order of time."""

from __future__ import annotations

import pytest

from appeals import events
from appeals.models import EventKind
from appeals.selectors import tracking
from tests.factories import make_appeal

pytestmark = pytest.mark.django_db


def test_of_a_long_story_the_newest_steps_are_read(monkeypatch):
    monkeypatch.setattr(tracking, "MOST_EVENTS", 3)
    appeal = make_appeal()
    for day in range(5):
        events.record(appeal, EventKind.TERM_EXTENDED, data={"day": day}, is_public=True)
    found = tracking.citizen_case(appeal).events
    assert [event.data["day"] for event in found] == [2, 3, 4]
