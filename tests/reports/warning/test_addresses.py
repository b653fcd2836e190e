"""One house has one key, whoever wrote its address."""

from decimal import Decimal

import pytest

from reports.warning.addresses import house_key, place_key


@pytest.mark.parametrize(
    "same",
    [
        ("Абай көшесі, 12-үй", "ул. Абая, 12", "улица Абая, дом 12, кв. 5", "Абая 12-35", "АБАЙ көш. 12 үй, 5-пәтер"),
        ("пр. Тауке хана 45/1", "Тәуке хан даңғылы, 45/1-үй", "г. Шымкент, проспект Тауке хана, д. 45 / 1"),
        ("Байтұрсынұлы көшесі 7А", "ул. Байтурсынова, д. 7а", "ул. А. Байтурсынова, 7 а"),
        ("Самал-2 шағын ауданы, 15", "мкр. Самал-2, дом 15"),
        ("3 мкр, 12 дом, кв. 4", "микрорайон 3, дом 12", "3 шағын аудан, 12-үй"),
        ("Республика даңғылы 20, 2-кіреберіс", "пр-т Республики, д.20 подъезд 2, этаж 3"),
        ("Сайрам көшесі 8 корпус 2", "ул. Сайрамская, 8/2"),
    ],
)
def test_one_house_has_one_key(same):
    assert len({house_key(address) for address in same}) == 1
    assert house_key(same[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ул. Абая, 12", "ул. Абая, 21"),
        ("ул. Абая, 12", "ул. Гагарина, 12"),
        ("мкр Самал-2, дом 15", "мкр Самал-3, дом 15"),
        ("ул. Абая, 12", "ул. Абая, 12/1"),
    ],
)
def test_different_houses_differ(one, other):
    assert house_key(one) != house_key(other)


@pytest.mark.parametrize("address", ["", "Абай көшесі", "12", "кв. 5", "у рынка"])
def test_a_place_without_a_house_has_no_key(address):
    assert house_key(address) == ""


def test_a_point_on_the_map_stands_for_the_house():
    assert place_key("", Decimal("42.31731"), Decimal("69.58702")) == "@42.317 69.587"
    assert place_key("ул. Абая, 12", Decimal("42.31731"), Decimal("69.58702")) == "абай 12"
    assert place_key("у рынка", None, None) == ""
