"""Appeal numbers and tracking codes survive the telephone and the wrong keyboard."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.reference_numbers import (
    CODE_ALPHABET,
    AppealNumber,
    find_numbers,
    new_tracking_code,
    normalise_tracking_code,
    parse_number,
)

NUMBER = AppealNumber(sequence=1234, year=2026, prefix="TRK")
numbers = st.builds(AppealNumber, sequence=st.integers(1, 99_999_999), year=st.integers(2020, 2099))


def test_the_written_form() -> None:
    assert str(NUMBER) == "TRK-26-0001234-9"
    assert str(AppealNumber(sequence=12_345_678, year=2026)).startswith("TRK-26-12345678-")


@pytest.mark.parametrize(
    "text",
    [
        "TRK-26-0001234-9",
        "trk-26-0001234-9",
        "ТРК-26-0001234-9",
        "TRK 26 0001234 9",
        "TRK2600012349",
        "26-0001234-9",
        "26-1234-9",
        "26 1234 9",
        "2600012349",
        "№ TRK–26–0001234–9",
        "TRK-26-OOO1234-9",
        "TRK-26-000I234-9",
        " TRK / 26 / 1234 / 9 ",
    ],
)
def test_a_number_is_read_as_people_write_it(text: str) -> None:
    assert parse_number(text) == NUMBER


@pytest.mark.parametrize(
    "text", ["", "TRK", "TRK-26-0001234-6", "ABC-26-0001234-9", "26-5", "TRK-26-0000000-8", "12345", "☂"]
)
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert parse_number(text) is None


def test_the_prefix_is_a_parameter() -> None:
    number = AppealNumber(sequence=7, year=2026, prefix="SAU")

    assert parse_number(str(number), prefixes=["SAU"]) == number
    assert parse_number(str(number)) is None


def test_another_installation_has_its_own_prefix_and_reads_its_old_ones(settings: Any) -> None:
    old = NUMBER
    settings.NUMBER_PREFIXES = ["SAU", "TRK"]
    new = AppealNumber(sequence=1234, year=2026)
    assert str(new) == "SAU-26-0001234-9", "the check digit does not hang on the prefix"
    assert (parse_number("sau 26 1234 9"), parse_number(str(old)), parse_number("26 1234 9")) == (new, old, new)
    assert find_numbers(f"{old} and {new}") == [str(old), str(new)]


def test_numbers_are_found_in_a_subject() -> None:
    subject = "Re: [№ TRK-26-0001234-9] су жоқ, ТРК 26 0001234 9 және TRK-26-0001234-5, тел. 8701 123 45 67"

    assert find_numbers(subject) == ["TRK-26-0001234-9"]


@given(numbers)
def test_every_number_reads_back(number: AppealNumber) -> None:
    assert parse_number(str(number)) == number
    assert parse_number(str(number).lower().replace("-", " ")) == number


@given(numbers, st.integers(0, 20), st.integers(1, 9))
def test_every_single_wrong_digit_is_caught(number: AppealNumber, place: int, shift: int) -> None:
    digits = str(number)[3:].replace("-", "")
    place %= len(digits)
    changed = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]

    assert parse_number(changed) is None


@given(numbers, st.integers(0, 20))
def test_every_swap_of_neighbours_is_caught(number: AppealNumber, place: int) -> None:
    digits = str(number)[3:].replace("-", "")
    place %= len(digits) - 1
    changed = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]

    assert changed == digits or parse_number(changed) is None


@given(st.text(max_size=60))
def test_any_text_is_read_or_not_without_an_error(text: str) -> None:
    number = parse_number(text)
    assert number is None or parse_number(str(number)) == number


def test_tracking_codes_are_long_and_differ() -> None:
    codes = {new_tracking_code() for _ in range(500)}

    assert len(codes) == 500
    assert all(len(code) == 11 and set(code) <= set(CODE_ALPHABET + "-") for code in codes)
    assert len(CODE_ALPHABET) ** 10 > 2**40


@pytest.mark.parametrize("text", ["7KM4P-X29AH", "7km4px29ah", "7КМ4Р-Х29АН", " 7km4p x29ah "])
def test_a_tracking_code_typed_on_any_keyboard(text: str) -> None:
    assert normalise_tracking_code(text) == "7KM4P-X29AH"


@pytest.mark.parametrize("text", ["", "7KM4P", "7KM4P-X29AHH", "7KM4P-X20AH", "☂" * 10])
def test_what_is_no_tracking_code(text: str) -> None:
    assert normalise_tracking_code(text) is None
