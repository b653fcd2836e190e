"""The import of a history: everything arrives once, at its own time, by the table of statuses, chains hold."""

import json

import pytest
from django.core.management import CommandError, call_command

from appeals import events
from appeals.history import store
from appeals.management.commands import import_appeals
from appeals.models import Appeal, AppealEvent, EventKind, Feedback, Message, Outcome, Reply, Status, Timer
from appeals.reference.loader import load_all
from organizations.models import Area, Department
from tests.factories import make_appeal

MAPPING = {
    "source": "old",
    "time_zone": "Asia/Almaty",
    "language": "ru",
    "clocks": "none",
    "fields": {
        "id": "id", "subject": "reason", "category": "category", "district": "place.district",
        "latitude": "lat", "longitude": "lon", "organisation": "unit",
    },
    "messages": {"list": "messages", "at": "at", "text": "text"},
    "answers": {"list": "answers", "at": "at", "text": "text", "organisation": "unit", "interim_until": "until"},
    "events": {"list": "log", "at": "at", "type": "type", "value": "value"},
    "steps": [
        {"type": "status", "value": "new", "becomes": "received"},
        {"type": "status", "value": "work", "becomes": "registered"},
        {"type": "status", "value": "interim", "becomes": "interim"},
        {"type": "status", "value": "answered", "becomes": "answered"},
        {"type": "status", "value": "happy", "becomes": "closed", "outcome": "satisfied", "verdict": "solved"},
        {"type": "status", "value": "auto", "becomes": "closed"},
        {"type": "route", "becomes": "routed"},
        {"type": "class", "becomes": "reclassified"},
    ],
    "routes": {"from": "from «(.+?)»", "to": "to «(.+?)»"},
    "categories": {"Вода": {"topic": "water-outage", "category": "incident"}, "*": {"topic": "other"}},
    "districts": {"Центр": "yassy", "*": "make"},
    "organisations": {"ЖКХ": "utilities", "*": "make"},
    "count_by": "category",
    "keep": ["reason"],
}  # fmt: skip


def record(number, **values):
    base = {
        "id": f"a{number}", "category": "Вода", "reason": "Нет воды", "place": {"district": "Центр"},
        "lat": 43.3, "lon": 68.25, "unit": "ЖКХ",
        "messages": [{"at": "2024-05-02T10:00:00", "text": "Третий день нет воды в доме"}],
        "answers": [], "log": [{"at": "2024-05-02T10:00:01", "type": "status", "value": "new"}],
    }  # fmt: skip
    return base | values


def status(day, value, kind="status"):
    return {"at": f"2024-05-{day:02d}T12:00:00", "type": kind, "value": value}


FULL = record(
    1,
    messages=[
        {"at": "2024-05-02T10:00:00", "text": "Третий день нет воды в доме"},
        {"at": "2024-05-20T09:00:00", "text": "Снова нет воды"},
    ],
    answers=[
        {"at": "2024-05-05T09:00:00", "unit": "Водоканал", "until": "2024-05-09", "text": "Ремонт идёт."},
        {"at": "2024-05-09T09:00:00", "unit": "Водоканал", "text": "Порыв устранён 8 мая бригадой участка № 2."},
        {"at": "2024-05-23T09:00:00", "unit": "Водоканал", "text": "Заменена задвижка."},
    ],
    log=[
        {"at": "2024-05-02T10:00:01", "type": "status", "value": "new"},
        status(3, "work"),
        status(4, "from «ЖКХ» to «Водоканал»", "route"),
        status(4, ["Дороги", "Вода"], "class"),
        status(5, "interim"),
        status(9, "answered"),
        {"at": "2024-05-20T09:00:01", "type": "status", "value": "new"},
        status(21, "work"),
        status(24, "answered"),
        status(25, "happy"),
    ],
)


@pytest.fixture
def importing(db, tmp_path):
    load_all()

    def run(records, mapping=MAPPING, **options):
        (tmp_path / "mapping.json").write_text(json.dumps(mapping))
        lines = [row if isinstance(row, str) else json.dumps(row) for row in records]
        (tmp_path / "in.jsonl").write_text("\n".join(lines))
        call_command(
            "import_appeals", str(tmp_path / "in.jsonl"), format="jsonl", mapping=tmp_path / "mapping.json", **options
        )

    return run


def test_a_whole_story_arrives_at_its_own_times(importing):
    importing([FULL])
    appeal = Appeal.objects.get(external_id="old:a1")
    assert (appeal.channel, appeal.status, appeal.outcome) == ("history", Status.CLOSED, Outcome.SATISFIED)
    assert appeal.received_at.isoformat() == "2024-05-02T04:00:00+00:00" or appeal.received_at.hour in (4, 5)
    assert (appeal.area.slug, appeal.topic.slug, appeal.sector.slug) == ("yassy", "water-outage", "infrastructure")
    kinds = list(appeal.events.order_by("seq").values_list("kind", flat=True))
    assert kinds == [
        EventKind.RECEIVED, EventKind.REGISTERED, EventKind.ASSIGNED, EventKind.ASSIGNED, EventKind.CLASSIFIED,
        EventKind.REPLY_DRAFTED, EventKind.REPLY_SENT, EventKind.REPLY_DRAFTED, EventKind.REPLY_SENT,
        EventKind.MESSAGE_RECEIVED, EventKind.REOPENED, EventKind.REGISTERED,
        EventKind.REPLY_DRAFTED, EventKind.REPLY_SENT, EventKind.RATED, EventKind.CLOSED, EventKind.IMPORTED,
    ]  # fmt: skip
    times = list(appeal.events.order_by("seq").values_list("occurred_at", flat=True))
    assert times == sorted(times)
    assert appeal.closed_at == appeal.events.get(kind=EventKind.CLOSED).occurred_at
    assert list(appeal.replies.values_list("is_interim", flat=True)) == [True, False, False]
    assert appeal.replies.last().text == "Заменена задвижка."
    assert Feedback.objects.get(appeal=appeal).reply == appeal.replies.last()
    assert Message.objects.get(appeal=appeal).text == "Снова нет воды"


def test_chains_hold_and_nothing_waits_for_the_pipeline(importing, run_tasks):
    importing([FULL, record(2)])
    assert list(events.broken_links()) == []
    assert not AppealEvent.objects.filter(reacted_at__isnull=True).exists()
    assert run_tasks() == []


def test_a_second_import_adds_nothing(importing, capsys):
    importing([FULL, record(2)])
    before = AppealEvent.objects.count()
    importing([FULL, record(2)])
    assert (Appeal.objects.count(), AppealEvent.objects.count()) == (2, before)
    assert "made 0, there already 2, rejected 0" in capsys.readouterr().out


def test_the_same_id_twice_in_one_file_makes_one_appeal(importing):
    importing([record(1), record(1)])
    assert Appeal.objects.count() == 1


def test_an_interrupted_import_resumes(importing, monkeypatch):
    """A crash between two batches keeps the finished ones whole and leaves nothing of the one under way."""
    monkeypatch.setattr(import_appeals, "BATCH", 2)
    calls = iter(range(10))
    real = store._copy

    def crash(model, rows):
        if model is Reply and next(calls) == 1:
            raise KeyboardInterrupt
        real(model, rows)

    monkeypatch.setattr(store, "_copy", crash)
    records = [record(number) for number in range(5)]
    with pytest.raises(KeyboardInterrupt):
        importing(records)
    assert Appeal.objects.count() == 2
    monkeypatch.setattr(store, "_copy", real)
    importing(records)
    assert Appeal.objects.count() == 5
    assert list(events.broken_links()) == []


def test_counts_per_category_are_compared_with_the_file(importing, capsys):
    importing([record(1), record(2, category="Дороги"), record(3)])
    printed = capsys.readouterr().out
    assert [line.split() for line in printed.splitlines() if "yes" in line] == [
        ["Вода", "2", "2", "yes"],
        ["Дороги", "1", "1", "yes"],
        ["all", "3", "3", "yes"],
    ]


def test_rejected_lines_are_reported_with_number_and_reason(importing, tmp_path):
    lines = [
        record(1),
        "{broken",
        record(3, messages=[]),
        record(4, messages=[{"at": "yesterday", "text": "x"}]),
        record(5, log=[status(3, "unheard of")]),
        record(6, messages=[{"at": "2024-05-02T10:00:00", "text": "я" * 20_001}]),
        record(7, lat="north"),
        record(8, messages=[{"at": "2024-05-02T10:00:00", "text": ""}], reason=""),
        record("", id=None),
        record(10, answers=[{}] * 301),
    ]
    importing(lines, report=tmp_path / "rejects.jsonl")
    rejects = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert [row["line"] for row in rejects] == list(range(2, 11))
    assert Appeal.objects.count() == 1
    reasons = " | ".join(row["reason"] for row in rejects)
    for part in ("not JSON", "no message", "not a time", "unheard of", "longer than 20000", "pair of numbers", "no id"):
        assert part in reasons


def test_a_half_pair_of_surrogates_is_rejected_and_a_nul_left_out(importing):
    odd = json.dumps(record(1)).replace("a1", "a1\\ud800")
    nul = record(2, messages=[{"at": "2024-05-02T10:00:00", "text": "нет\x00 воды"}])
    importing([odd, nul])
    assert Appeal.objects.get().text == "нет воды"


def test_an_empty_first_message_takes_the_subject(importing):
    importing([record(1, messages=[{"at": "2024-05-02T10:00:00", "text": ""}])])
    assert Appeal.objects.get().text == "Нет воды"


def test_unknown_places_are_kept_for_the_record_only(importing):
    importing([FULL, record(2, place={"district": "Далёкий"})])
    made = Area.objects.get(name_ru="Далёкий")
    unit = Department.objects.get(name_ru="Водоканал")
    assert not made.is_active
    assert (unit.is_active, unit.is_external, unit.organization.is_active) == (False, True, False)
    assert Department.objects.filter(name_ru="ЖКХ").count() == 0


@pytest.mark.parametrize(("clocks", "outcome"), [("none", None), ("judged", Timer.Outcome.CANCELLED), ("running", "")])
def test_clocks_of_open_cases_follow_the_mapping(importing, clocks, outcome):
    importing([record(1)], MAPPING | {"clocks": clocks})
    timer = Timer.objects.filter(code="answer").first()
    assert (timer.outcome if timer else None) == outcome
    if timer:
        assert timer.next_step_at is None or timer.next_step_at > timer.started_at


def test_a_late_answer_is_judged_by_our_terms(importing):
    story = record(
        1,
        answers=[{"at": "2024-05-20T09:00:00", "unit": "ЖКХ", "text": "Сделано."}],
        log=[
            {"at": "2024-05-02T10:00:01", "type": "status", "value": "new"},
            status(3, "work"),
            status(20, "answered"),
        ],
    )
    importing([story], MAPPING | {"clocks": "judged"})
    assert Timer.objects.get(code="answer").outcome == Timer.Outcome.MISSED


def test_an_imported_text_is_found_by_the_same_words_as_a_filed_one(importing):
    text = "Third day: в доме «Бәйтерек» жоқ су, d'Arc \\\\ \\'x\\' 100% нет воды"
    importing([record(1, messages=[{"at": "2024-05-02T10:00:00", "text": text}], reason="Нет воды")])
    filed = make_appeal(text=text, subject="Нет воды")
    found = dict(Appeal.objects.values_list("channel", "search"))
    assert found["history"] == found[filed.channel]


def test_a_flat_csv_register_arrives(db, tmp_path):
    load_all()
    path = tmp_path / "register.csv"
    path.write_text(
        "number;received;text;subject;topic;sector;address;unit;applicant;phone;answered;answer;closed;state\n"
        "1;01.02.2024 09:30;Көшеде шам жанбайды;Шам;Свет;Яссы;Тәуке хан 1;Отдел ЖКХ;Иванов И.;87010000001;"
        "05.02.2024 10:00;Заменены две лампы;06.02.2024 10:00;исполнено\n"
        "2;01.02.2024 09:30;Жол шұңқыр;Жол;Дороги;Отырар;;Отдел дорог;;;;;;\n",
        encoding="utf-8",
    )
    call_command("import_appeals", str(path), format="csv", mapping="register-csv")
    first, second = Appeal.objects.order_by("external_id")
    assert (first.status, first.outcome, first.language) == (Status.CLOSED, Outcome.SATISFIED, "kk")
    assert first.applicant.phone == "+77010000001"
    assert first.replies.get().text == "Заменены две лампы"
    assert (second.status, second.department.slug) == (Status.ASSIGNED, "roads-transport")


def test_a_wrong_mapping_or_file_stops_before_anything_is_read(db, tmp_path):
    with pytest.raises(CommandError, match="no file"):
        call_command("import_appeals", str(tmp_path / "none"), format="csv", mapping="register-csv")
    with pytest.raises(CommandError, match="Mapping file"):
        call_command("import_appeals", __file__, format="csv", mapping="nowhere")
