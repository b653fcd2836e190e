"""Topics by key words: a table of texts, and no surprise on empty or endless ones."""

import pytest

from appeals.reference.files import read_rows
from appeals.suggestions import Lexicon, emergency_lines, suggest_topics, words_of

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


# The shipped key words: what is broken leads, not where it is or who suffers from it.

ROWS = read_rows("topics.csv")
SLUGS = {number: row["slug"] for number, row in enumerate(ROWS, 1)}
SHIPPED = Lexicon(
    tuple(
        words_of(number, row["keywords"], is_emergency=row["default_priority"] == "emergency")
        for number, row in enumerate(ROWS, 1)
    )
)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Көшеде жарық жанбайды, кешке балалар мектептен қорқып қайтады", "street-lighting"),
        ("Біздің көшеде жарық жанбайды. Қараңғы, балалар мектептен қорқып қайтады.", "street-lighting"),
        ("Мектептің жанындағы жолда шұңқыр көп, көлік өте алмайды", "road-surface"),
        ("Балабақшаға баратын жолда иттер жүр, балалар қорқады", "stray-animals"),
        ("Емхананың алдында қоқыс шашылып жатыр", "waste"),
        ("Мектепте мұғалім жетіспейді, сынып толық", "school"),
        ("Аялдамада шам жанбайды, кешке автобус күту қорқынышты", "street-lighting"),
        ("Үйде үш күннен бері су жоқ, балалар мектепке жуынбай барады", "water-outage"),
        ("Балалар алаңының қасында ашық құдық тұр", "open-manhole"),
        ("Кітапхананың қасындағы кәріз бітелді, сасық иіс шығады", "sewer"),
        ("Пәтерде батарея суық, балам ауырып емханаға түсті", "heating"),
        ("Не горят фонари, дети из школы идут в темноте", "street-lighting"),
        ("Около школы не горят фонари", "street-lighting"),
        ("У детского сада не вывозят мусор вторую неделю", "waste"),
        ("По дороге в поликлинику на улице стая собак, боимся ходить", "stray-animals"),
        ("Возле больницы на дороге огромная яма, скорая еле проезжает", "road-surface"),
        ("Света нет второй день, ребёнок не может готовиться к школе", "power-outage"),
        ("В школе не хватает учителей математики, класс без учебников", "school"),
        ("Напротив поликлиники сломан светофор", "traffic-lights"),
        ("Не работает лифт, пожилой человек не может попасть к врачу", "lift"),
        ("Автобус не приходит по расписанию, дети опаздывают в школу", "bus"),
        ("Во дворе дома сломаны качели на детской площадке", "playground"),
        ("Возле детской площадки открытый люк, ребёнок чуть не упал", "open-manhole"),
    ],
)
def test_what_is_broken_leads_and_not_where(text, slug):
    assert [SLUGS[number] for number in suggest_topics(text, SHIPPED)][:1] == [slug]


@pytest.mark.parametrize(
    "text",
    ["В доме нет воды", "Подвал сухой, вода в кране чистая", "Газ келді, рахмет", "Закажите справку, пожалуйста"],
)
def test_no_danger_where_none_is_told(text):
    first = suggest_topics(text, SHIPPED)[:1]
    assert not first or ROWS[first[0] - 1]["default_priority"] != "emergency"
