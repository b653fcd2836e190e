"""No template brings what the content security policy refuses or what the design forbids."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
# Handed out by the open API as a file for the printer, which has to bring its style itself; no page of the hub.
FILES = {ROOT / "templates" / "openapi" / "paper.html"}
TEMPLATES = sorted(set((ROOT / "templates").rglob("*.html")) - FILES)
COMMENTS = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)
FORBIDDEN = {
    "an inline style": re.compile(r"""<[^>]*\sstyle\s*=""", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE),
    "an event attribute": re.compile(r"""<[^>{]*\son[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "a javascript: address": re.compile(r"""["']\s*javascript:""", re.IGNORECASE),
    "a file of another site": re.compile(
        r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*["'](?:https?:)?//""", re.I
    ),
    "hx-on": re.compile(r"\bhx-on\b"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_keeps_to_the_policy(path):
    source = COMMENTS.sub("", path.read_text(encoding="utf-8"))
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(source)]
    assert not found, f"{path.relative_to(ROOT)} has {', '.join(found)}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_compiles(path):
    assert get_template(str(path.relative_to(ROOT / "templates")))


HX = re.compile(r"<(\w+)\b[^>]*\shx-(?:get|post)\s*=", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_htmx_sits_on_something_that_works_without_it(path):
    """An input or select may have it inside a form that can be sent; a div or a span may not."""
    elements = set(HX.findall(COMMENTS.sub("", path.read_text(encoding="utf-8"))))
    assert elements <= {"a", "form", "button", "input", "select", "textarea"}, elements


def test_a_sprite_icon_that_does_not_exist_is_an_error():
    with pytest.raises(ValueError, match="no icon"):
        engines["django"].from_string('{% load ui %}{% icon "unicorn" %}').render({})


def test_own_styles_and_scripts_load_nothing_from_elsewhere():
    for path in (ROOT / "platform/ui/static/ui").iterdir():
        if path.suffix in {".css", ".js"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"https?://|@import|eval\(|innerHTML", text), path.name


BLOCK = re.compile(r"{%\s*(?:block\s+\w+|endblock)\b.*?%}")
ADDRESS_AS = re.compile(r"{%\s*url\b[^%]*?\bas\s+(\w+)\s*%}")
LINK_TO = re.compile(r"{%\s*link_button\s+(\w+)")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_uses_no_address_that_was_made_in_another_block(path):
    """What a block of a template sets is forgotten at its end: the link would lead nowhere."""
    source = COMMENTS.sub("", path.read_text(encoding="utf-8"))
    made = set(ADDRESS_AS.findall(source))
    for part in BLOCK.split(source):
        lost = (set(LINK_TO.findall(part)) & made) - set(ADDRESS_AS.findall(part))
        assert not lost, lost
