"""Series with which trends of the hub begin."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

from appeals import reference
from appeals.models.applicant import Applicant
from appeals.models.choices import Category, Channel
from reports import study
from reports.study.contents import Status, lines


def by_part(key, by):
    return {line.part: line for line in study.series(key, by=by)}


def test_appeals_to_the_akimat_by_channel_keep_status_and_note_of_each_year():
    lines_of = by_part("akimat_appeals", "channel")
    assert list(lines_of) == ["written", "oral", "face_to_face"]
    assert lines_of["written"].years == (2020, 2021, 2022, 2023, 2024)
    point = lines_of["written"].points[2]
    assert (point.year, point.value.printed, point.value.status) == (2022, Decimal(415), Status.UNRESOLVED)
    assert point.value.notes
    assert lines_of["face_to_face"].hub_key == Channel.RECEPTION
    assert not lines_of["face_to_face"].is_exact


def test_a_corrected_year_is_used_corrected_and_keeps_what_is_printed():
    (total,) = study.series("contact_centre_1310")
    year = total.points[-1].value
    assert (year.printed, year.number, year.status) == (Decimal(7454), Decimal(7536), Status.CORRECTED)


def test_a_year_that_is_not_whole_says_so():
    (office,) = study.series("open_akimat")
    first, second = office.points[:2]
    assert first.partial.en == "from 10 November"
    assert second.partial is None


def test_the_longest_trend_begins_in_2011():
    (score,) = study.series("democracy_score")
    assert score.years == tuple(range(2011, 2025))
    assert score.unit == "score_10"


def test_areas_of_the_study_are_those_of_the_hub():
    assert by_part("area_population", "area")["otyrar"].points[0].value.number == 50750
    assert {line.hub_key for line in study.series("area_population", by="area")} == {
        "yassy", "otyrar", "shaugar", "birlik", "bekzat", "sauran",
    }  # fmt: skip


def test_the_name_of_a_line_is_in_the_language_of_the_reader():
    line = by_part("contact_centre_109", "category")["incidents"]
    with override("ru"):
        assert str(line.name) == "Происшествия"
    with override("kk"):
        assert str(line.name) == "Орын алған оқиғалар"


def test_every_series_has_points_in_order_from_one_table():
    for line in (line for key, by in study.series_keys() for line in study.series(key, by=by)):
        assert line.points
        assert list(line.years) == sorted(set(line.years))
        assert all(study.table(line.table).cells for _ in line.points)
        assert line.name.kk and line.name.ru and line.name.en


def test_an_unknown_series_is_refused():
    with pytest.raises(KeyError):
        study.series("akimat_appeals", by="weather")


def test_keys_of_the_hub_are_keys_that_it_has():
    known = {
        "channel": set(Channel.values),
        "category": set(Category.values),
        "applicant": set(Applicant.Type.values),
        "sector": slugs("sectors.csv"),
        "area": slugs("areas.csv"),
        "outcome": {"kept", "late", "not_done"},  # measures of the rollups
    }
    for row in lines("mapping.csv"):
        assert row["hub_key"] in known[row["dimension"]], row


def slugs(name):
    path = Path(reference.__file__).parent / "data" / name
    return {line.split(",")[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]}
