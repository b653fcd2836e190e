"""Topics by key words: a table of texts, and no surprise on empty or endless ones."""

import pytest

from appeals.suggestions import emergency_lines, suggest_topics, words_of

GAS, WASTE, WATER, ROAD = 1, 2, 3, 4
TOPICS = [
    words_of(GAS, "газ иісі, газ шығып жатыр; запах газа, пахнет газом, утечка газа"),
    words_of(WASTE, "қоқыс, контейнер; мусор, свалка"),
    words_of(WATER, "су жоқ, ағын су; нет воды, воду не дают"),
    words_of(ROAD, "жол, шұңқыр; дорога, яма"),
]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Ауладағы қоқыстар шығарылмайды", [WASTE]),
        ("Уже неделю НЕТ   ВОДЫ!", [WATER]),
        ("В подъезде запах газа, и мусор не вывозят", [GAS, WASTE]),
        ("пришёл мусоровоз", [WASTE]),
        ("Компьютер бұзылды", []),
        ("", []),
        ("!!! ---", []),
    ],
)
def test_words_point_to_topics(text, topics):
    assert suggest_topics(text, TOPICS) == topics


def test_danger_comes_before_a_longer_word():
    roof = words_of(5, "кіреберіс, подъезде")
    gas = words_of(GAS, "газ иісі", is_emergency=True)
    assert suggest_topics("Подъезде газ иісі шығып тұр", [roof, gas], most=1) == [GAS]


def test_words_inside_other_words_do_not_count():
    assert suggest_topics("Бұл жолдама туралы емес, тәжол", [words_of(ROAD, "олдама")]) == []


def test_endless_text_is_looked_at_only_so_far():
    assert suggest_topics("а " * 3000 + "мусор", TOPICS) == []


def test_first_topic_with_a_line_is_called():
    assert emergency_lines([WASTE, GAS], {GAS: "104, 112", WASTE: ""}) == "104, 112"
    assert emergency_lines([], {}) == ""
