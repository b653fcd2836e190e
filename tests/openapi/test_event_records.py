"""Records of events go after their periods and with the account; a reader can tell that he came too late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from openapi import feed
from openapi.models import Attempt, Delivery, FeedEntry, Subscription
from openapi.tasks import append_feed
from privacy.registries import Subject, erasures, exports, retention
from tests.factories import make_reference, make_user
from tests.openapi.api import FILING, Program, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    make_reference()
    found = make_program()
    found.post("webhooks", {"url": "https://hook.example.kz/"}, key=None)
    for _ in range(3):
        found.post("appeals", FILING)
    append_feed()
    return found


def _age(rows: int) -> None:
    """The first entries are as old as three years."""
    keys = FeedEntry.objects.order_by("seq").values_list("seq", flat=True)[:rows]
    FeedEntry.objects.filter(seq__in=list(keys)).update(time=timezone.now() - timedelta(days=1100))


def test_old_entries_go_from_the_beginning_and_late_readers_are_told(program):
    _age(2)
    kind, older = retention.get("feed_entries"), timezone.now() - timedelta(days=730)
    assert kind.due(older) == 2
    assert kind.batch(older, "delete", 1) == 1
    assert kind.batch(older, "delete", 500) == 1
    assert kind.batch(older, "delete", 500) == 0
    assert program.get("changes", {"cursor": 1}).json()["code"] == "cursor_expired"
    assert program.get("changes", {"cursor": 2}).json()["results"][0]["id"] == "3"
    assert program.get("changes").json()["results"][0]["id"] == "3"


def test_old_entry_behind_a_young_one_stays_until_its_turn(program):
    FeedEntry.objects.filter(seq=2).update(time=timezone.now() - timedelta(days=1100))
    assert retention.get("feed_entries").due(timezone.now() - timedelta(days=730)) == 0


def test_feed_never_begins_anew_because_everything_is_old(program):
    _age(100)
    newest = feed.last()
    retention.get("feed_entries").batch(timezone.now() - timedelta(days=730), "delete", 500)
    assert feed.first() == feed.last() == newest
    program.post("appeals", FILING)
    append_feed()
    assert feed.last() > newest


def test_deliveries_go_with_their_tries_after_their_period(program):
    old, *_rest = Delivery.objects.order_by("pk")
    before = Delivery.objects.count()
    long_ago = timezone.now() - timedelta(days=31)
    Delivery.objects.filter(pk=old.pk).update(created_at=long_ago, next_try_at=long_ago)
    Attempt.objects.create(delivery=old)
    kind, older = retention.get("webhook_deliveries"), timezone.now() - timedelta(days=30)
    assert (kind.due(older), kind.batch(older, "delete", 500)) == (1, 1)
    assert Delivery.objects.count() == before - 1
    assert not Attempt.objects.exists()


def test_message_that_is_sent_again_does_not_go_in_the_same_night(program):
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert retention.get("webhook_deliveries").due(timezone.now() - timedelta(days=30)) == 0


def test_owner_gets_a_copy_without_the_secret_and_takes_them_along(program):
    stranger = make_user()
    mine, other = (Subject(f"user:{user.pk}", user) for user in (program.application.owner, stranger))
    (row,) = exports.get("webhooks").rows(mine)
    assert row["address"] == "https://hook.example.kz/"
    assert "whsec_" not in str(dict(row))
    assert list(exports.get("webhooks").rows(other)) == []
    kind = erasures.get("webhooks")
    assert (kind.look(mine).count, kind.look(other).count) == (1, 0)
    assert kind.erase(other, "delete", "").changed == 0
    assert kind.erase(mine, "delete", "").changed == 1
    assert kind.erase(mine, "delete", "").changed == 0
    assert not Subscription.objects.exists()
    assert not Delivery.objects.exists()
    assert FeedEntry.objects.exists()
