"""What the bot says has words in every language."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from appeals import talk
from tests.factories import make_appeal, make_reference

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_everything_the_bot_says_has_words(language: str) -> None:
    make_reference()
    context = {"site": "s", "number": "TRK-1", "reasons": ["r"], "appeals": [make_appeal()], "why": "w"}
    said = (
        "help language_set ask_text ask_new joined files_refused status ask_reason thanks sorry disputed not_possible"
    )
    with translation.override(language):
        texts = [render_to_string(f"notices/talk_{name}.txt", context) for name in said.split()]
        assert "{" not in talk.file_lost("a.jpg")
    assert all(text.strip() and "%(" not in text for text in texts)
