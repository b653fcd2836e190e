"""The test set-up itself: queued tasks, the network, what one test leaves to the next."""

import socket

import pytest
from celery import shared_task
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import EncodeError

DONE = []


@shared_task(name="tests.first")
def first(number):
    DONE.append(number)
    if number > 1:
        transaction.on_commit(lambda: first.delay(number - 1))


@pytest.fixture(autouse=True)
def nothing_done():
    DONE.clear()


@pytest.mark.django_db
def test_queued_tasks_wait_until_the_test_runs_them(run_tasks):
    first.delay(1)
    assert DONE == []
    assert run_tasks() == ["tests.first"]
    assert DONE == [1]
    assert run_tasks() == []


@pytest.mark.django_db
def test_tasks_that_wait_for_the_commit_are_run_too(run_tasks):
    transaction.on_commit(lambda: first.delay(3))
    assert run_tasks() == ["tests.first"] * 3
    assert DONE == [3, 2, 1]


@pytest.mark.django_db
def test_what_was_rolled_back_is_not_run(run_tasks):
    class ChangeOfMindError(Exception):
        pass

    with pytest.raises(ChangeOfMindError), transaction.atomic():
        transaction.on_commit(lambda: first.delay(1))
        raise ChangeOfMindError
    assert run_tasks() == []


@pytest.mark.django_db(transaction=True)
def test_with_real_transactions_the_commit_queues(run_tasks):
    with transaction.atomic():
        transaction.on_commit(lambda: first.delay(1))
        assert run_tasks.__module__ == "tests.queue"
    assert run_tasks() == ["tests.first"]


def test_arguments_travel_as_json():
    with pytest.raises(EncodeError, match="JSON"):
        first.delay(object())


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_begins_with_an_empty_cache(turn):
    assert cache.get("left-by-another-test") is None
    cache.set("left-by-another-test", turn)


def test_the_network_is_closed():
    with socket.socket() as outside, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))
