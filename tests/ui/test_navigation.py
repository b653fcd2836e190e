"""Apps register entries; a visitor sees his own, and one of them is where he is."""

import pytest
from django.test import RequestFactory

from ui import navigation
from ui.navigation import PUBLIC, WORK, NavItem


@pytest.fixture(autouse=True)
def own_entries(monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})


def links(path, section=PUBLIC):
    return navigation.links(RequestFactory().get(path), section)


def test_entries_come_in_order_and_only_those_the_visitor_may_see():
    navigation.register(
        NavItem("Second", "ui:preferences", order=20),
        NavItem("First", "account_login", order=10),
        NavItem("Hidden", "account_signup", shown=lambda request: False),
        NavItem("Work", "ui:style", section=WORK),
    )
    assert [link.label for link in links("/")] == ["First", "Second"]
    assert [link.label for link in links("/", WORK)] == ["Work"]


def test_the_longest_fitting_address_is_the_current_one():
    navigation.register(
        NavItem("A", "account_login"), NavItem("B", "account_reset_password", also=("/accounts/password/",))
    )
    assert [link.current for link in links("/accounts/login/")] == [True, False]
    assert [link.current for link in links("/accounts/password/reset/done/")] == [False, True]
    assert [link.current for link in links("/accounts/loginx/")] == [False, False]


def test_a_count_is_asked_for_once_and_may_be_none():
    navigation.register(NavItem("A", "account_login", count=lambda request: 41), NavItem("B", "ui:style"))
    assert [link.count for link in links("/")] == [41, None]
