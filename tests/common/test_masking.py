"""What is shown of personal data."""

import pytest

from common.masking import mask_email, mask_full_name, mask_identifier, mask_name


def test_an_identifier_shows_no_date_of_birth() -> None:
    assert mask_identifier("000101300019") == "••••••••0019"
    assert mask_identifier("019") == "•••"
    assert mask_identifier("") == ""


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("aigul@mail.kz", "a•••@mail.kz"),
        ("a@b.kz", "a•••@b.kz"),
        ("no address", "•••"),
        ("@mail.kz", "•••"),
        ("", "•••"),
    ],
)
def test_email(address: str, masked: str) -> None:
    assert mask_email(address) == masked


@pytest.mark.parametrize(
    ("given", "surname", "masked"),
    [
        ("Айгүл", "Серікова", "Айгүл С."),
        ("ӘСЕМ", "ҰЗАҚБАЕВА", "Әсем Ұ."),
        ("Айгүл", "", "Айгүл"),
        ("", "серікова", "С."),
        ("", "", ""),
        ("  Анна  Мария ", "де Ла Круз", "Анна Мария Д."),
    ],
)
def test_a_person_is_shown_by_given_name_and_first_letter(given: str, surname: str, masked: str) -> None:
    assert mask_name(given, surname) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [("Серікова Айгүл Маратқызы", "Айгүл С."), ("Петров Пётр", "Пётр П."), ("Айгүл", "А."), ("", "")],
)
def test_a_name_as_in_documents(name: str, masked: str) -> None:
    assert mask_full_name(name) == masked
