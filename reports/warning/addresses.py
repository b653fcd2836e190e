"""One key for one house, however its address was written: Kazakh or Russian, short or long, with or without a flat."""

from __future__ import annotations

import re
from decimal import Decimal

from common.stemming import fold

# All of these read folded letters (see `fold`): пәтер is патер, үй is уй.
TOKEN = re.compile(r"\d+(?:\s*[/\\]\s*\d+)*(?:\s?[а-я](?![а-я]))?|[a-zа-я]+")
DASHED = re.compile(r"(?<=\d)\s*-\s*(?=[а-яa-z])")  # 12-үй, 5-пәтер
HOUSE_AND_FLAT = re.compile(r"\b(\d+[а-я]?(?:/\d+)?)\s*-\s*\d+\b")  # 12-35: house and flat
# The number beside such a word is inside of the house: «кв. 5», «5-пәтер».
INSIDE = r"(?:квартир[аы]|кв|патери?|пат|подъезд|под|киреберис|этаж|кабат|офис|оф|кабинет|каб|помещение|пом)\b\.?"
BEFORE_NUMBER = re.compile(rf"\b{INSIDE}\s*(?:№\s*)?\d+[а-я]?")
AFTER_NUMBER = re.compile(rf"\b\d+\s*{INSIDE}")
BUILDING = re.compile(r"(?<=\d)([а-я]?)[\s,]*(?:корпусы?|корп|блогы?|блок)\b\.?\s*(?=\d)")
SIGN = re.compile(r"№\s*")


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


# What kind of place a name names, and what a number counts; the names alone tell places apart.
NOT_A_NAME = _words(
    """ул улица көше көшесі көшесінің көш к си проспект пр т просп даңғыл даңғылы даң бульвар бульвары бульв
    переулок пер тұйық тұйығы шоссе тас мкр мкрн микрорайон микр шағын ықшам ш а аудан ауданы ықш район р н квартал
    орам жилой массив тұрғын үй алабы сектор секторы город г қала қаласы қ шымкент шымкенте имени им атындағы
    дом д үйі үйінің үйде строение стр house street ave avenue str"""
)
DISTRICT = _words("мкр мкрн микрорайон микр шағын ықшам квартал орам")
NAME_ENDINGS = ("ского", "ская", "ской", "ский", "улы", "кызы", "ова", "ева", "ов", "ев", "ина", "ин")
SHORTEST_NAME = 3
GRID = Decimal("0.001")  # about a hundred metres


def house_key(address: str) -> str:
    """The street's words in one form and the number of the house; empty where no house is named."""
    tokens = TOKEN.findall(_outside(SIGN.sub("", fold(address))))
    numbers = [re.sub(r"\s", "", token).replace("\\", "/") for token in tokens if token[0].isdigit()]
    names = sorted(
        name_key(token) for token in tokens if token.isalpha() and len(token) > 1 and token not in NOT_A_NAME
    )
    if not names and len(numbers) > 1 and not DISTRICT.isdisjoint(tokens):
        names = ["мкр"]  # districts that have a number for a name
    return " ".join([*names, *numbers])[:120] if names and numbers else ""


def _outside(folded: str) -> str:
    """Without flats, entrances and floors; a building of a house joins its number: 10 корпус 2 is 10/2."""
    folded = HOUSE_AND_FLAT.sub(r"\1", DASHED.sub(" ", folded))
    folded = AFTER_NUMBER.sub(" ", BEFORE_NUMBER.sub(" ", folded))
    return BUILDING.sub(r"\1/", folded)


def name_key(word: str) -> str:
    """The part of a name that Kazakh and Russian share: Абай көшесі, улица Абая; Байтұрсынұлы, Байтурсынова."""
    for ending in NAME_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_NAME:
            return word[: -len(ending)]
    if word.endswith("ая") and len(word) > SHORTEST_NAME:
        return word[:-2] if word.endswith("кая") else word[:-1] + "й"
    return word[:-1] if len(word) > SHORTEST_NAME and word[-1] in "аяыиу" else word


def place_key(address: str, latitude: Decimal | None, longitude: Decimal | None) -> str:
    """The house, or the square of a hundred metres that was pointed at on the map."""
    if key := house_key(address):
        return key
    if latitude is None or longitude is None:
        return ""
    return f"@{latitude.quantize(GRID)} {longitude.quantize(GRID)}"
