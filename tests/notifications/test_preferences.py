"""The page of notices: who chooses what, what stays owed, and that the choice is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Role, User
from notifications import preferences
from notifications.models import Preference
from tests.factories import make_department, make_user

pytestmark = pytest.mark.django_db
URL = "/accounts/notices/"


@pytest.fixture
def resident() -> User:
    return make_user()


@pytest.fixture
def executor() -> User:
    return make_user(Role.EXECUTOR, department=make_department())


def test_visitor_is_asked_to_sign_in(client: Any) -> None:
    assert client.get(URL).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_everybody_chooses_his_own_groups(client: Any, resident: User, executor: User, language: str) -> None:
    client.cookies["django_language"] = language
    for user, own, other in ((resident, "resident_owed", "staff_work"), (executor, "staff_work", "resident_owed")):
        client.force_login(user)
        html = client.get(URL).content.decode()
        assert f'name="{own}"' in html
        assert f'name="{other}"' not in html


def test_nobody_without_a_choice_has_a_row(client: Any, executor: User) -> None:
    client.force_login(executor)
    client.get(URL)
    assert not Preference.objects.exists()
    assert preferences.choices_of(executor)["staff_work"] == {"email"}
    assert preferences.choices_of(executor)["staff_cases"] == frozenset()


def test_choice_is_kept_and_shown(client: Any, executor: User) -> None:
    client.force_login(executor)
    answer = client.post(URL, {"staff_cases": ["email"], "staff_terms": ["email"]})
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    assert preferences.choices_of(executor) == {
        "staff_work": frozenset(), "staff_terms": {"email"}, "staff_cases": {"email"}, "staff_warnings": frozenset(),
    }  # fmt: skip
    form = client.get(URL).context["form"]
    assert form["staff_work"].value() == []


def test_what_is_owed_keeps_one_way(client: Any, resident: User) -> None:
    client.force_login(resident)
    answer = client.post(URL, {"resident_progress": []})
    assert answer.status_code == 422
    assert "resident_owed" in answer.context["form"].errors
    assert client.post(URL, {"resident_owed": ["sms"]}).status_code == 303


def test_unknown_way_is_refused(client: Any, executor: User) -> None:
    client.force_login(executor)
    assert client.post(URL, {"staff_work": ["console"]}).status_code == 422


def test_a_fresh_process_knows_every_group() -> None:
    code = "import django; django.setup(); from notifications.preferences import groups; print(*(s for s, _ in groups))"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
    staff = ["staff_cases", "staff_terms", "staff_warnings", "staff_work"]
    assert told.split() == ["resident_owed", "resident_progress", *staff]


def test_stored_nonsense_is_passed_over() -> None:
    group = preferences.groups.get("resident_owed")
    for stored in ({}, {"resident_owed": "x"}, {"resident_owed": []}, {"resident_owed": ["pigeon"]}):
        assert preferences.chosen(stored, group) == group.default
