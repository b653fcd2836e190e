"""Photos: read the place they were taken at, then re-encode them without anything but the picture."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageOps

from common.errors import ValidationFailed

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# An animation is kept as its first picture.
READ_FORMATS = (*FORMATS.values(), "GIF")
KEPT_INFO = ("icc_profile", "transparency")
LARGEST_COLOR_PROFILE = 200_000


@dataclass(frozen=True)
class Picture:
    """A re-encoded photo. `place` (latitude, longitude) is a suggestion for the form and no longer in the file."""

    content: bytes
    content_type: str
    width: int
    height: int
    place: tuple[float, float] | None = None


def re_encode(content: bytes, *, max_pixels: int, longest_side: int, field: str) -> Picture:
    """Decode and write anew, upright and not larger than needed: hidden data and tricks do not survive it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=READ_FORMATS) as image:
                if image.width * image.height > max_pixels:
                    raise too_many_pixels(max_pixels, field)
                return _written(image, longest_side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels(max_pixels, field) from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError) as error:
        raise ValidationFailed(
            _("The picture cannot be opened, it may be damaged. Take it again or send another one."),
            code="broken_picture",
            field=field,
        ) from error


def too_many_pixels(max_pixels: int, field: str) -> ValidationFailed:
    message = _("The picture is too large: no more than %(count)d million points.") % {"count": max_pixels // 1_000_000}
    return ValidationFailed(message, code="too_many_pixels", field=field)


def _written(image: Image.Image, longest_side: int) -> Picture:
    place = _place(image)
    kind = image.format if image.format in FORMATS.values() else "PNG"
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((longest_side, longest_side))
    # Only what the picture needs to look right: comments and text blocks would be written back otherwise.
    upright.info = {name: upright.info[name] for name in KEPT_INFO if name in upright.info}
    if len(upright.info.get("icc_profile") or b"") > LARGEST_COLOR_PROFILE:
        del upright.info["icc_profile"]
    if kind == "JPEG" and upright.mode not in {"RGB", "L"}:
        upright = upright.convert("RGB")
    output = io.BytesIO()
    upright.save(output, kind, quality=85, optimize=kind == "PNG", icc_profile=upright.info.get("icc_profile"))
    content_type = next(name for name, value in FORMATS.items() if value == kind)
    return Picture(output.getvalue(), content_type, upright.width, upright.height, place)


def _place(image: Image.Image) -> tuple[float, float] | None:
    """Where the camera says it was, or None for a missing, broken or zero position."""
    try:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef) == "S")
        longitude = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef) == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, SyntaxError, OSError, AttributeError):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude, longitude) == (0, 0):
        return None
    return latitude, longitude


def _degrees(parts: tuple[float, float, float], is_negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(degrees + minutes / 60 + seconds / 3600, 6)
    return -value if is_negative else value
