"""Bounded reading: a broken line is named by number and reason, the next one is read as usual."""

import gzip

from appeals.history_files import lines as reading
from appeals.history_files.lines import read_lines


def read(path, kind="jsonl", **options):
    return [(line.number, line.record, line.reason) for line in read_lines(path, kind, **options)]


def test_jsonl_lines_keep_their_numbers_past_broken_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LONGEST_LINE", 50)
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"id": 1}\n\nnot json\n[1]\n{"id": "\xff"}\n{"id": "' + b"x" * 200 + b'"}\n{"id": 2}')
    found = read(path)
    assert [(number, record) for number, record, reason in found if not reason] == [(1, {"id": 1}), (7, {"id": 2})]
    reasons = {number: reason for number, _, reason in found if reason}
    assert reasons.keys() == {3, 4, 5, 6}
    assert reasons[3].startswith("not JSON")
    assert reasons[4] == "not a JSON object"
    assert reasons[5] == "not UTF-8"
    assert reasons[6] == "the line is longer than 50 bytes"


def test_a_deeply_nested_line_is_refused_not_fatal(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text('{"a":' * 100_000 + "1\n" + '{"id": 2}\n')
    assert [reason[:8] for _, _, reason in read(path)] == ["not JSON", ""]


def test_a_packed_file_is_read_directly_and_a_damaged_one_named(tmp_path):
    whole = tmp_path / "in.jsonl.gz"
    whole.write_bytes(gzip.compress(b'{"id": 1}\n{"id": 2}\n'))
    assert [record["id"] for _, record, _ in read(whole)] == [1, 2]
    whole.write_bytes(whole.read_bytes()[:-12])
    assert "damaged" in read(whole)[-1][2]


def test_csv_fields_may_hold_line_ends_and_semicolons(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text('\ufeffnumber;text\n1;"бір\nекі; үш"\n2;x;y\n3\n4;төрт\n', encoding="utf-8")
    found = read(path, "csv", delimiter=";")
    assert found[0] == (3, {"number": "1", "text": "бір\nекі; үш"}, "")
    assert [(number, reason) for number, _, reason in found[1:3]] == [
        (4, "more fields than the header has"),
        (5, "fewer fields than the header has"),
    ]
    assert found[3][1] == {"number": "4", "text": "төрт"}


def test_the_share_read_reaches_the_end(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": 1}\n' * 10)
    shares = [line.done for line in read_lines(path, "jsonl")]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
