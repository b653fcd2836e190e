"""Tables of documents and of the report builder in answers: each cell as it is shown and the numbers behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from openapi.v1.fields import ValueField
from reports.documents.model import Kind

KINDS = [(Kind.TEXT, _("words")), (Kind.NUMBER, _("a number")), (Kind.SHARE, _("a share with its counts"))]


class DocumentColumnSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text=_("What it is called within the table."))
    title = serializers.CharField(help_text=_("As it is shown."))
    kind = ValueField(KINDS, help_text=_("What its cells hold."))
    metric = serializers.CharField(allow_blank=True, help_text=_("Its key in the dictionary; empty for words."))


class DocumentCellSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(allow_blank=True, help_text=_("As every reader sees it."))
    value = serializers.FloatField(allow_null=True, help_text=_("The number; null for words and where there is none."))
    part = serializers.IntegerField(allow_null=True, help_text=_("Of a share: what was counted."))
    whole = serializers.IntegerField(allow_null=True, help_text=_("Of a share: of how many."))


class DocumentRowSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text=_("By which the row is found again in another version."))
    is_total = serializers.BooleanField(help_text=_("Whether it is the total of the others."))
    cells = DocumentCellSerializer(many=True, help_text=_("One for each column, in their order."))


class DocumentTableSerializer(serializers.Serializer[Any]):
    """A table; the first column names the rows."""

    key = serializers.CharField(help_text=_("What it is called within the document."))
    title = serializers.CharField(help_text=_("As it is shown."))
    note = serializers.CharField(allow_blank=True, help_text=_("What must be known about it; empty for nothing."))
    columns = DocumentColumnSerializer(many=True, help_text=_("The columns, in their order."))
    rows = DocumentRowSerializer(many=True, help_text=_("The rows, in their order."))


class DocumentSectionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(help_text=_("As it is shown."))
    text = serializers.CharField(allow_blank=True, help_text=_("What it says before its tables; empty for nothing."))
    tables = DocumentTableSerializer(many=True, help_text=_("Its tables, in their order."))


class DocumentSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(help_text=_("As it is shown."))
    period = serializers.CharField(help_text=_("In words."))
    sections = DocumentSectionSerializer(many=True, help_text=_("Its sections, in their order."))
    notes = serializers.ListField(child=serializers.CharField(), help_text=_("What must be known about the document."))


def document(data: Mapping[str, Any]) -> dict[str, Any]:
    """Out of what is frozen, which has this form; a register has too many cells to take each in hand."""
    return {
        "title": data["title"],
        "period": data["period"],
        "sections": [
            {"title": section["title"], "text": section["text"], "tables": [table(one) for one in section["tables"]]}
            for section in data["sections"]
        ],
        "notes": data["notes"],
    }


def table(data: Mapping[str, Any]) -> dict[str, Any]:
    columns = [{name: column[name] for name in ("key", "title", "kind", "metric")} for column in data["columns"]]
    return {name: data[name] for name in ("key", "title", "note")} | {"columns": columns, "rows": data["rows"]}
