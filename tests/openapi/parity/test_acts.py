"""The page and the operation of an act call one step: the same events and state follow, the same roles are refused."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.utils.safestring import SafeString

from accounts.models import Role, RoleAssignment
from appeals.models import Appeal, AppealEvent
from common.rows import forget_rows
from tests.appeals.cases import make_unit
from tests.factories import make_reference, make_user
from tests.openapi.api import Program, make_application
from tests.openapi.parity.acts import ACTS, Act, City, make_city

REFUSED = (403, 404)
STATE = ("status", "outcome", "priority", "topic_id", "department_id", "executor_id", "due_at", "incident_id")
pytestmark = pytest.mark.django_db


class Both:
    """The same people before the pages and with a key."""

    def __init__(self) -> None:
        make_reference()
        unit = make_unit()
        self.city = make_city(unit)
        self.people = {"executor": unit.executor, "head": unit.head, "inspector": unit.inspector}
        for role in Role.values:
            if role not in self.people:
                self.people[role] = make_user()
                RoleAssignment.objects.create(user=self.people[role], role=role, department=unit.department)
        self.programs = {role: Program(make_application(user, rate=100_000)) for role, user in self.people.items()}
        self.clients: dict[str, Client] = {}

    def sign_in(self, role: str) -> None:
        """Anew in each test: what the sessions stand on is forgotten between tests."""
        self.clients[role] = Client()
        self.clients[role].force_login(self.people[role])

    def on_page(self, role: str, act: Act, appeal: Appeal) -> Any:
        ids = act.ids(self.city, appeal)
        form = {
            name: value.format(*ids) if isinstance(value, str) else value
            for name, value in _given(act.form, self.city).items()
        }
        return self.clients[role].post(f"/staff/appeals/{appeal.number}/{act.page.format(*ids)}/", form)

    def by_key(self, role: str, act: Act, appeal: Appeal) -> Any:
        program = self.programs[role]
        address = f"/api/v1/cases/{appeal.number}/{act.path.format(*act.ids(self.city, appeal))}"
        headers = {"Authorization": f"Bearer {program.key}", "If-Match": "*", "Idempotency-Key": "k-1"}
        body = _given(act.body, self.city) or ""  # what has no body sends none
        if act.is_upload:
            return program.client.post(address, body, headers=headers)
        return getattr(program.client, act.method)(address, body, content_type="application/json", headers=headers)


def _given(values: Any, city: City) -> Any:
    return values(city) if callable(values) else values


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: Any) -> Iterator[Both]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Both()
        transaction.set_rollback(True)
    forget_rows()


@pytest.fixture(autouse=True)
def pages_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_rows()
    monkeypatch.setattr(Template, "render", lambda self, context: SafeString(""))
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)


def _seen(appeal: Appeal, since: int) -> tuple[list[tuple[str, int | None]], dict[str, Any]]:
    events = AppealEvent.objects.filter(appeal=appeal, seq__gt=since).order_by("seq")
    row = Appeal.objects.filter(pk=appeal.pk).values(*STATE).get()
    if row["incident_id"]:
        row["incident_id"] = True  # a new one each time
    if row["due_at"]:
        row["due_at"] = row["due_at"].date()
    return [(event.kind, event.actor_id) for event in events], row


@pytest.mark.parametrize("name", sorted(ACTS))
def test_page_and_operation_lead_to_the_same(both: Both, name: str) -> None:
    act, found = ACTS[name], []
    both.sign_in(act.by)
    for way in (both.on_page, both.by_key):
        with transaction.atomic():
            appeal = act.state(both.city)
            act.ids(both.city, appeal)
            since = Appeal.objects.get(pk=appeal.pk).history_seq
            answer = way(act.by, act, appeal)
            assert answer.status_code in (200, 201, 204, 302), (name, answer.content.decode()[:500])
            found.append(_seen(appeal, since))
            transaction.set_rollback(True)
    assert found[0] == found[1]


@pytest.mark.parametrize("role", Role.values)
def test_roles_refused_on_the_page_are_refused_by_the_api(both: Both, role: str) -> None:
    """And the other way round: what a page lets through is refused to no key for lack of a right."""
    different = []
    both.sign_in(role)
    for name, act in ACTS.items():
        with transaction.atomic():
            appeal = act.state(both.city)
            act.ids(both.city, appeal)
            refused = []
            for way in (both.on_page, both.by_key):
                with transaction.atomic():
                    answer = way(role, act, appeal)
                    assert not answer.headers.get("Location", "").startswith("/accounts/"), "not signed in"
                    refused.append(answer.status_code in REFUSED)
                    transaction.set_rollback(True)
            if refused[0] != refused[1]:
                different.append(f"{name}: page {'refuses' if refused[0] else 'lets through'}")
            transaction.set_rollback(True)
    assert different == []
