"""Uploads: what is accepted, what is refused and in which words."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from common.errors import ValidationFailed
from common.files import (
    DOCX,
    ODT,
    USUAL_LIMITS,
    XLSX,
    UploadLimits,
    check_file,
    check_sizes,
    read_uploads,
    safe_name,
    shown_name,
)

PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EXECUTABLES = {"windows": b"MZ" + b"\0" * 200, "linux": b"\x7fELF" + b"\0" * 200, "script": b"#!/bin/sh\nrm -rf /\n"}


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    output = io.BytesIO()
    Image.new(mode, size, "red" if mode != "CMYK" else (0, 255, 255, 0)).save(output, kind, **options)
    return output.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Phone of Aigul"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 17.0, 50.28), 3: "E", 4: (68.0, 15.0, 6.48)})
    return picture(exif=exif, comment=b"secret comment")


def archive(parts: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return output.getvalue()


def office(main: str, types: bytes = b"<Types/>", **more: bytes) -> bytes:
    return archive({"[Content_Types].xml": types, main: b"<x/>", **more})


def refusal(name: str, content: bytes, limits: UploadLimits = USUAL_LIMITS) -> ValidationFailed:
    with pytest.raises(ValidationFailed) as error:
        check_file(name, content, limits)
    assert error.value.field == "files"
    return error.value


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("үй.jpg", picture(), "image/jpeg"),
        ("a.JPEG", picture(), "image/jpeg"),
        ("a.png", picture("PNG", mode="RGBA"), "image/png"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("a.gif", picture("GIF"), "image/png"),
        ("a.pdf", PDF_BYTES, "application/pdf"),
        ("a.docx", office("word/document.xml"), DOCX),
        ("a.xlsx", office("xl/workbook.xml"), XLSX),
        ("a.odt", archive({"mimetype": ODT.encode(), "content.xml": b"<x/>"}), ODT),
        ("photo", picture(), "image/jpeg"),
        ("a.jpg", picture("PNG"), "image/png"),
        ("IMG_1.HEIC", picture(), "image/jpeg"),
    ],
)
def test_photos_and_documents_are_accepted(name: str, content: bytes, content_type: str) -> None:
    checked = check_file(name, content)

    assert checked.content_type == content_type
    assert (checked.size, len(checked.sha256)) == (len(checked.content), 64)
    assert checked.as_django_file().read() == checked.content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("photo.jpg", EXECUTABLES["windows"], "content_mismatch"),
        ("photo.jpg", EXECUTABLES["linux"], "content_mismatch"),
        ("photo.jpg", EXECUTABLES["script"], "content_mismatch"),
        ("run.exe", EXECUTABLES["windows"], "wrong_type"),
        ("run", EXECUTABLES["linux"], "wrong_type"),
        ("photo.jpg", PDF_BYTES, "content_mismatch"),
        ("letter.pdf", picture(), "content_mismatch"),
        ("letter.pdf.exe", PDF_BYTES, "content_mismatch"),
        ("page.html", b"<html><script>alert(1)</script></html>", "wrong_type"),
        ("image.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong_type"),
        ("image.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "content_mismatch"),
        ("a.jpg", picture()[:300], "broken_picture"),
        ("a.jpg", b"", "empty_file"),
        ("a.zip", archive({"a.txt": b"x"}), "archive"),
        ("a.docx", archive({"a.txt": b"x"}), "archive"),
        ("a.docx", b"PK\x03\x04 broken", "content_mismatch"),
        ("a.docx", office("xl/workbook.xml"), "content_mismatch"),
        ("a.docm", office("word/document.xml"), "macros"),
        ("a.docx", office("word/document.xml", **{"word/vbaProject.bin": b"x"}), "macros"),
        ("a.docx", office("word/document.xml", b"application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        ("a.odt", archive({"mimetype": ODT.encode(), "Basic/Standard/Module1.xml": b"x"}), "macros"),
        ("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old_office_format"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00" + b"\0" * 50, "wrong_type"),
    ],
)
def test_anything_else_is_refused_with_its_reason(name: str, content: bytes, code: str) -> None:
    error = refusal(name, content)

    assert error.code == code
    assert str(error.message)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = office("word/document.xml", **{"word/big.xml": b"\0" * (201 * 1024 * 1024)})

    assert len(bomb) < 1024 * 1024
    assert refusal("a.docx", bomb).code == "archive"


def test_limits_of_size_count_and_points() -> None:
    limits = UploadLimits(max_files=2, max_bytes=3 * 1024 * 1024, max_total_bytes=4 * 1024 * 1024, max_pixels=1_000_000)

    assert "3" in str(refusal("a.jpg", b"\xff" * (3 * 1024 * 1024 + 1), limits).message)
    assert refusal("a.png", picture("PNG", (1001, 1000)), limits).code == "too_many_pixels"
    for sizes, code in {
        (1, 1, 1): "too_many_files",
        (3_000_000, 3_000_000): "files_too_large",
        (1, 4_000_000): "file_too_large",
    }.items():
        with pytest.raises(ValidationFailed) as error:
            check_sizes(sizes, limits)
        assert error.value.code == code


def test_nothing_of_a_photo_but_the_picture_is_kept() -> None:
    source = photo_with_place()
    assert b"secret comment" in source

    checked = check_file("IMG_0001.jpg", source)
    stored = Image.open(io.BytesIO(checked.content))

    assert checked.place == (43.297300, 68.251800)
    assert b"secret" not in checked.content
    assert b"Aigul" not in checked.content
    assert dict(stored.getexif()) == {}
    assert stored.size == (20, 40), "turned upright as the camera meant it"


def test_text_blocks_of_a_png_are_dropped() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Aigul Serikova")

    assert b"Serikova" not in check_file("a.png", picture("PNG", pnginfo=info)).content


def test_a_broken_position_is_no_place() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (400.0, 0.0, 0.0), 3: "E", 4: (68.0, 0.0, 0.0)})

    assert check_file("a.jpg", picture(exif=exif)).place is None
    assert check_file("a.jpg", picture()).place is None


def test_large_and_printing_pictures_are_made_fit_for_the_web() -> None:
    large = Image.open(io.BytesIO(check_file("a.jpg", picture(size=(4000, 1000))).content))
    printing = Image.open(io.BytesIO(check_file("a.jpg", picture(mode="CMYK")).content))

    assert large.size == (3000, 750)
    assert printing.mode == "RGB"


def test_files_of_a_form() -> None:
    uploads = [SimpleUploadedFile("a.jpg", picture()), SimpleUploadedFile("b.pdf", PDF_BYTES)]

    assert [file.name for file in read_uploads(uploads)] == ["a.jpg", "b.pdf"]
    assert read_uploads([]) == ()


@pytest.mark.parametrize(
    ("name", "extension", "safe"),
    [
        ("Үйдің алды.jpeg", "jpg", "Үйдің_алды.jpg"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("C:\\Users\\Айгүл\\фото.JPG", "jpg", "фото.jpg"),
        ("a\u202egpj.exe", "jpg", "a_gpj.jpg"),
        ("a\0b\n<c>.pdf", "pdf", "a_b_c.pdf"),
        (".htaccess", "png", "htaccess.png"),
        ("", "png", "file.png"),
        ("...", "png", "file.png"),
        ("ы" * 300 + ".png", "png", "ы" * 94 + ".png"),
        ("акт №5 (копия).pdf", "pdf", "акт_№5_(копия).pdf"),
    ],
)
def test_names_are_made_harmless(name: str, extension: str, safe: str) -> None:
    assert safe_name(name, extension) == safe


@given(st.text(max_size=200))
def test_any_name_becomes_a_plain_one(name: str) -> None:
    safe = safe_name(name, "jpg")

    assert safe.endswith(".jpg")
    assert len(safe) <= 110
    assert not set(safe) & set('/\\\0\n<>:"|?*\u202e')
    assert not safe.startswith(".")


@given(st.binary(max_size=400), st.sampled_from(["a.jpg", "a.docx", "a.pdf", "a", "a.zip"]))
def test_any_content_is_accepted_or_refused_without_another_error(content: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"):
        try:
            check_file(name, start + content)
        except ValidationFailed as error:
            assert error.code


NAMED = {
    "large": ("Менің фотом (1).jpg", b"\xff\xd8\xff" + b"\0" * (25 * 1024 * 1024)),
    "executable": ("үйдің жанында.jpg", EXECUTABLES["windows"]),
    "program": ("орнату бағдарламасы.exe", EXECUTABLES["windows"]),
    "empty": ("бос файл.pdf", b""),
    "damaged": ("IMG 0001.jpg", picture()[:300]),
    "old": ("Акт № 1.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600),
    "archive": ("барлығы.zip", archive({"a.txt": b"x"})),
    "points": ("карта.png", picture("PNG", (1001, 1000))),
}


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("case", NAMED)
def test_refusal_names_the_file_once_as_its_owner_knows_it(case: str, language: str) -> None:
    name, content = NAMED[case]
    with translation.override(language):
        message = str(refusal(name, content, UploadLimits(max_pixels=1_000_000)).message)

    assert message.count(name) == 1
    assert message.endswith(".")


def test_several_uploads_name_the_one_that_is_too_large() -> None:
    uploads = [SimpleUploadedFile("a.jpg", picture()), SimpleUploadedFile("b c.jpg", b"\xff" * 2 * 1024 * 1024)]

    with pytest.raises(ValidationFailed) as error:
        read_uploads(uploads, UploadLimits(max_bytes=1024 * 1024))
    assert "b c.jpg" in str(error.value.message)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\A\\үй  сурет.jpg", "үй сурет.jpg"),
        ("a\r\nb.jpg", "a b.jpg"),
        ("", "?"),
        (f"{'ұ' * 80}.jpeg", f"{'ұ' * 47}…{'ұ' * 7}.jpeg"),
    ],
)
def test_shown_name_is_one_short_line(name: str, shown: str) -> None:
    assert shown_name(name) == shown
