"""Write the files of others (GOV.UK Frontend CSS, Golos Text for browsers and for paper) from node_modules."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "platform" / "ui" / "static" / "vendor"
PRINT_MODULE = MODULES / "@expo-google-fonts" / "golos-text"
FONT_WEIGHTS = (400, 600, 700)
FONT_SUBSETS = ("cyrillic-ext", "cyrillic", "latin")
PRINT_FONTS = ("400Regular", "600SemiBold", "700Bold")  # whole fonts: in a document the subsets would mix their letters


def clean_govuk(css: str) -> str:
    """Take out what the licence of GOV.UK Frontend leaves to GOV.UK alone: its font and its crest."""
    css = re.sub(r"/\*![^*]*?Margaret Calvert.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\{[^}]*GDS Transport[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", "var(--ui-font)")
    css = re.sub(r"[^{}]*\{[^{}]*govuk-crest[^{}]*\}", "", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    for leftover in ("GDS Transport", "url(", "govuk-crest"):
        if leftover in css:
            raise SystemExit(f"govuk-frontend changed: {leftover!r} is still in its CSS; mend tools/build_assets.py")
    return css


def font_faces(weight: int) -> str:
    """Keep the woff2 faces of the subsets that Kazakh, Russian and English need."""
    source = (MODULES / "@fontsource" / "golos-text" / f"{weight}.css").read_text(encoding="utf-8")
    faces = re.findall(r"/\* (golos-text-([a-z-]+)-\d+-normal) \*/\s*(@font-face \{.*?\n\})", source, flags=re.DOTALL)
    kept = [
        re.sub(r",\s*url\([^)]*\.woff\) format\('woff'\)", "", face) for _, sub, face in faces if sub in FONT_SUBSETS
    ]
    if len(kept) != len(FONT_SUBSETS):
        raise SystemExit(f"golos-text changed: {len(kept)} faces found for weight {weight}; mend tools/build_assets.py")
    return "\n".join(kept)


def build() -> None:
    """Rebuild the whole folder, so that nothing of an older version stays behind."""
    govuk = MODULES / "govuk-frontend"
    golos = MODULES / "@fontsource" / "golos-text"
    if not govuk.is_dir() or not golos.is_dir() or not PRINT_MODULE.is_dir():
        raise SystemExit("node_modules is missing: run npm ci --ignore-scripts first")
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "files").mkdir(parents=True)
    source = (govuk / "dist" / "govuk" / "govuk-frontend.min.css").read_text(encoding="utf-8")
    (VENDOR / "govuk.css").write_text(clean_govuk(source), encoding="utf-8")
    (VENDOR / "golos.css").write_text("\n".join(map(font_faces, FONT_WEIGHTS)) + "\n", encoding="utf-8")
    for weight in FONT_WEIGHTS:
        for subset in FONT_SUBSETS:
            name = f"golos-text-{subset}-{weight}-normal.woff2"
            shutil.copyfile(golos / "files" / name, VENDOR / "files" / name)
    shutil.copyfile(golos / "LICENSE", VENDOR / "golos-LICENSE.txt")
    copy_print_fonts(VENDOR / "print")


def copy_print_fonts(target: Path) -> None:
    """The fonts of the PDF documents."""
    target.mkdir(exist_ok=True)
    for name in PRINT_FONTS:
        shutil.copyfile(PRINT_MODULE / name / f"GolosText_{name}.ttf", target / f"GolosText_{name}.ttf")
    shutil.copyfile(PRINT_MODULE / "LICENSE_FONT", target / "LICENSE.txt")


if __name__ == "__main__":
    build()
    sys.stdout.write(f"{sum(1 for p in VENDOR.rglob('*') if p.is_file())} files in {VENDOR.relative_to(ROOT)}\n")
