"""IIN and BIN: synthetic values only, dated 1900, 2099 and December 2031, so that nobody owns them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import ValidationFailed
from common.identifiers import (
    Doubt,
    IdentifierKind,
    check_bin,
    check_digit,
    check_identifier,
    check_iin,
    normalise_identifier,
)

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    "value", ["000101300019", "000101301805", "000101400015", "000101400601", "991231500016", "991231600301"]
)
def test_iin_with_either_pass_of_the_check_digit(value: str) -> None:
    found = check_iin(value, today=dt.date(2100, 1, 1))

    assert (found.value, found.kind) == (value, IdentifierKind.IIN)


@pytest.mark.parametrize("value", ["311240000013", "311240000407", "311241000019", "311260000012"])
def test_bin_with_either_pass_of_the_check_digit(value: str) -> None:
    assert check_bin(value, today=dt.date(2032, 1, 1)).kind is IdentifierKind.BIN


@pytest.mark.parametrize("last", "0123456789")
def test_a_body_that_is_never_issued_has_no_check_digit(last: str) -> None:
    assert check_digit("00010130188") is None
    with pytest.raises(ValidationFailed) as error:
        check_iin("00010130188" + last, today=TODAY)
    assert error.value.code == "wrong_check_digit"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("000101300010", "wrong_check_digit"),
        ("00010130001", "wrong_length"),
        ("0001013000199", "wrong_length"),
        ("", "not_digits"),
        ("00010130001O", "not_digits"),
        ("000191300019", "wrong_check_digit"),
        ("991231500016", "born_in_future"),
        ("991231600301", "born_in_future"),
        ("311240000013", "not_iin"),
    ],
)
def test_a_wrong_iin_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(ValidationFailed) as error:
        check_iin(text, today=TODAY)

    assert (error.value.code, error.value.field) == (code, "iin")
    assert str(error.value.message)


def test_an_iin_is_no_bin() -> None:
    with pytest.raises(ValidationFailed) as error:
        check_bin("000101300019", today=TODAY)

    assert error.value.code == "not_bin"


@pytest.mark.parametrize(
    "text", ["0001 0130 0019", " 000101-300019 ", "000101\u00a0300019", "０００１０１３０００１９"]
)
def test_an_iin_is_read_as_people_write_it(text: str) -> None:
    assert check_iin(text, today=TODAY).value == "000101300019"


def with_check_digit(body: str) -> str:
    return body + str(check_digit(body))


@pytest.mark.parametrize(
    ("value", "doubts"),
    [
        ("000101300019", {Doubt.TOO_OLD}),
        (with_check_digit("00023030001"), {Doubt.IMPOSSIBLE_DATE}),
        (with_check_digit("00010100001"), {Doubt.UNKNOWN_CENTURY}),
        (with_check_digit("26112350000"), set()),
        ("311240000013", {Doubt.REGISTERED_IN_FUTURE}),
        (with_check_digit("31134000001"), {Doubt.IMPOSSIBLE_DATE}),
        (with_check_digit("97054000001"), set()),
    ],
)
def test_odd_dates_are_doubts_and_no_refusal(value: str, doubts: set[Doubt]) -> None:
    assert check_identifier(value, today=TODAY).doubts == doubts


def test_the_number_does_not_get_into_logs() -> None:
    assert "000101300019" not in repr(check_iin("000101300019", today=TODAY))


# The eleventh digit has weight 11, which the state's own algorithm does not see in the first pass.
@given(
    st.text(alphabet="0123456789", min_size=11, max_size=11),
    st.sampled_from([*range(10), 11]),
    st.integers(1, 9),
)
def test_the_first_pass_catches_a_single_wrong_digit(body: str, place: int, shift: int) -> None:
    first_pass = sum(int(digit) * weight for weight, digit in enumerate(body, start=1)) % 11
    if first_pass == 10:
        return
    value = f"{body}{first_pass}"
    changed = value[:place] + str((int(value[place]) + shift) % 10) + value[place + 1 :]
    changed_pass = sum(int(digit) * weight for weight, digit in enumerate(changed[:11], start=1)) % 11

    assert changed_pass == 10 or changed_pass != int(changed[-1])


@given(st.text(max_size=60))
def test_any_text_is_checked_or_refused_without_another_error(text: str) -> None:
    try:
        found = check_identifier(text, today=TODAY)
    except ValidationFailed:
        return
    assert found.value == normalise_identifier(text)
