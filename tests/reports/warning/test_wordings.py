"""Words that many people suddenly use are found in any form of the word, and in bounded memory."""

import pytest

from reports.warning.wordings import FrequentTerms, Text, WordingLimits, log_likelihood, new_wordings, terms

ORDINARY = (
    "Во дворе не горит фонарь", "Не вывозят мусор второй день", "Яма на дороге у школы", "Нет воды в доме",
    "Көшеде шам жанбайды", "Қоқыс шығарылмайды", "Мектеп жанында шұңқыр бар", "Үйде су жоқ",
)  # fmt: skip


def texts(lines, first=1, language="ru"):
    return [Text(first + place, f"p{first + place}", language, line) for place, line in enumerate(lines)]


PAST = texts(ORDINARY * 60, first=10_000)


def found(recent, before=PAST, **limits):
    return new_wordings(lambda: recent, lambda: before, WordingLimits(**limits) if limits else None)


def test_a_new_word_is_found_in_all_its_forms():
    new = (
        "Воняет гарью весь вечер",
        "Запах гари в квартире",
        "Чувствуем гарь",
        "Гарь на весь район",
        "Опять гарью тянет",
    )
    [wording, *_more] = found([*texts(ORDINARY * 7), *texts(new * 2, first=500)])
    assert "гар" in wording.written
    assert wording.people == 10
    assert set(wording.appeals) == set(range(500, 510))


def test_a_kazakh_word_is_found_in_all_its_forms():
    new = ("Түтін иісі шығып тұр", "Түтіннен дем ала алмаймыз", "Аулада түтін көп", "Түтінді тоқтатыңыз", "Тағы түтін")
    recent = [*texts(ORDINARY * 7, language="kk"), *texts(new * 2, first=500, language="kk")]
    assert "түтін" in found(recent)[0].written


def test_one_person_does_not_make_a_wording():
    one = [Text(500 + number, "somebody", "ru", "Пахнет гарью") for number in range(12)]
    assert not found([*texts(ORDINARY * 7), *one])


def test_what_is_said_as_often_as_before_is_not_new():
    assert not found(texts(ORDINARY * 7))


def test_words_of_one_text_that_many_send_are_one_wording():
    letter = ["Требуем прекратить незаконную вырубку деревьев возле стадиона"] * 9
    [wording] = found([*texts(ORDINARY * 7), *texts(letter, first=700)])
    assert wording.people == 9
    assert wording.also


def test_numbers_and_small_words_say_nothing():
    assert not terms(Text(1, "p", "ru", "и на 87011234567 не 12"))


def test_without_a_past_nothing_is_new():
    assert found(texts(ORDINARY), before=[]) == []


@pytest.mark.parametrize(("recent", "score"), [(20, 0.0), (40, 6.79596)])
def test_log_likelihood_by_hand(recent, score):
    """20 of 1,000 before, 40 of 1,000 now: 2·(40·ln(40/30) + 20·ln(20/30)); the same share gives nothing."""
    assert log_likelihood(recent, 20, 1000, 1000) == pytest.approx(score, abs=1e-4)


def test_frequent_terms_survive_a_flood_of_rare_ones_in_bounded_memory():
    table = FrequentTerms(most=100)
    for number in range(3000):
        table.add([(f"rare{number}",), ("common",)])
        assert len(table.counts) <= 100
    assert table.counts[("common",)] > 2900
    assert table.tests >= 3000
