"""Monthly figures are those of the pages, small cells hidden; texts go out with consent and without their author."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from appeals.models import Appeal
from privacy.models import ConsentEvent, ConsentPurpose
from reports import disclosed, figures, refreshing
from reports.cells import is_small
from reports.dictionary import METRICS, Kind
from reports.measures import MEASURES
from reports.models import AppealFact, DatasetVersion
from reports.opendata import attack, families, making, storage, versions
from reports.opendata.dataset import Build, Row
from reports.opendata.datasets import monthly_figures, texts
from reports.opendata.redaction import redact
from tests.factories import make_appeal, make_area, make_department, make_identified_applicant, make_user
from tests.reports.city import ALMATY, SEPTEMBER, at

# Rules without a database


def test_every_measure_of_the_dictionary_has_its_family() -> None:
    used = {name for entry in METRICS.values() if entry.kind != Kind.STOCK for name in entry.measures}
    assert used <= families.KNOWN
    # counted by the rollups, and published as no figure: the day it is, it needs a family
    assert set(MEASURES) - families.KNOWN == {"on_time", "overdue"}
    assert families.Veil().hides("any", ["on_time"])


@st.composite
def counts(draw: st.DrawFn) -> dict[str, int]:
    def upto(most: int) -> int:
        return draw(st.integers(0, most))

    due, answered = upto(30), upto(30)
    kept, checked, solved = upto(due), upto(answered), upto(answered)
    late, partly = upto(due - kept), upto(answered - solved)
    return {
        "received": (received := upto(30)), "repeated": upto(received), "due": due, "kept": kept, "late": late,
        "not_done": due - kept - late, "deemed_refusals": upto(due - kept), "extended": upto(due), "done": upto(30),
        "answered": answered, "checked": checked, "formal": upto(checked), "disputed": upto(answered),
        "rated": upto(answered), "mended": upto(answered), "solved": solved,
        "partly": partly, "judged": solved + partly,
    }  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.integers(1, 30), counts(), min_size=1, max_size=7))
def test_no_small_count_of_a_dimension_is_shown_or_subtracted(table: dict[int, dict[str, int]]) -> None:
    city = {name: sum(row[name] for row in table.values()) for name in next(iter(table.values()))}
    over = families.veil_city(city)
    assert not [name for name, count in city.items() if is_small(count) and not over.hides(families.CITY, [name])]
    veil = families.veil(table, known=families.known_of(over))
    lines: list[Row] = []
    for name, total in city.items():
        shown = None if over.hides(families.CITY, [name]) else total
        lines.append(line("city", "city", name, shown))
        for key, row in table.items():
            hidden = veil.hides(key, [name])
            assert hidden or not is_small(row[name])
            lines.append(line("channel", str(key), name, None if hidden else row[name]))
    assert attack.recovered(lines, {}) == []


def line(dimension: str, key: str, metric: str, count: int | None) -> Row:
    return {"month": "2026-09", "dimension": dimension, "key": key, "metric": metric, "numerator": count}


@pytest.mark.parametrize(
    ("text", "gone", "stays"),
    [
        ("Мен, Серікова Айгүл, шағымданамын", ("Серікова", "Айгүл"), "шағымданамын"),
        ("Айгүлге хабарласыңыз: +7 701 000 00 00", ("Айгүл", "701"), "хабарласыңыз"),
        ("почта aigul@mail.kz, t.me/aigul и @aigul_s", ("aigul",), "почта"),
        ("Живу на Тәуке хан даңғылы, дом 1 кв. 17", ("Тәуке", "17"), "Живу"),
        ("ИИН 000101300019, воды нет 3 дня", ("000101300019",), "воды нет 3 дня"),
        ("12-үйде, 5-пәтерде тұрамын", ("12", "5"), "тұрамын"),
        ("Абай көшесі 45-үйдің ауласы лас", ("Абай", "45"), "ауласы лас"),
        ("На улице Желтоксан, 12а прорвало трубу", ("Желтоксан", "12"), "прорвало трубу"),
        ("В доме № 7 и в квартире 15 холодно", ("7", "15"), "холодно"),
        ("Сосед Иванов И. И. шумит по ночам", ("Иванов",), "шумит по ночам"),
        ("Машина 123 ABC 02 стоит на газоне", ("ABC",), "стоит на газоне"),
        ("Во дворе 1 или у ворот нет света", ("1",), "у ворот нет света"),
    ],
)
def test_what_leads_to_the_author_is_taken_out(text: str, gone: tuple[str, ...], stays: str) -> None:
    left = redact(text, ("Серікова Айгүл Маратқызы", "Түркістан қаласы, Тәуке хан даңғылы, 1"))
    assert stays in left
    assert not [word for word in gone if word in left]


def test_a_name_of_two_letters_goes_and_the_word_that_looks_like_it_stays() -> None:
    assert redact("Я, Ли Виктор, спрашиваю, работает ли лифт", ("Ли Виктор",)) == "Я, […] спрашиваю, работает ли лифт"


# Out of the database


@pytest.fixture
def filled(db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    areas = [make_area(), make_area("otyrar")]
    with at(9, 2):
        unit = make_department("water")
        for number in range(19):
            make_appeal(area_id=areas[number % 19 >= 12].pk, channel="web" if number < 16 else "telegram")
    with at(10, 15):
        refreshing.refresh()
        AppealFact.objects.update(department_id=unit.pk)
        making.order("monthly-figures")
        making.make_waiting()


def told() -> list[Row]:
    version = versions.newest_of("monthly-figures")
    assert version is not None
    return list(storage.rows_of(version))


def test_figures_are_those_of_the_pages_or_hidden(filled: None) -> None:
    rows = {(row["dimension"], row["key"], row["metric"]): row for row in told() if row["month"] == "2026-09"}
    assert {row["month"] for row in told()} == {"2026-09"}  # only months that are over
    with at(10, 15):
        for entry in METRICS.values():
            row, figure = rows["city", "city", entry.key], figures.figure(entry.key, SEPTEMBER)
            if not row["hidden"]:
                assert (row["numerator"], row["denominator"]) == (figure.numerator, figure.denominator)
                assert row["value"] == (None if figure.value is None else float(figure.value))
    assert rows["city", "city", "received"]["value"] == 19
    assert rows["area", "yassy", "received"]["value"] == 12
    assert rows["area", "otyrar", "received"]["value"] == 7
    # three by Telegram are few, and the others would tell them
    assert rows["channel", "telegram", "received"]["hidden"]
    assert rows["channel", "web", "received"]["hidden"]


def test_no_small_number_is_told_at_all(filled: None) -> None:
    counted = [row for row in told() if METRICS[str(row["metric"])].kind == Kind.COUNT]
    assert counted
    assert not [row for row in counted if isinstance(row["numerator"], int) and is_small(row["numerator"])]
    assert all(row["value"] is None for row in counted if row["hidden"])
    assert {row["dimension"] for row in told() if row["metric"] == "in_work"} == {monthly_figures.WHOLE}


def consent(user: User, kind: str) -> None:
    purpose, _made = ConsentPurpose.objects.get_or_create(slug=disclosed.TEXT_PURPOSE, defaults={"name_kk": "Мәтін"})
    ConsentEvent.objects.create(
        kind=kind, purpose=purpose, user=user, subject_ref=f"user:{user.pk}", version="1", language="kk", channel="web"
    )


@pytest.mark.django_db
def test_a_consent_taken_back_takes_the_text_out_of_earlier_versions_too(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    author = make_user()
    make_appeal(text="Ауладағы шам жанбайды", applicant=make_identified_applicant(user_id=author.pk))
    for kind in (ConsentEvent.Kind.GIVEN, ConsentEvent.Kind.WITHDRAWN):
        consent(author, kind)
        making.order("appeal-texts")
        making.make_waiting()
    with_text, without = DatasetVersion.objects.filter(dataset="appeal-texts").order_by("number")
    assert (with_text.rows, with_text.is_pruned, without.rows, without.is_pruned) == (1, True, 0, False)
    assert not storage.folder_of("appeal-texts", 1).exists()


@pytest.mark.django_db
def test_texts_go_out_with_consent_only() -> None:
    author, other = make_user(), make_user()
    text = "Серікова Айгүл жазады: су жоқ, телефоным +7 701 000 00 00"
    with time_machine.travel(dt.datetime(2026, 9, 2, 10, tzinfo=ALMATY), tick=False):
        appeal = make_appeal(text=text, applicant=make_identified_applicant(user_id=author.pk))
        make_appeal(text="Басқаның мәтіні", applicant=make_identified_applicant(user_id=other.pk))

    def published() -> list[Row]:
        return list(texts.rows(Build(now=dt.datetime(2026, 10, 1, tzinfo=ALMATY))))

    assert published() == []
    consent(author, ConsentEvent.Kind.GIVEN)
    (row,) = published()
    assert row["quarter"] == "2026-Q3"
    assert "су жоқ" in str(row["text"])
    assert not [word for word in ("Серікова", "Айгүл", "701") if word in str(row["text"])]
    Appeal.objects.filter(pk=appeal.pk).update(is_confidential=True)
    assert published() == []
    Appeal.objects.filter(pk=appeal.pk).update(is_confidential=False)
    consent(author, ConsentEvent.Kind.WITHDRAWN)
    assert published() == []
