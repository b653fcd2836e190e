"""Telephone numbers as residents type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import ValidationFailed
from common.phones import format_phone, mask_phone, normalise_phone, phone_or_none


@pytest.mark.parametrize(
    "text",
    [
        "+7 701 123 45 67",
        "8 (701) 123-45-67",
        "87011234567",
        "77011234567",
        "7011234567",
        "8-701-123-45-67",
        "+77011234567",
    ],
)
def test_a_mobile_number_has_one_stored_form(text: str) -> None:
    assert normalise_phone(text) == "+77011234567"


def test_a_town_number_and_a_foreign_number() -> None:
    assert normalise_phone("8 (72533) 5-12-34") == "+77253351234"
    assert normalise_phone("+998 90 123 45 67") == "+998901234567"


@pytest.mark.parametrize(
    "text", ["", "109", "1310", "112", "нет", "+7 701 123", "701123456789012345", "+7 000 000 00 00", "1234567"]
)
def test_what_is_no_telephone_is_refused(text: str) -> None:
    assert phone_or_none(text) is None
    with pytest.raises(ValidationFailed) as error:
        normalise_phone(text, field="contact")
    assert (error.value.code, error.value.field) == ("wrong_phone", "contact")


def test_shown_and_masked_forms() -> None:
    assert format_phone("+77011234567") == "+7 701 123 45 67"
    assert mask_phone("+77011234567") == "+7 701 ••• •• 67"
    assert mask_phone("+998901234567").endswith("67")
    assert "123" not in mask_phone("+998901234567")
    assert mask_phone("109") == "•••"


@given(st.text(max_size=30))
def test_normalising_is_stable_and_never_breaks(text: str) -> None:
    number = phone_or_none(text)
    assert number is None or phone_or_none(number) == number
