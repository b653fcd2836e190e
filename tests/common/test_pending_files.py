"""Files of a form that was not accepted: kept under its token, out of reach of others, gone after a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common import pending_files
from common.files import CheckedFile
from common.tasks import forget_pending_files

TOKEN, OTHER = "a" * 32, "b" * 32
PHOTO = CheckedFile("сурет.jpg", b"content", "image/jpeg", (43.3, 68.2))


def test_kept_file_comes_back_whole():
    (kept,) = pending_files.keep(TOKEN, [PHOTO])
    assert (kept.name, kept.size) == ("сурет.jpg", 7)
    assert pending_files.take(TOKEN, [kept.key]) == [PHOTO]
    assert pending_files.look(TOKEN, [kept.key]) == [kept]


def test_same_file_is_kept_once():
    assert pending_files.keep(TOKEN, [PHOTO]) == pending_files.keep(TOKEN, [PHOTO])


def test_key_works_only_with_its_token():
    (kept,) = pending_files.keep(TOKEN, [PHOTO])
    assert pending_files.take(OTHER, [kept.key]) == []


@pytest.mark.parametrize(("token", "key"), [("../../etc", "0" * 16), (TOKEN, "../passwd"), ("", ""), (TOKEN, "g" * 16)])
def test_paths_cannot_be_made_up(token, key):
    with pytest.raises(ValueError):
        pending_files.take(token, [key])


def test_forgotten_after_a_day(time_machine):
    pending_files.forget_older_than(timezone.now() + timedelta(days=1))  # what other tests left
    (kept,) = pending_files.keep(TOKEN, [PHOTO])
    assert forget_pending_files() == 0
    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))
    assert forget_pending_files() == 1
    assert pending_files.look(TOKEN, [kept.key]) == []


def test_forgetting_what_is_not_there_does_no_harm():
    pending_files.forget(OTHER)
    assert pending_files.forget_older_than(timezone.now()) >= 0
