"""Invented photos and papers of the demo city: drawn, marked as invented, and checked as every file is."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from common.files import CheckedFile, check_file

WIDTH, HEIGHT = 640, 440
HORIZON = 210
PAGE = (620, 877)  # A4 at 75 points to the inch
VARIANTS = 4  # of each scene: the same few files stand in many cases
MARK = "DEMO  invented picture"
Draw = ImageDraw.ImageDraw
Scene = Callable[[Draw, Random, bool], None]


def _ground(draw: Draw, rng: Random) -> None:
    """Sky, a row of houses, a road."""
    light = rng.randint(-15, 15)
    draw.rectangle((0, 0, WIDTH, HORIZON), fill=(176 + light, 200 + light, 222))
    left = -20
    while left < WIDTH:
        width, top = rng.randint(60, 130), rng.randint(90, 160)
        wall = rng.choice([(201, 183, 158), (188, 174, 166), (210, 198, 176), (170, 160, 152)])
        draw.rectangle((left, top, left + width, HORIZON), fill=wall)
        for x in range(left + 12, left + width - 18, 26):
            for y in range(top + 12, HORIZON - 18, 30):
                draw.rectangle((x, y, x + 12, y + 16), fill=(116, 134, 150))
        left += width + rng.randint(4, 18)
    draw.rectangle((0, HORIZON, WIDTH, HORIZON + 34), fill=(150, 150, 126))
    draw.rectangle((0, HORIZON + 34, WIDTH, HEIGHT), fill=(104, 106, 110))
    for x in range(-30, WIDTH, 120):
        draw.polygon([(x, 330), (x + 60, 330), (x + 54, 340), (x - 6, 340)], fill=(222, 222, 214))


def _blot(draw: Draw, rng: Random, x: int, y: int, size: int, fill: tuple[int, int, int]) -> None:
    points = [
        (x + rng.uniform(0.7, 1) * size * dx, y + rng.uniform(0.7, 1) * size * 0.38 * dy)
        for dx, dy in [(-1, 0), (-0.7, 0.7), (0, 1), (0.7, 0.7), (1, 0), (0.7, -0.7), (0, -1), (-0.7, -0.7)]
    ]
    draw.polygon(points, fill=fill)


def _road(draw: Draw, rng: Random, is_mended: bool) -> None:
    for _ in range(1 if is_mended else rng.randint(2, 4)):
        x, y, size = rng.randint(150, 490), rng.randint(290, 390), rng.randint(45, 95)
        if is_mended:
            draw.rectangle((x - size, y - 24, x + size, y + 24), fill=(62, 63, 66))
            continue
        _blot(draw, rng, x, y, size, (82, 78, 74))
        _blot(draw, rng, x + 3, y + 5, int(size * 0.75), (48, 45, 43))
        _blot(draw, rng, x + 8, y + 10, int(size * 0.4), (96, 110, 120))


def _lamp(draw: Draw, rng: Random, is_mended: bool) -> None:
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill=(34, 40, 58))
    draw.rectangle((0, HORIZON + 34, WIDTH, HEIGHT), fill=(24, 27, 36))
    x = rng.randint(200, 440)
    if is_mended:
        draw.polygon([(x + 66, 92), (x - 60, 400), (x + 190, 400)], fill=(150, 140, 96))
    draw.rectangle((x - 5, 80, x + 5, 370), fill=(78, 82, 88))
    draw.rectangle((x, 76, x + 74, 84), fill=(78, 82, 88))
    draw.ellipse((x + 50, 78, x + 82, 96), fill=(255, 240, 176) if is_mended else (60, 64, 74))


def _waste(draw: Draw, rng: Random, is_mended: bool) -> None:
    for x in (190, 320):
        draw.rectangle((x, 220, x + 110, 330), fill=(58, 110, 86))
        draw.rectangle((x - 5, 212, x + 115, 226), fill=(44, 86, 68))
    for _ in range(0 if is_mended else 46):
        x, y = rng.randint(140, 500), rng.randint(190, 380)
        size, grey = rng.randint(8, 26), rng.randint(70, 230)
        draw.ellipse((x, y, x + size * 1.4, y + size), fill=(grey, grey - 12, grey - 30))


def _water(draw: Draw, rng: Random, is_mended: bool) -> None:
    draw.rectangle((230, 300, 430, 360), fill=(92, 74, 56))
    draw.rectangle((210, 318, 450, 340), fill=(150, 156, 164))
    if is_mended:
        draw.rectangle((310, 312, 350, 346), fill=(58, 98, 150))
        return
    for _ in range(26):
        draw.line((330, 318, 330 + rng.randint(-90, 90), rng.randint(200, 300)), fill=(170, 206, 232), width=3)
    _blot(draw, rng, 330, 380, 230, (126, 164, 190))


def _yard(draw: Draw, rng: Random, is_mended: bool) -> None:
    x = rng.randint(230, 400)
    if is_mended:
        draw.ellipse((x - 30, 330, x + 30, 352), fill=(196, 160, 112))
        return
    draw.polygon([(x - 120, 372), (x + 170, 300), (x + 176, 316), (x - 112, 392)], fill=(98, 72, 48))
    for _ in range(60):
        left, top = x + rng.randint(40, 210), rng.randint(250, 340)
        draw.ellipse((left, top, left + 34, top + 26), fill=(60, rng.randint(96, 140), 62))


SCENES: dict[str, Scene] = {"road": _road, "lamp": _lamp, "waste": _waste, "water": _water, "yard": _yard}
SCENE_OF = {
    "road-surface": "road", "open-manhole": "road", "snow-ice": "road", "traffic-lights": "lamp",
    "street-lighting": "lamp", "waste": "waste", "noise-order": "waste", "stray-animals": "yard",
    "burst-pipe": "water", "water-outage": "water", "sewer": "water", "flooding": "water", "heating": "water",
    "trees-yards": "yard", "playground": "yard", "illegal-building": "yard", "fallen-line": "lamp",
}  # fmt: skip


@cache
def photo(topic: str, variant: int, *, is_mended: bool = False) -> CheckedFile | None:
    """What a resident saw, or what the crew left behind; nothing where a topic has nothing to be seen."""
    scene = SCENE_OF.get(topic)
    if scene is None:
        return None
    rng = Random(f"{scene}-{variant}")
    image = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(image)
    _ground(draw, rng)
    SCENES[scene](draw, rng, is_mended)
    image = image.filter(ImageFilter.GaussianBlur(0.8))
    _mark(ImageDraw.Draw(image), (0, HEIGHT - 30, WIDTH, HEIGHT))
    name = f"{'after' if is_mended else 'photo'}-{scene}-{variant + 1}.jpg"
    return check_file(name, _written(image, "JPEG"))


@cache
def paper(variant: int) -> CheckedFile:
    """A page that looks like an application, with lines in the place of words."""
    rng = Random(f"paper-{variant}")
    image = Image.new("L", PAGE, 255)
    draw = ImageDraw.Draw(image)
    for y in (70, 92, 114):
        draw.rectangle((340, y, rng.randint(480, 560), y + 7), fill=90)
    draw.rectangle((230, 190, 390, 200), fill=40)
    for y in range(240, 240 + 22 * rng.randint(9, 20), 22):
        draw.rectangle((60, y, rng.randint(430, 560), y + 6), fill=120)
    draw.ellipse((400, 730, 500, 830), outline=110, width=4)
    draw.line((80, 800, 120, 760, 150, 806, 210, 770), fill=60, width=3)
    _mark(draw, (0, 0, PAGE[0], 34))
    return check_file(f"application-{variant + 1}.pdf", _written(image, "PDF"))


def _mark(draw: Draw, box: tuple[int, int, int, int]) -> None:
    draw.rectangle(box, fill="black")
    draw.text((box[0] + 14, box[1] + 6), MARK, fill="white", font=ImageFont.load_default(16))


def _written(image: Image.Image, kind: str) -> bytes:
    output = io.BytesIO()
    if kind == "PDF":
        image.save(output, kind, resolution=75, title=MARK)
    else:
        image.save(output, kind, quality=72)
    return output.getvalue()
