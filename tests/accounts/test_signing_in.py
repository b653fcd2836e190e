"""Where those are led whose rights are not enough: visitors to the sign-in page, others to the page that says so."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


def test_a_visitor_is_led_to_the_sign_in_page_and_back(client: Client) -> None:
    queue = reverse("appeals:queue")
    answer = client.get(queue)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next={queue}")


def test_a_part_of_a_page_says_that_the_session_is_over(client: Client) -> None:
    assert client.get(reverse("appeals:queue"), headers=PART).status_code == 401


@pytest.mark.parametrize("role", ["", Role.SECURITY_OFFICER])
def test_who_has_signed_in_without_the_right_is_told_so(client: Client, role: str) -> None:
    client.force_login(make_user(role))
    assert client.get(reverse("appeals:queue")).status_code == 403
    assert client.get(reverse("appeals:queue"), headers=PART).status_code == 403


def test_a_role_that_was_taken_away_is_gone_with_the_next_request(client: Client) -> None:
    user = make_user(Role.OPERATOR)
    client.force_login(user)
    assert client.get(reverse("appeals:desk")).status_code == 200
    user.role_assignments.all().delete()
    assert client.get(reverse("appeals:desk")).status_code == 302, "and so is the session in which he had it"
    client.force_login(user)
    assert client.get(reverse("appeals:desk")).status_code == 403


def test_who_begins_an_installation_is_its_administrator(client: Client) -> None:
    client.force_login(make_user(is_superuser=True))
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200
