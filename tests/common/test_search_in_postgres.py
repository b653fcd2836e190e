"""The queries mean in PostgreSQL what they mean in the tests of `common.text`."""

import pytest
from django.db import connection

from common.text import search_query, search_terms

pytestmark = pytest.mark.django_db


def found(text: str, asked: str, *, prefix_last: bool = False) -> bool:
    query = search_query(asked, prefix_last=prefix_last)
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_to_tsvector(%s) @@ to_tsquery('simple', %s)", [search_terms(text), query])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Көшеміздегі жарық үш күн жоқ", "көше жарығы"),
        ("Көшеміздегі жарық үш күн жоқ", "коше жарык жок"),
        ("Во дворе дома 15а не вывозят мусор", "мусор двор 15а"),
        ("Тауке хан 12/3, кв. 5", "тауке хан 12/3"),
        ("street lights do not work", "street light"),
        ("е-Өтініш порталы", "е-өтініш"),
    ],
)
def test_other_forms_are_found(text: str, asked: str) -> None:
    assert found(text, asked)


@pytest.mark.parametrize(("text", "asked"), [("су жоқ", "жол"), ("лифт 15", "лифт 16"), ("нет света", "нет воды")])
def test_other_words_are_not(text: str, asked: str) -> None:
    assert not found(text, asked)


def test_an_unfinished_word_is_found() -> None:
    assert found("уличное освещение", "осве", prefix_last=True)


@pytest.mark.parametrize(
    "asked",
    ["O'Neil & | ! : * ( ) <->", "а' || 'б", "\\", "x² ½ Ⅷ ①", "12.5 1e5 a@b.kz http://a.kz/b?c=d", "ﬁ İ ß", "₸500"],
)
def test_no_text_breaks_a_query_and_every_text_finds_itself(asked: str) -> None:
    assert found(asked, asked) or search_query(asked) == ""
