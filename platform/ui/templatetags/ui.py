"""{% load ui %}: every tag and filter of the design; see docs/design.md for how to use each."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ui import badges
from ui.icons import icon_svg
from ui.templatetags import ui_charts, ui_forms, ui_text

register = template.Library()
for part in (ui_text.register, ui_forms.register, ui_charts.register):
    register.tags.update(part.tags)
    register.filters.update(part.filters)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """{% icon "clock" %}: decoration; with a label it speaks for itself. Sizes: "", "l", "xl"."""
    return icon_svg(name, label, size)


@register.simple_tag
def badge(text: Any, tone: str = "calm", icon: str = "") -> SafeString:
    """{% badge _("New") tone="info" icon="star" %}"""
    if tone not in badges.TONES:
        raise ValueError(f"no tone named {tone!r}")
    css = f"ui-badge ui-tone-{tone}" if icon else f"ui-badge ui-badge-plain ui-tone-{tone}"
    return format_html('<span class="{}">{}{}</span>', css, icon_svg(icon) if icon else "", text)


@register.simple_tag
def status_badge(code: str, label: Any) -> SafeString:
    """{% status_badge appeal.status appeal.get_status_display %}"""
    tone, name = badges.status_look(code)
    return badge(label, tone, name)


@register.simple_tag
def priority_badge(code: str, label: Any) -> SafeString:
    """{% priority_badge appeal.priority appeal.get_priority_display %}; an ordinary one says nothing."""
    if code == "normal":
        return SafeString("")
    tone, name = badges.priority_look(code)
    return badge(label, tone, name)


@register.simple_tag
def channel_label(code: str, label: Any) -> SafeString:
    return format_html('<span class="ui-nowrap">{} {}</span>', icon_svg(badges.channel_icon(code)), label)


@register.inclusion_tag("ui/term.html")
def term(view: badges.TermView | None, meter: bool = False) -> dict[str, Any]:
    """{% term appeal_term meter=True %}: the badge, and below it day n of m with its bar."""
    return {"view": view or badges.TermView(), "meter": meter}


@register.inclusion_tag("ui/sort_header.html", takes_context=True)
def sort_header(context: dict[str, Any], key: str, label: Any, css: str = "") -> dict[str, Any]:
    """{% sort_header "due" _("Due date") %}: a column head whose link sorts by ?sort=due, then ?sort=-due."""
    query = context["request"].GET.copy()
    current = query.get("sort", "")
    query["sort"] = f"-{key}" if current == key else key
    for cursor in ("after", "before"):
        query.pop(cursor, None)
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "none")
    return {"url": f"?{query.urlencode()}", "label": label, "order": order, "css": css}


@register.inclusion_tag("ui/timeline.html")
def timeline(items: Sequence[Any]) -> dict[str, Any]:
    """{% timeline events %}: each has title and at, and may have text, actor, icon, tone, files, upcoming."""
    return {"items": items}


@register.simple_tag
def qr(data: str) -> SafeString:
    """{% qr receipt_url %}: the bare picture; templates/ui/qr.html puts words to it."""
    out = io.BytesIO()
    segno.make(data, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        omitsize=True,
        border=2,
        svgclass=None,
        lineclass="ui-qr-line",
    )
    text = out.getvalue().decode().replace("<svg ", '<svg role="img" aria-hidden="true" focusable="false" ', 1)
    return mark_safe(text)


@register.filter
def attr(item: Any, name: str) -> Any:
    """Read a key or an attribute that may be missing."""
    return item.get(name, "") if isinstance(item, dict) else getattr(item, name, "")
