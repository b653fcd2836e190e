"""Every page of the hub against the operations of the API: what a role can do on a page, a program can do for it."""

from __future__ import annotations

import re

from appeals.views.staff.case import urls as case_urls
from appeals.views.staff.dispatch import urls as dispatch_urls
from config.access import ACCESS
from tests.openapi.operations_expected import EXPECTED
from tests.openapi.parity.acts import ACTS
from tests.openapi.parity.pages import FAMILIES, PAGES, WITHOUT

# Operations that no page has: they are there for programs alone.
FOR_PROGRAMS = ("sandbox", "webhook", "events", "reference", "statistics", "usage")
# Pages of a case that only show something, or keep what is being written.
READ = (
    "appeals:case", "appeals:case-print", "appeals:case-identity", "appeals:case-file", "appeals:case-move-messages",
    "appeals:case-reply-save",
)  # fmt: skip


def family(name: str) -> str | None:
    return next((begin for begin in FAMILIES if name.startswith(begin)), None)


def test_every_page_says_which_operation_does_the_same_or_why_none_does():
    silent = sorted(name for name in ACCESS if name not in PAGES and name not in WITHOUT and family(name) is None)
    assert silent == [], "these pages need a line in tests/openapi/parity/pages.py"


def test_no_page_about_appeals_or_the_team_hides_in_a_family():
    begins = ("appeals:", "accounts:", "notifications:")
    assert [name for name in ACCESS if name.startswith(begins) and family(name)] == []


def test_every_line_is_about_a_page_and_stands_once():
    assert sorted((PAGES.keys() | WITHOUT.keys()) - ACCESS.keys()) == []
    assert PAGES.keys() & WITHOUT.keys() == set()
    assert [begin for begin in FAMILIES if not any(name.startswith(begin) for name in ACCESS)] == []


def test_every_operation_named_exists():
    named = {operation for operations in PAGES.values() for operation in operations}
    assert sorted(named - EXPECTED.keys()) == []


def test_every_operation_of_a_role_is_that_of_a_page():
    """What the API could do beyond the pages would have no page to be tried on."""
    named = {operation for operations in PAGES.values() for operation in operations}
    beyond = {name for name, scope in EXPECTED.items() if not scope.startswith(FOR_PROGRAMS) and "webhook" not in name}
    assert sorted(beyond - named) == []


def test_a_new_page_is_noticed(monkeypatch):
    monkeypatch.setitem(ACCESS, "appeals:case-something-new", ACCESS["appeals:case"])
    assert family("appeals:case-something-new") is None
    assert "appeals:case-something-new" not in PAGES | WITHOUT


def test_every_act_on_a_case_is_done_both_ways():
    """`acts.py` has an act for each page of a case that changes something."""
    done = {re.sub(r"/\{\}", "", act.page) for act in ACTS.values()}
    pages = {
        name: re.sub(r"/<\w+:\w+>", "", str(pattern.pattern).removeprefix("<str:number>/")).strip("/")
        for pattern in (*dispatch_urls.urlpatterns, *case_urls.urlpatterns)
        if (name := f"appeals:{pattern.name}") not in READ
    }
    assert sorted(name for name, page in pages.items() if page not in done) == []
