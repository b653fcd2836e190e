"""The feed of changes: complete, in one order for every reader, without anything an applicant may not know."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from appeals import events
from appeals.models import Appeal, AppealEvent, EventKind
from openapi import feed
from openapi.event_types import PUBLISHED, TEST, TYPES
from openapi.models import FeedEntry, WaitingEvent
from openapi.scopes import Scope
from openapi.tasks import append_feed
from tests.factories import make_appeal, make_reference, make_user
from tests.openapi.api import FILING, make_program
from tests.queue import run_everything
from tests.races.together import together


@pytest.fixture(autouse=True)
def terms(db):
    make_reference()


def _happen(appeal: Appeal, kind: EventKind = EventKind.RATED, *, is_public: bool = True, **more: Any) -> AppealEvent:
    with transaction.atomic():
        locked = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
        return events.record(locked, kind, is_public=is_public, **more)


def test_every_kind_of_event_is_published_or_withheld():
    assert set(TYPES) == set(EventKind)
    assert len(PUBLISHED) == len(set(PUBLISHED)), "one word for two things"
    assert TEST not in PUBLISHED


def test_words_of_events_are_those_that_were_promised():
    assert set(PUBLISHED) >= {"appeal.received", "appeal.registered", "appeal.answered", "appeal.closed"}
    assert TYPES[EventKind.NOTE_ADDED] is None
    assert TYPES[EventKind.REPLY_DRAFTED] is None
    assert TYPES[EventKind.PRIORITY_CHANGED] is None


def test_program_reads_what_happened_to_what_it_filed():
    program = make_program()
    number = program.post("appeals", FILING).json()["number"]
    run_everything()
    page = program.get("changes").json()
    assert page["results"][0]["type"] == "appeal.received"
    assert {row["number"] for row in page["results"]} == {number}
    assert set(page["results"][0]) == {"id", "type", "time", "number", "status", "version"}
    assert page["next_cursor"] == page["results"][-1]["id"]
    assert program.get("changes", {"cursor": page["next_cursor"]}).json()["results"] == []


def test_pages_follow_each_other_without_gap():
    program = make_program()
    for _ in range(3):
        program.post("appeals", FILING)
    append_feed()
    cursor, seen = "0", []
    while True:
        page = program.get("changes", {"cursor": cursor, "limit": 1}).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert seen == [str(seq) for seq in FeedEntry.objects.order_by("seq").values_list("seq", flat=True)]
    assert len(seen) >= 3


def test_feed_shows_no_appeal_of_somebody_else():
    one, other = make_program(), make_program()
    one.post("appeals", FILING)
    make_appeal()
    append_feed()
    assert one.get("changes").json()["results"]
    assert other.get("changes").json()["results"] == []


def test_personal_program_reads_the_appeals_of_its_owner_alone():
    owner = make_user()
    program = make_program(owner, Scope.EVENTS_READ, files_for_others=False)
    own, foreign = make_appeal(), make_appeal()
    own.applicant.user = owner
    own.applicant.save()
    append_feed()
    numbers = {row["number"] for row in program.get("changes").json()["results"]}
    assert numbers == {own.number}
    assert foreign.number not in numbers


def test_what_the_applicant_may_not_know_is_withheld():
    program = make_program()
    appeal = Appeal.objects.get(number=program.post("appeals", FILING).json()["number"])
    append_feed()
    before = feed.last()
    _happen(appeal, EventKind.NOTE_ADDED, is_public=True)  # no word, whatever the row says
    _happen(appeal, EventKind.REGISTERED, is_public=False)  # a word, but hidden
    append_feed()
    assert feed.last() == before
    assert not WaitingEvent.objects.exists()


def test_text_of_people_is_not_in_the_feed():
    program = make_program()
    appeal = Appeal.objects.get(number=program.post("appeals", FILING).json()["number"])
    _happen(appeal, EventKind.RATED, reason="Айгүл 8 701", data={"name": "Айгүл"})
    append_feed()
    told = program.get("changes").content.decode()
    assert "appeal.rated" in told
    assert "Айгүл" not in told and "701" not in told


def test_imported_history_is_no_news():
    appeal = make_appeal()
    append_feed()
    event = events.build(appeal, EventKind.RATED, is_public=True)
    event.reacted_at = timezone.now()
    event.save(force_insert=True)
    assert not WaitingEvent.objects.exists()


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"cursor": -1}, {"limit": 0}, {"limit": 501}, {"cursor": 2**63}])
def test_unreadable_place_is_refused(query):
    answer = make_program().get("changes", query)
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_cursor_of_a_feed_that_began_anew_is_refused():
    answer = make_program().get("changes", {"cursor": 10})
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_unknown")


def _commit_in_opposite_order(first: Appeal, second: Appeal) -> tuple[list[int], list[int]]:
    """The event with the lower number commits after a reader has been past the higher one: what he saw before, after.

    The feed is appended between the two commits and after both.
    """
    written, go = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            locked = Appeal.objects.select_for_update(of=("self",)).get(pk=first.pk)
            events.record(locked, EventKind.RATED, is_public=True)
            written.set()
            assert go.wait(30)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(30)
    quick = _happen(second, EventKind.RATED).pk
    append_feed()
    early = list(FeedEntry.objects.order_by("seq").values_list("event_id", flat=True))
    go.set()
    thread.join(30)
    append_feed()
    assert quick in early
    return early, list(FeedEntry.objects.order_by("seq").values_list("event_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_event_that_commits_late_comes_after_the_cursor_of_every_reader():
    first, second = make_appeal(), make_appeal()
    append_feed()
    early, late = _commit_in_opposite_order(first, second)
    assert late[: len(early)] == early, "what was read keeps its place"
    assert len(late) == len(early) + 1
    assert late[-1] < early[-1], "it was written before what a reader had seen already"


@pytest.mark.django_db(transaction=True)
def test_control_a_reader_by_the_numbers_of_events_misses_the_late_one():
    """The same course of things without the feed: whoever goes on after the largest number never sees the other."""
    first, second = make_appeal(), make_appeal()
    append_feed()
    early, late = _commit_in_opposite_order(first, second)
    cursor = max(early)
    assert [pk for pk in late if pk > cursor] == [], "nothing new for such a reader"
    assert set(late) - set(early), "though there was something new"


@pytest.mark.django_db(transaction=True)
def test_step_that_holds_an_appeal_does_not_hold_up_its_earlier_news():
    """What waits of the locked appeal is appended while the step still goes on."""
    first, second = make_appeal(), make_appeal()
    early, _late = _commit_in_opposite_order(first, second)
    assert set(AppealEvent.objects.filter(appeal=first, kind=EventKind.RECEIVED).values_list("pk", flat=True)) <= set(
        early
    )


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_number_every_event_once():
    for _ in range(8):
        make_appeal()
    together([lambda: append_feed()] * 4)
    seqs = list(FeedEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) >= 8
    assert not WaitingEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_control_writers_without_the_lock_get_into_each_others_way(monkeypatch):
    """Two that both read the waiting list before either writes: without the lock one of them must fail."""
    make_appeal()
    barrier = threading.Barrier(2)
    entries = feed._entries

    def meeting(rows: Any) -> Any:
        found = entries(rows)
        barrier.wait(10)
        return found

    monkeypatch.setattr(feed, "_entries", meeting)
    monkeypatch.setattr(feed, "_take_turn", lambda: None)
    results = together([feed.append, feed.append])
    assert any(isinstance(result, Exception) for result in results)
