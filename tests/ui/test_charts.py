"""Shares in the legend of a bar: short, and never nothing or everything where it is not."""

import pytest
from django.template import Context, Template
from django.utils.translation import override


def drawn(items, **options):
    words = " ".join(f"{name}={value}" for name, value in options.items())
    with override("en"):
        return Template(f"{{% load ui %}}{{% share_bar items {words} %}}").render(Context({"items": items}))


@pytest.mark.parametrize(
    ("part", "rest", "words"),
    [
        (1, 1, "50"),
        (1, 2, "33"),
        (26, 5287, "0.5"),
        (11, 153482, "0.01"),
        (153482, 11, "99.99"),
        (5, 0, "100"),
        (0, 5, "0"),
    ],
)
def test_a_share_has_as_many_digits_as_say_something(part, rest, words):
    assert f"({words}\u00a0%)" in drawn([("part", part), ("rest", rest)])


def test_values_that_are_shares_are_not_told_twice():
    page = drawn([("yes", 65), ("no", 35)], percents=True)
    assert "65&nbsp;%" in page
    assert "(" not in page
