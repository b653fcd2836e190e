"""A notice of the inbox is read in the language its reader has on, not in the one it was written in."""

from __future__ import annotations

import pytest
from django.utils import translation

from accounts.models import Role
from appeals.notice_texts import inbox_line
from notifications.languages import words_of
from notifications.models import Notification
from notifications.selectors import inbox
from signin import notices
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_notice_of_a_sign_in_speaks_the_language_of_its_reader():
    officer = make_user(Role.SECURITY_OFFICER, language="kk")
    notices.tell(officer, notices.What("new_device", "1", details={"device": "Firefox", "place": "Astana"}))
    row = inbox(officer).get()
    seen = {}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            seen[language] = inbox_line(row)
    assert seen["en"].sentence == "Sign-in from a new device"
    assert seen["en"].details[0] == "Somebody signed in to your account from a new device."
    assert "Device: Firefox" in seen["en"].details
    assert len({line.sentence for line in seen.values()}) == 3
    assert row.subject == seen["kk"].sentence
    assert row.headers["path"] == "/accounts/sessions/"


def test_notice_from_before_is_shown_as_it_was_stored():
    assert words_of(Notification(subject="Old", body="words")) == ("Old", "words")
