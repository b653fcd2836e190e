"""Icons from the one sprite; a name that the sprite lacks is a programming error and is raised at once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"


@cache
def icon_names() -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([a-z-]+)"', SPRITE.read_text(encoding="utf-8")))


@cache
def sprite_address() -> str:
    """Looked up once: a page shows dozens of icons."""
    return static("ui/icons.svg")


def icon_svg(name: str, label: str = "", size: str = "") -> SafeString:
    """Decoration unless it has a label; the words beside it say the same."""
    if name not in icon_names():
        raise ValueError(f"no icon named {name!r}")
    css = f"ui-icon ui-icon-{size}" if size else "ui-icon"
    address = f"{sprite_address()}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}" focusable="false"><use href="{}"></use></svg>',
            css,
            label,
            address,
        )
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', css, address)
