"""How a Django form field becomes a labelled, described control with its error beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

# The first fitting kind wins, so the special widgets stand before those they derive from.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.MultipleHiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
)
CLASSES = {"select": "govuk-select", "textarea": "govuk-textarea", "file": "govuk-file-upload"}
ERROR_CLASSES = {kind: f"{css}--error" for kind, css in CLASSES.items()}


@dataclass(frozen=True)
class Choice:
    """One radio button or check box."""

    id: str
    value: str
    label: str
    checked: bool
    disabled: bool
    hint: str


@dataclass(frozen=True)
class FieldOptions:
    """What a template may ask of {% field %} beside the field itself."""

    label: str = ""
    hint: str | None = None
    size: str = ""
    width: str = ""
    prefix: str = ""
    suffix: str = ""
    rows: int = 0
    count: int = 0
    cards: bool = False
    small: bool = False
    code: bool = False
    hide_label: bool = False
    mark_optional: bool = True
    choice_hints: dict[str, str] | None = None
    attrs: dict[str, str] | None = None


def kind_of(bound: BoundField) -> str:
    widget = bound.field.widget
    return next((kind for widget_class, kind in KINDS if isinstance(widget, widget_class)), "input")


def first_id(bound: BoundField) -> str:
    """The control that an error message leads to: of a group, its first one."""
    if kind_of(bound) in ("radios", "checkboxes"):
        choices = bound.subwidgets
        return str(choices[0].data["attrs"].get("id", "")) if choices else bound.auto_id
    return str(bound.id_for_label)


def field_context(bound: BoundField, options: FieldOptions) -> dict[str, Any]:
    kind = kind_of(bound)
    ids = {"hint": f"{bound.auto_id}-hint", "error": f"{bound.auto_id}-error", "count": f"{bound.auto_id}-count"}
    hint = bound.help_text if options.hint is None else options.hint
    described = [ids["hint"]] if hint else []
    described += [ids["error"]] if bound.errors else []
    described += [ids["count"]] if options.count else []
    context: dict[str, Any] = {
        "bound": bound,
        "kind": kind,
        "options": options,
        "label": options.label or bound.label,
        "hint": hint,
        "ids": ids,
        "described": " ".join(described),
        "optional": options.mark_optional and not bound.field.required and kind not in ("checkbox", "hidden"),
        "choices": _choices(bound, options) if kind in ("radios", "checkboxes") else (),
    }
    if kind not in ("radios", "checkboxes", "hidden"):
        context["control"] = bound.as_widget(attrs=_attrs(bound, kind, options, " ".join(described)))
    return context


def _choices(bound: BoundField, options: FieldOptions) -> list[Choice]:
    hints = options.choice_hints or {}
    choices = []
    for sub in bound.subwidgets:
        data, value = sub.data, str(sub.data["value"] if sub.data["value"] is not None else "")
        attrs = data["attrs"]
        choices.append(
            Choice(
                id=str(attrs.get("id", "")),
                value=value,
                label=str(data["label"]),
                checked=bool(data["selected"]),
                disabled=bool(attrs.get("disabled")),
                hint=str(hints.get(value, "")),
            )
        )
    return choices


def _attrs(bound: BoundField, kind: str, options: FieldOptions, described: str) -> dict[str, Any]:
    base = "govuk-checkboxes__input" if kind == "checkbox" else CLASSES.get(kind, "govuk-input")
    classes = [base, str(bound.field.widget.attrs.get("class", ""))]
    attrs: dict[str, Any] = dict(options.attrs or {})
    # Django would name its own ids of help text and errors here; ours are on the page.
    attrs["aria-describedby"] = described or None
    if bound.errors:
        classes.append(ERROR_CLASSES.get(kind, "govuk-input--error"))
        attrs["aria-invalid"] = "true"
    if options.width:
        classes.append(f"ui-w-{options.width}")
    if options.code:
        classes.append("ui-input-code")
        attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
    if options.rows:
        attrs["rows"] = options.rows
    if options.count:
        attrs["data-count"] = options.count
    attrs["class"] = " ".join(filter(None, classes))
    return {name: value for name, value in attrs.items() if value is not None} | (
        {} if described else {"aria-describedby": False}
    )
