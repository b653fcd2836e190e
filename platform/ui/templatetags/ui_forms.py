"""Tags for forms: one field, all fields, the error summary, buttons."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, Field
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ui.fields import FieldOptions, field_context, first_id
from ui.icons import icon_svg

register = template.Library()
OPTION_NAMES = {option.name for option in dataclass_fields(FieldOptions)}


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """{% field form.text rows=8 count=2000 %}; every other keyword becomes an attribute (data_x -> data-x)."""
    attrs = {name.replace("_", "-"): str(options.pop(name)) for name in list(options) if name not in OPTION_NAMES}
    context = field_context(bound, FieldOptions(**options, attrs=attrs))
    return render_to_string("ui/field.html", context)


@register.simple_tag
def fields(form: BaseForm, **options: Any) -> SafeString:
    """{% fields form %}: the hidden fields, then every visible one with the same options."""
    parts = [mark_safe(str(bound)) for bound in form.hidden_fields()]
    parts += [field(bound, **options) for bound in form.visible_fields()]
    return mark_safe("\n".join(parts))


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*forms: BaseForm | None) -> dict[str, Any]:
    """{% error_summary form %}: every error with a link to its field; nothing while there is none."""
    errors: list[tuple[str, str]] = []
    for form in forms:
        if not form or not form.is_bound:
            continue
        errors += [("", str(error)) for error in form.non_field_errors()]
        for name, messages in form.errors.items():
            if name in form.fields:
                target = first_id(form[name])
                errors += [(target, _named(form, name, str(message))) for message in messages]
    return {"errors": errors}


def _named(form: BaseForm, name: str, message: str) -> str:
    """«This field is required» says nothing without the field's name."""
    if message == str(Field.default_error_messages["required"]):
        return f"{form[name].label}: {message}"
    return message


VARIANTS = {"secondary", "danger", "quiet"}


def _button_class(variant: str, size: str) -> str:
    names = ["ui-button", *(f"ui-button-{name}" for name in (variant, size) if name)]
    return " ".join(names)


@register.simple_tag
def submit(text: str, variant: str = "", icon: str = "", size: str = "", **attrs: str) -> SafeString:
    """{% submit _("Save") variant="secondary" icon="check" name="action" value="save" data_key="s" %}"""
    return format_html(
        '<button type="submit" class="{}"{}>{}<span>{}</span></button>',
        _button_class(variant, size),
        _flat(attrs),
        icon_svg(icon) if icon else "",
        text,
    )


@register.simple_tag
def link_button(url: str, text: str, variant: str = "", icon: str = "", size: str = "", **attrs: str) -> SafeString:
    """A link that looks like a button: for going somewhere, never for changing something."""
    return format_html(
        '<a href="{}" class="{}"{}>{}<span>{}</span></a>',
        url,
        _button_class(variant, size),
        _flat(attrs),
        icon_svg(icon) if icon else "",
        text,
    )


def _flat(attrs: dict[str, str]) -> SafeString:
    parts = [format_html(' {}="{}"', name.replace("_", "-"), value) for name, value in attrs.items()]
    return mark_safe("".join(parts))
