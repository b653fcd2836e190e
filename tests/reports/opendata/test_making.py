"""Versions: whole or not at all, none without a change, and what was published of a quarter stays."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Role
from common.errors import Conflict
from notifications.models import Notification
from reports.cells import K
from reports.models import AnswerFact, AppealFact, DatasetRun, DatasetVersion, OpenDataTerms
from reports.opendata import formats, making, storage, versions
from reports.opendata.dataset import Build, Dataset, Field, Row, Type, datasets, listed
from tests.factories import make_appeal, make_area, make_topic, make_user
from tests.reports.city import ALMATY

pytestmark = pytest.mark.django_db
WINTER = dt.datetime(2027, 1, 20, 12, tzinfo=ALMATY)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def made(slug: str, **options: bool) -> DatasetRun:
    run = making.order(slug, **options)
    making.make_waiting()
    run.refresh_from_db()
    return run


def facts(count: int, day: dt.date, **changes: object) -> None:
    """Appeals alike, with the facts that the statistics have of them."""
    for _number in range(count):
        appeal = make_appeal()
        values = {
            "channel": "web", "category": "incident", "applicant": "individual", "regime": "request",
            "kind": "application", "language": "kk", "received_on": day, "term": "kept", "ending": "answered",
        }  # fmt: skip
        AppealFact.objects.create(appeal_id=appeal.pk, **values | changes)


def rows(slug: str) -> list[Row]:
    version = versions.newest_of(slug)
    assert version is not None
    return list(storage.rows_of(version))


def test_every_dataset_is_made_and_described() -> None:
    make_topic()
    make_area()
    for dataset in listed():
        run = made(dataset.slug)
        assert run.state == DatasetRun.State.MADE, (dataset.slug, run.error)
        version = versions.newest_of(dataset.slug)
        assert version is not None
        assert [file.format for file in version.files.all()] == [entry.slug for entry in formats.available()]
        for file in version.files.all():
            path = storage.path_of(file)
            assert path.stat().st_size == file.size
            assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
        for row in storage.rows_of(version):
            assert list(row) == [column.name for column in dataset.fields]
    assert not Path(default_storage.path("open-data/building/terms")).exists()


def test_files_of_a_version_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    make_topic()
    made("reference-lists")
    version = versions.newest_of("reference-lists")
    assert version is not None
    paths = {file.format: storage.path_of(file) for file in version.files.all()}
    told = list(storage.rows_of(version))
    with paths["csv"].open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    book = openpyxl.load_workbook(paths["xlsx"], read_only=True)
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(table) == len(told) == len(sheet) - 1 == version.rows
    for row, line, cells in zip(told, table, sheet[1:], strict=True):
        assert line == {name: "true" if value is True else "false" if value is False else str(value)
                        for name, value in row.items()}  # fmt: skip
        assert [value if value != "" else None for value in row.values()] == list(cells)
    if "parquet" in paths:
        from pyarrow import parquet

        assert parquet.read_table(paths["parquet"]).to_pylist() == told


def test_the_same_content_makes_no_new_version() -> None:
    assert made("metric-dictionary").state == DatasetRun.State.MADE
    assert made("metric-dictionary").state == DatasetRun.State.UNCHANGED
    assert DatasetVersion.objects.filter(dataset="metric-dictionary").count() == 1


def test_a_change_makes_one_and_says_how_much_changed() -> None:
    topic = make_topic()
    made("reference-lists")
    topic.name_en = "Another name"
    topic.save()
    from common.rows import forget_rows

    forget_rows()
    made("reference-lists")
    last = versions.newest_of("reference-lists")
    assert last is not None
    assert (last.number, last.rows_added, last.rows_removed) == (2, 1, 1)


def test_what_was_withheld_does_not_come_back_by_itself() -> None:
    made("metric-dictionary")
    head = make_user(Role.ADMINISTRATOR)
    versions.withhold("metric-dictionary", 1, reason="Қате жарияланған", actor=head)
    later = timezone.now() + dt.timedelta(days=2)
    assert "metric-dictionary" not in making.order_due(later)
    assert made("metric-dictionary").state == DatasetRun.State.UNCHANGED  # somebody ordered it: it says the same
    assert versions.newest_of("metric-dictionary") is None
    assert DatasetVersion.objects.filter(dataset="metric-dictionary").count() == 1
    versions.show_again("metric-dictionary", 1, reason="", actor=head)
    assert "metric-dictionary" in making.order_due(later + dt.timedelta(days=2))


def test_two_are_not_made_at_once() -> None:
    making.order("terms")
    with pytest.raises(Conflict):
        making.order("terms")


@pytest.fixture
def breaking() -> Iterator[Dataset]:
    def fail(_build: Build) -> Iterator[Row]:
        yield {"name": "first"}
        raise OSError("the disk is full")

    dataset = Dataset("breaking", "Breaking", "It breaks", (), [Field("name", Type.STRING, "Name")], fail)
    datasets._entries["breaking"] = dataset
    yield dataset
    del datasets._entries["breaking"]


def test_a_failure_leaves_nothing_behind_and_is_told(breaking: Dataset) -> None:
    keeper = make_user(Role.METHODOLOGIST)
    assert made("breaking").state == DatasetRun.State.FAILED
    assert not DatasetVersion.objects.filter(dataset="breaking").exists()
    assert not Path(default_storage.path("open-data/breaking")).exists()
    assert not list(Path(default_storage.path("open-data")).rglob("*.csv"))
    assert Notification.objects.filter(user=keeper, template="open_data_failed").count() == 2  # inbox, mail
    assert "disk is full" in DatasetRun.objects.get(dataset="breaking").error


def test_what_was_begun_by_a_dead_maker_is_begun_again() -> None:
    run = making.order("terms")
    DatasetRun.objects.filter(pk=run.pk).update(state="running", seen_at=timezone.now() - making.LEASE * 2)
    assert making.make_waiting() == 1
    run.refresh_from_db()
    assert run.state == DatasetRun.State.MADE


def test_what_is_due_is_ordered_once() -> None:
    now = timezone.now()
    assert set(making.order_due(now)) == {dataset.slug for dataset in listed()}
    assert making.order_due(now) == []
    DatasetRun.objects.update(state="unchanged")
    tomorrow = making.order_due(now + dt.timedelta(days=1))
    assert "terms" in tomorrow
    assert "appeals" not in tomorrow
    assert "monthly-figures" not in tomorrow


def test_old_versions_lose_their_files_and_keep_their_line() -> None:
    topic = make_topic()
    for number in range(3):
        topic.name_en = f"Name {number}"
        topic.save()
        from common.rows import forget_rows

        forget_rows()
        made("reference-lists")
    assert making.prune("reference-lists", keep=2) == 1
    first = versions.find("reference-lists", 1)
    assert first is not None
    assert first.is_pruned
    assert not first.is_open
    assert not storage.folder_of("reference-lists", 1).exists()
    assert storage.folder_of("reference-lists", 2).exists()


def test_appeals_come_out_in_fives_and_the_rest_is_counted() -> None:
    with time_machine.travel(WINTER, tick=False):
        facts(6, dt.date(2026, 8, 3))
        facts(1, dt.date(2026, 9, 3), channel="post", regime="appeal", ending="withdrawn")
        facts(2, dt.date(2026, 9, 4), is_confidential=True)
        facts(7, dt.date(2026, 12, 1))  # the quarter has ended, but is not settled
        made("appeals")
        found = rows("appeals")
    assert [(row["period"], row["appeals"]) for row in found] == [("2026-08", 6)]
    version = versions.newest_of("appeals")
    assert version is not None
    assert version.figures | {"appeals": 6, "suppressed": 1, "kept_back": 2} == version.figures
    assert (version.covers_from, version.covers_until) == (dt.date(2026, 7, 1), dt.date(2026, 9, 30))
    assert all(int(str(row["appeals"])) >= K for row in found)


def test_what_was_published_of_a_quarter_stays_until_it_is_made_afresh() -> None:
    with time_machine.travel(WINTER, tick=False):
        facts(6, dt.date(2026, 8, 3))
        made("appeals")
        before = rows("appeals")
        AppealFact.objects.update(ending="forwarded")
        facts(9, dt.date(2026, 10, 3))
        assert made("appeals").state == DatasetRun.State.UNCHANGED
    with time_machine.travel(dt.datetime(2027, 3, 1, 12, tzinfo=ALMATY), tick=False):
        made("appeals")
        after = rows("appeals")
        assert after[: len(before)] == before
        assert [(row["period"], row["appeals"]) for row in after] == [("2026-08", 6), ("2026-10", 9)]
        made("appeals", afresh=True)
        assert {row["ending"] for row in rows("appeals")} == {"forwarded", "answered"}


def test_the_last_judgement_and_the_first_answer_are_told() -> None:
    """Beside five that are judged otherwise: a judgement that all who are alike share is told of nobody."""
    with time_machine.travel(WINTER, tick=False):
        facts(10, dt.date(2026, 8, 3))
        for number, fact in enumerate(AppealFact.objects.all()):
            answers = ((2, "not_solved"), (20, "solved")) if number < 5 else ((2, "partly"),)
            for position, (days, verdict) in enumerate(answers, start=1):
                AnswerFact.objects.create(
                    appeal_id=fact.pk, reply_id=number * 2 + position, position=position, days=days, verdict=verdict,
                    answered_on=dt.date(2026, 8, 5), is_disputed=position == 1,
                )  # fmt: skip
        made("appeals")
        told = {row["verdict"]: (row["answer_days"], row["disputed"], row["appeals"]) for row in rows("appeals")}
    assert told == {"solved": ("0-3", "yes", 5), "partly": ("0-3", "yes", 5)}


def test_terms_have_honest_defaults() -> None:
    terms = making.terms()
    assert terms.licence_title == "CC BY 4.0"
    assert not terms.is_confirmed
    assert not OpenDataTerms.objects.exists()


def test_lost_files_of_a_frozen_quarter_are_told_and_made_afresh() -> None:
    with time_machine.travel(WINTER, tick=False):
        facts(6, dt.date(2026, 8, 3))
        made("appeals")
        storage.remove("appeals", 1)
        assert made("appeals").state == DatasetRun.State.FAILED  # never silently counted anew
        AppealFact.objects.update(ending="forwarded")
        run = made("appeals", afresh=True)
    assert run.state == DatasetRun.State.MADE
    assert run.version is not None
    assert (run.version.number, run.version.rows_added) == (2, None)
