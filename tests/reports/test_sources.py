"""Names of keys: one looked up is the one that stands in the list."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from reports import sources
from reports.dimensions import PUBLIC
from tests.factories import make_area, make_department, make_topic


@pytest.mark.django_db
def test_a_name_looked_up_is_the_one_in_the_list() -> None:
    make_area(), make_department(), make_topic()
    for language in ("kk", "ru", "en"):
        with override(language):
            for dimension in PUBLIC:
                listed = {
                    choice.key: choice.name for choice in [*sources.choices(dimension), sources.not_given(dimension)]
                }
                assert {key: sources.name(dimension, key) for key in listed} == listed
                assert len(listed) > 1, dimension


@pytest.mark.django_db
def test_a_row_that_is_gone_is_named_by_its_number() -> None:
    assert sources.name("topic", 987654) == "№ 987654"
