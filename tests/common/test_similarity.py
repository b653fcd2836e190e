"""Near copies are recognised, different texts are not."""

from hypothesis import given
from hypothesis import strategies as st

from common.similarity import shingles, signature, signature_similarity, similarity, text_similarity

FORM_LETTER = (
    "Құрметті тұрғын! Сіздің өтінішіңіз бойынша {date} күні {place} көшесінде жұмыс жүргізілді. "
    "Бригада құбырды ауыстырып, су беруді қалпына келтірді. Қосымша сұрақтар бойынша бөлімге хабарласыңыз."
)


def test_the_same_letter_with_another_date_is_the_same_letter() -> None:
    one = FORM_LETTER.format(date="12.11.2026", place="Тәуке хан")
    two = FORM_LETTER.format(date="15.11.2026", place="Тәуке хан")

    assert text_similarity(one, two) == 1.0
    assert text_similarity("бригада 3 октября вывезла мусор", "бригада 21 ноября вывезла мусор") == 1.0


def test_another_address_leaves_it_a_near_copy_and_another_text_does_not() -> None:
    one = FORM_LETTER.format(date="12.11.2026", place="Тәуке хан")
    two = FORM_LETTER.format(date="12.11.2026", place="Қожа Ахмет Ясауи")

    assert text_similarity(one, two) > 0.6
    assert text_similarity(one, "Бүгін аулаңыздағы ағаштар кесілді, бұтақтары шығарылды, жауапты бөлім басшысы.") < 0.1


def test_empty_and_short_texts() -> None:
    assert text_similarity("", "") == 0.0
    assert text_similarity("су жоқ", "Су жоқ!") == 1.0
    assert signature("") == ()
    assert signature_similarity((), ()) == 0.0


def test_letters_of_the_keyboard_make_no_difference() -> None:
    assert text_similarity("көшеде жарық жоқ болды", "кошеде жарык жок болды") == 1.0


WORDS = st.lists(
    st.sampled_from(["су", "жол", "үй", "көше", "жарық", "құбыр", "лифт", "ағаш", "аула", "мектеп"]), max_size=60
)


@given(WORDS, WORDS)
def test_similarity_is_symmetric_and_between_nothing_and_all(one: list[str], two: list[str]) -> None:
    first, second = " ".join(one), " ".join(two)

    assert 0.0 <= text_similarity(first, second) <= 1.0
    assert text_similarity(first, second) == text_similarity(second, first)
    assert not one or text_similarity(first, first) == 1.0


@given(WORDS, WORDS)
def test_signatures_of_short_texts_are_exact(one: list[str], two: list[str]) -> None:
    first, second = " ".join(one), " ".join(two)

    assert signature_similarity(signature(first), signature(second)) == similarity(shingles(first), shingles(second))


def test_signatures_of_long_texts_come_near_the_truth() -> None:
    one = " ".join(f"сөз{chr(1072 + number % 32)}{chr(1072 + number // 32)}" for number in range(900))
    two = one.replace("сөзаа", "басқа") + " " + " ".join(f"тағы{chr(1072 + number % 32)}" for number in range(300))

    exact = text_similarity(one, two)
    assert abs(signature_similarity(signature(one), signature(two)) - exact) < 0.15
