"""Whoever knows what is public about an appeal does not find it in what is released; the attack itself can find."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from reports.cells import K
from reports.opendata import attack
from reports.opendata.deidentification import PUBLIC_LIST, Row, coarse_about_staff, deidentify

SHAPES = {
    "period": ("2026-07", "2026-08", "2026-09"), "area": tuple("abcdef"), "sector": ("s1", "s2", "s3"),
    "topic": tuple("tuvwxy"), "channel": ("web", "call109", "telegram", "post"),
    "category": ("incident", "personal", "staff_complaint"), "applicant": ("individual", "individual", "legal_entity"),
    "regime": ("request", "request", "appeal"), "language": ("kk", "kk", "ru"), "term": ("kept", "kept", "late"),
    "answer_days": ("0-3", "4-7", "8-15"), "ending": ("answered", "answered", "forwarded"),
    "verdict": ("none", "none", "solved", "not_solved"), "disputed": ("no", "no", "no", "yes"),
}  # fmt: skip


def city(count: int, seed: int) -> Counter[Row]:
    rng = Random(seed)
    return Counter(tuple(rng.choice(values) for values in SHAPES.values()) for _number in range(count))


def released(true: Counter[Row]) -> dict[Row, int]:
    counted: Counter[Row] = Counter()
    for row, count in true.items():
        counted[coarse_about_staff(row) if "staff_complaint" in row else row] += count
    return dict(deidentify(counted).rows)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", attack.ATTACKERS)
def test_nobody_is_singled_out(name: str, seed: int) -> None:
    true = city(400, seed)
    found = attack.attack(released(true), true, attack.ATTACKERS[name])
    assert found.looked_for > 300
    assert found.singled_out == 0
    assert found.fewest >= K


def test_the_attack_finds_people_in_rows_as_they_are() -> None:
    true = city(400, 1)
    found = attack.attack(true, true, PUBLIC_LIST)
    assert found.share(found.singled_out) > 0.9
    assert found.inferred["channel"] > 300


@pytest.mark.parametrize("seed", range(4))
def test_no_group_tells_what_all_its_members_have_in_common(seed: int) -> None:
    assert not any(attack.told_by_the_group(released(city(400, seed))).values())


def test_the_attack_sees_what_a_group_tells() -> None:
    row = tuple(values[0] for values in SHAPES.values())
    judged = tuple("solved" if name == "verdict" else told for name, told in zip(SHAPES, row, strict=True))
    assert attack.told_by_the_group({judged: 6}) == {"category": 0, "verdict": 6}
    assert attack.told_by_the_group({judged: 6, row: 5}) == {"category": 0, "verdict": 0}


def test_what_everybody_who_fits_has_in_common_is_told() -> None:
    row = tuple(values[0] for values in SHAPES.values())
    found = attack.attack({row: 6}, {row: 6}, PUBLIC_LIST)
    assert (found.singled_out, found.inferred["channel"]) == (0, 6)


def line(dimension: str, key: str, count: int | None) -> dict[str, object]:
    return {"month": "2026-09", "dimension": dimension, "key": key, "metric": "received", "numerator": count}


def test_subtraction_is_tried_against_the_city_and_the_sector() -> None:
    lines = [line("city", "city", 20), line("channel", "web", 17), line("channel", "post", None)]
    assert attack.recovered(lines, {}) == [("2026-09", "channel", "received")]  # type: ignore[arg-type]
    lines = [line("city", "city", 90), line("sector", "s", 20), line("topic", "t", None), line("topic", "u", 18)]
    assert attack.recovered(lines, {"t": "s", "u": "s"}) == [("2026-09", "topic", "received")]  # type: ignore[arg-type]
    lines = [line("city", "city", 20), line("channel", "web", None), line("channel", "post", None)]
    assert attack.recovered(lines, {}) == []  # type: ignore[arg-type]
