"""Files people send: what is accepted, what a file really is, and what of it is kept."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import malware
from common.errors import ValidationFailed
from common.images import Picture, re_encode
from common.malware import Verdict

MEGABYTE = 1024 * 1024
OPENDOCUMENT = "application/vnd.oasis.opendocument."
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"
ODT, ODS = f"{OPENDOCUMENT}text", f"{OPENDOCUMENT}spreadsheet"
PDF = "application/pdf"
# The first extension of a type is the one it is stored under.
EXTENSIONS = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    PDF: ("pdf",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
    ODT: ("odt",),
    ODS: ("ods",),
}
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif"}
TYPE_OF_EXTENSION = {extension: kind for kind, extensions in EXTENSIONS.items() for extension in extensions}
ACCEPT = ",".join(f".{extension}" for extensions in EXTENSIONS.values() for extension in extensions[:2])
MACRO_EXTENSIONS = {"docm", "xlsm", "dotm", "xltm", "xlsb", "pptm"}
OLD_OFFICE_EXTENSIONS = {"doc", "dot", "xls", "xlt"}
OLD_OFFICE_START = bytes.fromhex("d0cf11e0a1b11ae1")
MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
MACRO_PARTS = re.compile(r"vbaProject|^Basic/|^Scripts/|activeX/", re.IGNORECASE)
MAX_UNPACKED, MAX_PARTS = 200 * MEGABYTE, 4000
LONGEST_NAME = 100
LONGEST_SHOWN = 60
SCAN_UNAVAILABLE = "scan_unavailable"


@dataclass(frozen=True)
class UploadLimits:
    """How much is accepted at once."""

    max_files: int = 10
    max_bytes: int = 20 * MEGABYTE
    max_total_bytes: int = 60 * MEGABYTE
    max_pixels: int = 64_000_000
    longest_side: int = 3000


USUAL_LIMITS = UploadLimits()


@dataclass(frozen=True)
class CheckedFile:
    """A file fit to be kept. `place` is where a photo was taken, taken out of the file itself."""

    name: str
    content: bytes
    content_type: str
    place: tuple[float, float] | None = None
    scan: Verdict = Verdict.NOT_ASKED

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def as_django_file(self) -> ContentFile[bytes]:
        return ContentFile(self.content, name=self.name)


def read_uploads(
    uploads: Iterable[UploadedFile[Any]], limits: UploadLimits = USUAL_LIMITS, *, field: str = "files"
) -> tuple[CheckedFile, ...]:
    """Check a form's files; sizes are looked at before anything is read into memory."""
    found = list(uploads)
    sizes, names = [upload.size or 0 for upload in found], [upload.name or "" for upload in found]
    check_sizes(sizes, limits, field=field, names=names)
    return tuple(check_file(upload.name or "", upload.read(), limits, field=field) for upload in found)


def check_sizes(
    sizes: Sequence[int], limits: UploadLimits = USUAL_LIMITS, *, field: str = "files", names: Sequence[str] = ()
) -> None:
    """How many, how large each and all together; the one that is too large is named where its name is known."""
    if len(sizes) > limits.max_files:
        message = ngettext(
            "No more than %(count)d file can be sent at once.",
            "No more than %(count)d files can be sent at once.",
            limits.max_files,
        ) % {"count": limits.max_files}
        raise ValidationFailed(message, code="too_many_files", field=field)
    too_large = next((place for place, size in enumerate(sizes) if size > limits.max_bytes), None)
    if too_large is not None:
        name = names[too_large] if names else ""
        raise _too_large(name, limits.max_bytes // MEGABYTE, field)
    if sum(sizes) > limits.max_total_bytes:
        message = str(_("All files together may be no larger than %(size)d MB."))
        raise ValidationFailed(
            message % {"size": limits.max_total_bytes // MEGABYTE}, code="files_too_large", field=field
        )


def _too_large(name: str, most: int, field: str) -> ValidationFailed:
    if not name:
        message = str(_("A file may be no larger than %(size)d MB. Send a smaller one.")) % {"size": most}
    else:
        message = str(_("“%(name)s” is larger than %(size)d MB. Send a smaller file.")) % {
            "name": shown_name(name),
            "size": most,
        }
    return ValidationFailed(message, code="file_too_large", field=field)


def check_file(name: str, content: bytes, limits: UploadLimits = USUAL_LIMITS, *, field: str = "files") -> CheckedFile:
    """Accept a photo or a document whose content is what its name says; photos are re-encoded."""
    check_sizes([len(content)], limits, field=field, names=[name])
    extension = PurePosixPath(name.replace("\\", "/").strip()).suffix.lower().lstrip(".")
    if not content:
        raise _refusal(_("The file “%(name)s” is empty."), "empty_file", name, field)
    kind = _real_type(name, content, extension, field)
    _check_agreement(name, kind, extension, field)
    verdict = _scanned(name, content, field)
    if kind in PICTURES:
        picture = _re_encoded(name, content, limits, field)
        stored = safe_name(name, EXTENSIONS[picture.content_type][0])
        return CheckedFile(stored, picture.content, picture.content_type, picture.place, verdict)
    return CheckedFile(safe_name(name, EXTENSIONS[kind][0]), content, kind, scan=verdict)


def _scanned(name: str, content: bytes, field: str) -> Verdict:
    """What the virus scanner says; an infected file is refused, and so is an unscanned one where that is the rule."""
    found = malware.scan(content)
    if found.verdict == Verdict.INFECTED:
        digest = hashlib.sha256(content).hexdigest()
        malware.malware_found.send(
            sender=CheckedFile, signature=found.signature, size=len(content), sha256=digest, subject=None
        )
        raise _refusal(_("“%(name)s” holds harmful software and was not accepted."), "infected", name, field)
    if found.verdict == Verdict.WAITING and settings.CLAMD_REQUIRED:
        raise _refusal(
            _("“%(name)s” cannot be checked for harmful software at the moment. Please send it again in some minutes."),
            SCAN_UNAVAILABLE, name, field,
        )  # fmt: skip
    return found.verdict


def _re_encoded(name: str, content: bytes, limits: UploadLimits, field: str) -> Picture:
    """The picture alone; why it could not be read is told with the name of the file."""
    try:
        return re_encode(content, max_pixels=limits.max_pixels, longest_side=limits.longest_side, field=field)
    except ValidationFailed as error:
        if error.code == "broken_picture":
            message = _("“%(name)s” cannot be opened, the picture may be damaged. Take it again or send another one.")
            raise _refusal(message, error.code, name, field) from error
        raise ValidationFailed(f"{shown_name(name)}: {error}", code=error.code, field=field) from error


def _refusal(message: object, code: str, name: str, field: str) -> ValidationFailed:
    return ValidationFailed(str(message) % {"name": shown_name(name)}, code=code, field=field)


def shown_name(name: str) -> str:
    """The name as its owner knows it, so that he finds the file again: on one line, the middle of a long one cut."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    visible = " ".join("".join(sign if sign.isprintable() else " " for sign in base).split()) or "?"
    return visible if len(visible) <= LONGEST_SHOWN else f"{visible[: LONGEST_SHOWN - 13]}…{visible[-12:]}"


def _real_type(name: str, content: bytes, extension: str, field: str) -> str:
    """What the bytes are, whatever the file is called; a clear refusal for everything else."""
    if extension in MACRO_EXTENSIONS:
        raise _macros(name, field)
    if content.startswith(b"PK\x03\x04"):
        return _type_of_archive(name, content, field)
    guess = filetype.guess(content[:8192])
    kind = guess.mime if guess else ""
    if kind in EXTENSIONS:
        return str(kind)
    if content.startswith(OLD_OFFICE_START) and extension in OLD_OFFICE_EXTENSIONS | TYPE_OF_EXTENSION.keys():
        raise _refusal(
            _("“%(name)s” is in an old format or locked by a password. Save it as DOCX, XLSX or PDF."),
            "old_office_format", name, field,
        )  # fmt: skip
    if extension in TYPE_OF_EXTENSION:
        raise _not_what_it_says(name, field)
    raise _refusal(
        _(
            "Files like “%(name)s” are not accepted. "
            "Send a photo (JPEG, PNG, WebP) or a document (PDF, DOCX, XLSX, ODT)."
        ),
        "wrong_type", name, field,
    )  # fmt: skip


def _check_agreement(name: str, kind: str, extension: str, field: str) -> None:
    """Messengers mix up kinds of pictures, which harms nobody; anything else must be called what it is."""
    named = TYPE_OF_EXTENSION.get(extension)
    both_pictures = kind in PICTURES and (named in PICTURES or extension in {"heic", "heif"})
    if extension and named != kind and not both_pictures:
        raise _not_what_it_says(name, field)


def _not_what_it_says(name: str, field: str) -> ValidationFailed:
    return _refusal(
        _("The content of “%(name)s” is not what its name says. Open the file, save it anew and send it again."),
        "content_mismatch", name, field,
    )  # fmt: skip


def _macros(name: str, field: str) -> ValidationFailed:
    return _refusal(
        _("“%(name)s” holds macros, which are not accepted. Save it without macros or as PDF."), "macros", name, field
    )


def _type_of_archive(name: str, content: bytes, field: str) -> str:
    """Office documents are archives; any other archive is refused, and so is one that unpacks without end."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            too_large = len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED
            kind = "" if too_large else _office_type(archive, names)
            macros = any(MACRO_PARTS.search(part) for part in names) or _declares_macros(archive, names, kind)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, RuntimeError, NotImplementedError) as error:
        raise _not_what_it_says(name, field) from error
    if not kind:
        raise _refusal(_("“%(name)s” is an archive. Send the files themselves."), "archive", name, field)
    if macros:
        raise _macros(name, field)
    return kind


def _office_type(archive: zipfile.ZipFile, names: Sequence[str]) -> str:
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in MAIN_PARTS.items() if part in names), "")
    if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 100:
        declared = archive.read("mimetype").decode("ascii", "replace").strip()
        return declared if declared in {ODT, ODS} else ""
    return ""


def _declares_macros(archive: zipfile.ZipFile, names: Sequence[str], kind: str) -> bool:
    """A macro document that was only renamed still says so in its list of contents."""
    if kind not in {DOCX, XLSX} or archive.getinfo("[Content_Types].xml").file_size > MEGABYTE:
        return kind in {DOCX, XLSX}
    return b"macroenabled" in archive.read("[Content_Types].xml").lower()


def safe_name(name: str, extension: str = "") -> str:
    """A name without folders, control signs and surprises, with the extension of what the file really is."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    visible = "".join(sign if sign.isalnum() or sign in " -_.()№" else "_" for sign in base)
    stem, dot, old = re.sub(r"[\s_]+", "_", visible).strip("._ ").rpartition(".")
    stem = stem if dot and len(old) <= 5 else f"{stem}{dot}{old}"
    kept = extension or (old if dot and len(old) <= 5 else "")
    stem = stem.strip("._ ")[: LONGEST_NAME - 6] or "file"
    return f"{stem}.{kept}" if kept else stem
