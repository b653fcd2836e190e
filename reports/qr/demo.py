"""Invented service points with a year of invented ratings, for a demo city; marked as invented wherever they show."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from organizations.models import Department
from reports.models import PointCode, PointRating, RatingComment, ServicePoint
from reports.qr.codes import new_code
from reports.qr.reasons import THEMES

NAMES = (
    ("Азаматтарды қабылдау бөлмесі", "Приёмная граждан", "Reception of citizens"),
    ("1-терезе", "Окно 1", "Window 1"),
    ("2-терезе", "Окно 2", "Window 2"),
)
PLACES = ("Тәуке хан даңғылы, 1-қабат", "Б. Саттарханов даңғылы, 2-қабат", "Жібек жолы көшесі, 1-қабат")
COMMENTS = (
    "Кезек электронды болса екен.", "Тез қабылдады, рақмет.", "Пандус жоқ, арбамен кіру қиын.",
    "Ждали почти час, работало одно окно.", "Всё объяснили и помогли заполнить.", "Талонов не хватило.",
)  # fmt: skip
WEIGHTS = ((4, 8, 18, 38, 32), (12, 18, 26, 28, 16), (24, 24, 22, 20, 10), (2, 4, 10, 34, 50))
DAYS = 365


@transaction.atomic
def make_demo_ratings(seed: int = 1) -> int:
    """How many ratings were made; a second run adds nothing."""
    if ServicePoint.objects.exists():
        return 0
    rng = random.Random(seed)
    units = list(Department.objects.filter(is_active=True, is_external=False).select_related("organization")[:8])
    made = 0
    for number, (unit, names) in enumerate((unit, names) for unit in units for names in NAMES[: rng.randint(1, 3)]):
        made += _fill(_point(unit, names, rng), WEIGHTS[number % len(WEIGHTS)], rng)
    return made


def _point(unit: Department, names: tuple[str, str, str], rng: random.Random) -> PointCode:
    point = ServicePoint.objects.create(
        organization=unit.organization, department=unit, place=rng.choice(PLACES), is_demo=True,
        name_kk=names[0], name_ru=names[1], name_en=names[2],
    )  # fmt: skip
    return PointCode.objects.create(point=point, code=new_code())


def _fill(code: PointCode, weights: tuple[int, ...], rng: random.Random) -> int:
    rows = PointRating.objects.bulk_create(_ratings(code, weights, rng), batch_size=500)
    said = [row for row in rows if row.outcome == PointRating.Outcome.COUNTED and rng.random() < 0.04]
    states = (RatingComment.State.APPROVED, RatingComment.State.WAITING)
    RatingComment.objects.bulk_create(
        RatingComment(rating=row, text=rng.choice(COMMENTS), state=rng.choice(states)) for row in said
    )
    return len(rows)


def _ratings(code: PointCode, weights: tuple[int, ...], rng: random.Random) -> Iterator[PointRating]:
    now = timezone.localtime()
    for _number in range(rng.choice((6, 70, 160, 240))):
        at = now - dt.timedelta(days=rng.randrange(DAYS), minutes=rng.randrange(480))
        yield _rating(code, at, rng.choices((1, 2, 3, 4, 5), weights)[0], rng)
    wave, network = now - dt.timedelta(hours=3), _hash(rng)
    for _number in range(rng.choice((0, 0, 11))):
        yield _rating(code, wave, 5, rng, network=network, outcome=PointRating.Outcome.SET_ASIDE)


def _rating(code: PointCode, at: dt.datetime, score: int, rng: random.Random, **values: str) -> PointRating:
    given = {"network": _hash(rng), "outcome": PointRating.Outcome.COUNTED} | values
    return PointRating(
        point_id=code.point_id, code=code, given_on=timezone.localdate(at), given_at=at, score=score,
        reasons=rng.sample(list(THEMES), rng.choice((0, 1, 1, 2))), language=rng.choice(("kk", "kk", "ru")),
        device=_hash(rng), **given,
    )  # fmt: skip


def _hash(rng: random.Random) -> str:
    return f"{rng.getrandbits(128):032x}"
