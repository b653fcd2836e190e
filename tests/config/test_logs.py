"""A log line is one line, whatever somebody typed, and holds no secret."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from config.logs import HIDDEN, hide_in_text, logging_config
from tests.every_url import every_url

TOKEN = "123456789:" + "AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What production writes, for loggers of both kinds."""
    formatter = logging_config(json=True, level="INFO")["formatters"]["structured"]
    made = formatter.pop("()")(**formatter)
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(made)
    root = logging.getLogger("tests.logs")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().split("\n") if line]


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_can_write_a_line_of_his_own(written: io.StringIO, text: str) -> None:
    written.seek(0)
    written.truncate()
    logging.getLogger("tests.logs").warning("typed %s", f'{text}\r\n{{"event": "forged"}}', extra={"field": text})
    structlog.stdlib.get_logger("tests.logs").warning("typed", value=f"{text}\n\x1b[2J{text}")
    assert len(written.getvalue().splitlines()) == 2 or not {
        "\x0b",
        "\x0c",
        "\x1c",
        "\x1d",
        "\x1e",
        "\x85",
        "\u2028",
        "\u2029",
    }.isdisjoint(text)
    found = lines(written)
    assert len(found) == 2
    assert not any(line["event"] == "forged" for line in found)
    assert "\x1b" not in written.getvalue()


def test_a_line_tells_when_where_and_what(written: io.StringIO) -> None:
    logging.getLogger("tests.logs").warning("limit_reached", extra={"what": "track"})
    (line,) = lines(written)
    assert (line["event"], line["level"], line["logger"], line["what"]) == (
        "limit_reached",
        "warning",
        "tests.logs",
        "track",
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line["timestamp"])


SECRETS = {
    "password": "Qw-12345-long",
    "new_password1": "Qw-12345-long",
    "code": "481516",
    "access_token": "eyJhbGciOi",
    "authorization": "Bearer abc",
    "iin": "000101300019",
    "cookie": "sessionid=abc",
    "api_key": "k-123",
    "session_key": "s3ss10n",
}


@pytest.mark.parametrize("name", SECRETS)
def test_what_is_called_a_secret_is_hidden(written: io.StringIO, name: str) -> None:
    value = SECRETS[name]
    structlog.stdlib.get_logger("tests.logs").warning(
        "happened", **{name: value, "inner": {name: value}, "many": [{name: value}]}
    )
    logging.getLogger("tests.logs").warning("happened", extra={name: value})
    assert value not in written.getvalue()
    assert written.getvalue().count(HIDDEN) == 4


@pytest.mark.parametrize(
    "text",
    [
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        "Authorization: Bearer abcdefghij",
        "GET /track/?code=ABCD-EFGH&x=1",
        'body {"password": "Qw-12345-long"}',
        "applicant 000101300019 was not found",
        "sessionid=abcdef0123456789; path=/",
    ],
)
def test_what_looks_like_a_secret_is_hidden_in_any_text(written: io.StringIO, text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("tests.logs").exception("failed: %s", text)
    for secret in (TOKEN, "abcdefghij", "ABCD-EFGH", "Qw-12345-long", "000101300019", "abcdef0123456789"):
        assert secret not in written.getvalue()


ROW = "(7, Серікова Айгүл, Үйде су жоқ (үш күн).\nБалам ауырып жатыр., null)"


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        (f'null value in column "x" violates\nDETAIL:  Failing row contains {ROW}.', 'null value in column "x"'),
        (f"broken\nDETAIL:  Failing row contains {ROW}.\nCONTEXT:  SQL statement", "\nCONTEXT:  SQL statement"),
        (f"broken\nDETAIL:  Failing row contains {ROW}.\n\nThe above exception was", "\n\nThe above exception was"),
        ("duplicate key\nDETAIL:  Key (last_name, street)=(Серікова, Абай) already exists.", "duplicate key\nDETAIL:"),
        (repr(f"broken\nDETAIL:  Failing row contains {ROW}."), "broken"),
    ],
)
def test_a_row_that_the_database_refuses_stands_in_no_line(text: str, stays: str) -> None:
    hidden = hide_in_text(text)
    assert stays in hidden
    assert not [word for word in ("Серікова", "Айгүл", "су жоқ", "Балам", "Абай") if word in hidden]


@pytest.mark.django_db
def test_what_postgres_says_of_a_row_is_hidden_in_the_line_of_the_failure(written: io.StringIO) -> None:
    from tests.factories import make_user

    user = make_user(last_name="Серікова")
    try:
        with transaction.atomic():
            type(user).objects.filter(pk=user.pk).update(username=None)
    except IntegrityError:
        logging.getLogger("tests.logs").exception("failed")
    assert "username" in written.getvalue()
    assert "Серікова" not in written.getvalue()


@pytest.mark.parametrize(
    "text", ["TRK-26-0000017-7", "request took 12 ms, status code 200", "2026-11-26T20:13:14", "40100+10"]
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert hide_in_text(text) == text


def test_no_address_takes_a_secret_in_its_query_or_path() -> None:
    """Tokens in links of mails are spent once; nothing that opens a session or a case stands in an address."""
    secret = re.compile(r"(?i)password|api_?key|session|access_token|tracking_code")
    assert not [
        url
        for url in every_url()
        if secret.search(url) and not url.startswith(("/accounts/", "/admin/", "/signin/", "/staff/accounts/"))
    ]
