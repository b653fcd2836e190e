"""An appeal's life by chance: whatever comes in whatever order, the laws of the case hold after every step."""

import os
import sys

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from appeals import workflow
from appeals.models import Status
from tests.appeals.life.moves import Life, transitions_are_lawful
from tests.appeals.life.world import make_world

# The same games every time; more of them, and new ones, are for a developer's long search (HALYQ_LIFE_EXAMPLES=500).
# Making a found game shorter takes minutes and is asked for with HALYQ_LIFE_SHRINK=1.
EXAMPLES = int(os.environ.get("HALYQ_LIFE_EXAMPLES", "0"))
GAMES = settings(
    max_examples=EXAMPLES or 30,
    stateful_step_count=40,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=list(Phase) if os.environ.get("HALYQ_LIFE_SHRINK") else [Phase.generate],
)


@pytest.mark.django_db
def test_the_laws_hold_whatever_happens_to_an_appeal(monkeypatch):
    Life.world = make_world()
    made = transitions_are_lawful(monkeypatch)
    run_state_machine_as_test(Life, settings=GAMES)
    assert all(Status(after) in workflow.TRANSITIONS[Status(before)] for before, after in made)
    sys.stdout.write(f"{len(made)} changes of a status, {len(set(made))} different ones\n")
    assert len(set(made)) > 12
