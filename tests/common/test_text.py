"""Search terms, queries and the guess of the language."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.stemming import fold
from common.text import beginning, guess_language, search_query, search_terms

KAZAKH = [
    "Су жоқ",
    "Көшеміздегі жарық үш күннен бері жанбайды, жөндеп беруіңізді сұраймыз",
    "Біздің аулада қоқыс шығарылмай жатыр",
    "Ауызсу келмей жатыр, кашан косады?",
    "Балабақшаға кезек қалай алуға болады",
    "Жол жөнделмеген, шұңқырлар көп. Мекенжай: Тауке хан даңғылы, 15",
]
RUSSIAN = [
    "Нет воды",
    "На нашей улице третий день не горит свет, просим починить",
    "Мусор",
    "Когда отремонтируют дорогу на улице Тауке хана?",
    "Прошу помочь, Айгүл Өмірзақова, Түркістан қаласы не отвечает на звонки уже неделю",
    "Во дворе бродячие собаки",
]
ENGLISH = ["There is no water in our street", "The street lights do not work, please repair them", "Where can I pay?"]


@pytest.mark.parametrize("text", KAZAKH)
def test_kazakh_is_known_with_and_without_its_letters(text: str) -> None:
    assert guess_language(text, "?") == "kk"
    assert guess_language(fold(text), "?") == "kk"


@pytest.mark.parametrize("text", RUSSIAN)
def test_russian_is_known_even_with_kazakh_names(text: str) -> None:
    assert guess_language(text, "?") == "ru"


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_known(text: str) -> None:
    assert guess_language(text, "?") == "en"


def test_latin_letters_are_not_always_english() -> None:
    assert guess_language("Salem, bizdin koshede su zhok") == "kk"
    assert guess_language("zdravstvuyte, u nas net sveta") == "ru"


@pytest.mark.parametrize("text", ["", "12345", "!!! ???", "☂"])
def test_the_default_where_nothing_tells(text: str) -> None:
    assert guess_language(text) == "kk"
    assert guess_language(text, "ru") == "ru"


def test_terms_hold_both_stems_and_no_small_words() -> None:
    terms = search_terms("Мы на улице Тәуке хан, 15: көшеде су жоқ және жарық сөнді")

    assert {"улиц", "15", "коше", "су", "жок", "жарык"} <= set(terms)
    assert not {"мы", "на", "жане"} & set(terms)
    assert len(terms) == len(set(terms))


def matches(query: str, text: str) -> bool:
    """What PostgreSQL does with such a query, in small."""
    terms = set(search_terms(text))
    groups = [re.findall(r"'([^']+)'(:\*)?", part) for part in query.split(" & ")]
    return all(
        any(word in terms or (star and any(term.startswith(word) for term in terms)) for word, star in group)
        for group in groups
    )


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("көше жарығы", "Көшеміздегі жарық жоқ"),
        ("кошеде жарык", "Көшелердегі жарықты қосыңыздар"),
        ("уличное освещение", "нет уличного освещения"),
        ("вода дом 15", "Во всём доме 15 нет воды"),
        ("и в на воды", "нет воды"),
        ("Елка", "У ёлки горят провода"),
        ("құдық", "ашык кудыкка түсіп кетті"),
    ],
)
def test_a_search_finds_other_forms_of_its_words(asked: str, text: str) -> None:
    assert matches(search_query(asked), text)


def test_letters_of_two_signs_are_one_letter() -> None:
    assert search_terms(unicodedata.normalize("NFD", "ёлка й көше")) == search_terms("ёлка й көше")


def test_every_word_must_be_there() -> None:
    assert not matches(search_query("жол су"), "су жоқ")
    assert not matches(search_query("лифт 15"), "лифт 16")


def test_an_unfinished_word_is_found_while_it_is_typed() -> None:
    assert matches(search_query("нет осве", prefix_last=True), "нет освещения")
    assert not matches(search_query("нет осве"), "нет освещения")


@pytest.mark.parametrize("asked", ["", "   ", "и в на", "және үшін", "!!!"])
def test_a_query_of_nothing_is_empty(asked: str) -> None:
    assert search_query(asked) == ""


@given(st.text(max_size=200), st.booleans())
def test_no_text_breaks_the_syntax_of_a_query(text: str, unfinished: bool) -> None:
    query = search_query(text, prefix_last=unfinished)
    term = r"'\w+'(?::\*)?"

    assert query == "" or re.fullmatch(
        rf"(?:{term}|\({term}(?: \| {term})*\))(?: & (?:{term}|\({term}(?: \| {term})*\)))*", query
    )


@given(st.text(max_size=300))
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    query = search_query(text)

    assert query == "" or matches(query, text)


def test_a_text_without_end_gives_a_bounded_index_row() -> None:
    assert len(search_terms(" ".join(f"сөз{number}" for number in range(5000)))) <= 2002


@pytest.mark.parametrize(
    ("text", "limit", "begun"),
    [
        ("Су жоқ", 6, "Су жоқ"),
        ("Жарық үш күннен бері жоқ", 14, "Жарық үш…"),
        ("Жарық жоқ, көше қараңғы", 14, "Жарық жоқ…"),
        ("Жарық\nсөнді бүгін", 8, "Жарық…"),
        ("Қ" * 20, 5, "ҚҚҚҚ…"),
        ("", 5, ""),
    ],
)
def test_beginning_of_a_text_ends_after_a_whole_word_and_is_marked(text, limit, begun):
    assert beginning(text, limit) == begun
    assert len(begun) <= limit
