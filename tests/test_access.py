"""Every page for every role: allowed or refused exactly as the tables say, and no page without an entry.

The expectations of `tests/access_expected.py` are written by hand. A new view needs a line there and an entry in
`config/access.py`; the messages of these tests say which.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.mfa.webauthn.internal import auth as webauthn
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpResponse
from django.template.base import Template
from django.test import Client, override_settings
from django.urls import path, reverse
from django.utils.safestring import SafeString

from accounts.models import Role, RoleAssignment
from common.rows import forget_rows
from config.access import ACCESS
from config.access_rules import Who
from signin import session_store
from tests.access_expected import EXPECTED, STAFF
from tests.access_world import ANONYMOUS, DRAFT, INSIDE, OUTSIDE, RESIDENT, World, build, patterns

# Their rights are no part of any unit: accounts.rights.WHOLE_HUB.
FOR_THE_HUB = (Role.METHODOLOGIST, Role.MODERATOR, Role.ADMINISTRATOR, Role.SECURITY_OFFICER)
ROLES = (ANONYMOUS, RESIDENT, *Role.values)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")
# What stands in the addresses that are not about a case; a key that nothing has is answered by a page that says so.
FIXED: dict[str, Any] = {
    "slug": "telegram",
    "what": "check",
    "platform_key": "halyq-uni",
    "key": "no-such-key",
    "uidb36": "1",
    "app_label": "appeals",
    "pk": 1,
    "medium": "sms",
    "provider_slug": "state",
    "provider_id": "none",
    "kind": "appeal",
    "right": "correct",
    # Parts of a case in the addresses of the open API, which opens by key alone.
    **dict.fromkeys(("person", "link", "message", "question", "proposal"), 1),
    "form": "json",
    "service_code": "water",
    "chart": "term-keeping",
    "board": "terms",
    "metric": "received",
    "token": "1-0",
    "version": 1,
    "dataset": "terms",
    "file_name": "datapackage.json",
    "problem": "water--yassy",
}
FIXED |= {"study_group": "akimat", "study_table": "table-23"}
# What stands in the addresses of the open API, which no session opens.
FIXED |= dict.fromkeys(("person", "link", "question", "proposal", "message", "message_id", "webhook"), 1)
FIXED |= dict.fromkeys(("file", "saved", "substitution", "shift"), 1) | {"year": 2026}
# Rows of personal data that tests/access_world.py makes under the key 1.
FIXED |= dict.fromkeys(("takedown_id", "hold_id", "breach_id"), 1) | {"text_id": DRAFT}
FIXED |= {"form_slug": "weekly-akim", "file_kind": "xlsx", "code": "CHECK"}
FIXED |= {"question_token": "kept", "question_id": 1, "digest": "0" * 64}
UNNAMED = {
    "admin:django.views.generic.base.RedirectView": "/admin/appeals/topic/{topic}/",
    "admin:django.contrib.admin.sites.catch_all_view": "/admin/no-such-page/",
}
# The case stands in the address, but what is answered does not depend on it: its public card is there for whoever knows
# the number, and a visitor who saves a draft is told that the session is over, whatever the number.
OF_EVERYBODY = (
    "appeals:public_card", "openapi:open311:request", "openapi:v1:statistics-ratings-point", "reports:qr-point",
)  # fmt: skip
SAME_FOR_ALL = {(name, role) for name in OF_EVERYBODY for role in ROLES}
SAME_FOR_ALL |= {("appeals:case-reply-save", ANONYMOUS)}

BODIES = {"appeals:case-move-message": {"to": "new"}}
# Where those are led whom a page does not open: to sign in, or to give the code of the case.
ELSEWHERE = ("/accounts/login/", "/admin/login/", "/track/?number=")
METHODS: dict[str, str] = {}  # of the pages that were found to take no GET
pytestmark = pytest.mark.django_db
urlpatterns = [path("forgotten/", lambda request: HttpResponse("secret"), name="forgotten")]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
    forget_rows()


@pytest.fixture(autouse=True)
def pages_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only whether a page opens is asked, four thousand times; neither pages nor log lines are needed."""
    monkeypatch.setattr(Template, "render", lambda self, context: SafeString(""))
    monkeypatch.setattr(webauthn, "get_credentials", lambda user: [])  # the security keys are invented
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)


# The tables are complete


def test_every_view_has_an_entry_and_every_entry_a_view() -> None:
    names = {name for name, _ in patterns()}
    assert sorted(names - ACCESS.keys()) == [], "these views need an entry in config/access.py"
    assert sorted(ACCESS.keys() - names) == [], "these entries of config/access.py have no view"


def test_every_view_has_an_expectation_and_every_expectation_a_view() -> None:
    names = {name for name, _ in patterns()}
    assert sorted(names - EXPECTED.keys()) == [], "these views need a line in tests/access_expected.py"
    assert sorted(EXPECTED.keys() - names) == [], "these lines of tests/access_expected.py have no view"
    assert {role for roles in EXPECTED.values() for role in roles.split()} <= set(ROLES)
    assert set(STAFF.split()) == set(Role.values)


def test_what_checks_for_itself_says_what_it_checks() -> None:
    for name, access in ACCESS.items():
        assert (access.who == Who.OWN_CHECK) == bool(access.reason), name
        assert (access.who in (Who.RIGHT, Who.SIGNED_IN)) == bool(access.actions), name


def test_whatever_only_the_staff_may_needs_a_second_factor() -> None:
    for name, access in ACCESS.items():
        roles = set(EXPECTED[name].split())
        if roles and roles <= set(STAFF.split()) and access.who not in (Who.OWN_CHECK, Who.PUBLIC):
            assert access.second_factor, name


def test_a_view_without_an_entry_is_noticed(settings: Any) -> None:
    assert {name for name, _ in patterns(__name__)} - ACCESS.keys() == {"forgotten"}
    with override_settings(ROOT_URLCONF=__name__), pytest.raises(ImproperlyConfigured, match="forgotten"):
        Client().get("/forgotten/")
    with override_settings(ROOT_URLCONF=__name__, UNLISTED_VIEWS_RAISE=False):
        assert Client().get("/forgotten/").status_code == 403


# Every pair


def addresses(world: World, role: str, place: str) -> Iterator[tuple[str, str]]:
    """The name and the address of every view; outside only of those that are about a case or something of one's own."""
    values = {**FIXED, **world.cases[place], **world.own[place].get(role, {})}
    scoped = {"number", "filter_id", "pk", "connection_id", "session_id", "device_id", "application_id"}
    scoped |= {"kept_id", "substitution_id", "shift_id", "department_id", "point_id"}
    for name, route in dict(patterns()).items():
        names = {one or other for one, other in PARAMETER.findall(route)}
        if place == OUTSIDE and (not names & scoped or (name, role) in SAME_FOR_ALL):
            continue
        yield name, _address(name, names, values)


def _address(name: str, names: set[str], values: dict[str, Any]) -> str:
    if name in UNNAMED:
        return UNNAMED[name].format(topic=_row("appeals_topic"))
    if name == "admin:auth_user_password_change":
        return reverse(name, args=[_row("accounts_user")])
    if name == "admin:view_on_site":
        return reverse(name, args=[1, 1])
    if "object_id" in names:
        return reverse(name, args=[_row(name.removeprefix("admin:").rsplit("_", 1)[0])])
    return reverse(name, kwargs={key: values[key] for key in names})


def _row(table: str) -> Any:
    """The key of a row of the table: each has one, so that the answer is about this row and not about a missing one."""
    row = apps.get_model(*table.split("_", 1)).objects.order_by("pk").first()
    assert row is not None, f"tests/access_world.py makes no row of {table}"
    return row.pk


def is_allowed(client: Client, name: str, address: str) -> bool:
    """Whether the page opens; a page that takes no GET is sent an empty form."""
    answer = _asked(client, METHODS.get(name, "get"), address, BODIES.get(name))
    if answer.status_code == 405:
        METHODS[name] = "post"
        answer = _asked(client, "post", address, BODIES.get(name))
    if answer.status_code == 302:
        return not answer["Location"].startswith(ELSEWHERE)
    assert answer.status_code < 500, address
    if answer.status_code == 400 and ACCESS[name].who == Who.OWN_CHECK:
        return False  # what the view checks for itself was missing
    return answer.status_code not in (401, 403, 404)


def _asked(client: Client, method: str, address: str, body: dict[str, str] | None) -> Any:
    """What the request did, signing out included, is taken back."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = getattr(client, method)(address, body)
        transaction.set_rollback(True)
    client.cookies = cookies
    if session := client.cookies.get(settings.SESSION_COOKIE_NAME):
        cache.delete(session_store.ENDED + session.value)  # no transaction takes the end of a session back
    return answer


def _client(world: World, role: str) -> Client:
    client = Client()
    if role != ANONYMOUS:
        client.force_login(world.people[role])
        session = client.session
        # Proved just now that it is he, so that no page asks for it first.
        session["account_authentication_methods"][-1] |= {"at": time.time(), "reauthenticated": True}
        session.save()
    return client


@contextmanager
def _as_usually_given(world: World, role: str) -> Iterator[None]:
    """Roles that look after the hub as a whole are given for all of it; the others stay bound to their unit."""
    given = RoleAssignment.objects.filter(user=world.people.get(role), role__in=FOR_THE_HUB)
    units = dict(given.values_list("pk", "department_id"))
    given.update(department=None)
    yield
    for pk, unit in units.items():
        RoleAssignment.objects.filter(pk=pk).update(department=unit)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_for_whom_the_table_names(world: World, role: str) -> None:
    client = _client(world, role)
    pages = list(addresses(world, role, INSIDE))
    with _as_usually_given(world, role):
        wrong = [
            f"{name} ({'refused' if expected else 'allowed'})"
            for name, address in pages
            if is_allowed(client, name, address) != (expected := role in EXPECTED[name].split())
        ]
    assert not wrong
    assert {name for name, _ in pages} == ACCESS.keys()  # every pair was tried


@pytest.mark.parametrize("role", ROLES)
def test_nothing_outside_the_scope_opens_for_anybody(world: World, role: str) -> None:
    client = _client(world, role)
    pages = list(addresses(world, role, OUTSIDE))
    assert len(pages) > 40
    assert [name for name, address in pages if is_allowed(client, name, address)] == []
