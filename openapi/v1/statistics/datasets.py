"""Open data: the datasets, their versions, and where their files are with checksums."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import NotFound
from openapi import caching
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import TextField, ValueField
from openapi.v1.statistics import freshness
from reports.models import DatasetFile, DatasetVersion, OpenDataTerms
from reports.opendata import making, versions
from reports.opendata.dataset import Dataset, Every, Field, Type, find, listed
from reports.opendata.formats import FORMATS


class DatasetFileSerializer(serializers.Serializer[Any]):
    """A file of a version; it never changes."""

    format = serializers.CharField(help_text=_("In which format it is."))
    media_type = serializers.CharField(help_text=_("What kind of file it is (IANA media type)."))
    size = serializers.IntegerField(help_text=_("How large it is, in bytes."))
    sha256 = serializers.CharField(help_text=_("The SHA-256 of the content."))
    file_url = serializers.CharField(help_text=_("Where it is; no key is needed."))
    latest_url = serializers.CharField(help_text=_("An address that leads to the newest version for ever."))


class DatasetVersionSerializer(serializers.Serializer[Any]):
    """A version. Its files are gone when it was withheld, or when it is too old to be kept."""

    version = serializers.IntegerField(help_text=_("Which version it is, counted from 1."))
    made_at = serializers.DateTimeField(help_text=_("When it was made."))
    rows = serializers.IntegerField(help_text=_("How many rows it has."))
    covers_from = serializers.DateField(allow_null=True, help_text=_("The first day it is of; null for no days."))
    covers_until = serializers.DateField(allow_null=True, help_text=_("The last day it is of; null for no days."))
    is_open = serializers.BooleanField(help_text=_("Whether its files can be had."))
    reason = serializers.CharField(allow_blank=True, help_text=_("Why it was withheld; empty when it was not."))
    has_demo = serializers.BooleanField(help_text=_("Whether invented rows are among them."))
    files = DatasetFileSerializer(many=True, help_text=_("Its files; empty where they are gone."))


class DatasetSerializer(serializers.Serializer[Any]):
    """A dataset of the catalogue, in the language of the request."""

    dataset = serializers.CharField(help_text=_("The word by which it is asked for; it does not change."))
    title = serializers.CharField(help_text=_("In the language of the request."))
    description = serializers.CharField(help_text=_("What is in it, in the language of the request."))
    keywords = serializers.ListField(child=serializers.CharField(), help_text=_("Words by which it is found."))
    every = ValueField(
        [(each.name.lower(), each.label) for each in Every], help_text=_("How often a version is tried to be made.")
    )
    licence = serializers.CharField(help_text=_("Under which licence it is given."))
    licence_url = serializers.CharField(help_text=_("Where the licence is to be read."))
    newest = DatasetVersionSerializer(allow_null=True, help_text=_("The newest version; null before the first one."))


class DatasetColumnSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text=_("The name of the column in the files."))
    type = ValueField(Type.choices, help_text=_("What its values are."))
    title = serializers.CharField(help_text=_("In the language of the request."))
    description = serializers.CharField(allow_blank=True, help_text=_("What it means; empty where the title says it."))
    is_required = serializers.BooleanField(help_text=_("Whether every row has a value."))
    codes = serializers.DictField(
        child=serializers.CharField(), help_text=_("Its values with their words, where the list is closed.")
    )


class DatasetDetailsSerializer(DatasetSerializer):
    """With its columns and all its versions."""

    columns = DatasetColumnSerializer(many=True, help_text=_("The columns, in their order."))
    key = serializers.ListField(child=serializers.CharField(), help_text=_("The columns that tell rows apart."))
    quality = serializers.ListField(child=serializers.CharField(), help_text=_("What must be known about the data."))
    versions = DatasetVersionSerializer(many=True, help_text=_("All versions, the newest first."))


class DatasetsQuerySerializer(serializers.Serializer[Any]):
    dataset = TextField(max_length=80, required=False, help_text=_("Only this one."))


class Datasets(Resource):
    tag = "statistics"
    scopes = dict.fromkeys(("list", "retrieve"), Scope.STATISTICS_READ)
    open_to_all = frozenset(scopes)
    serializer_class = DatasetSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_datasets",
        summary="Datasets",
        parameters=[DatasetsQuerySerializer, caching.PARAMETER],
        responses={200: DatasetSerializer(many=True), 304: caching.NOT_MODIFIED},
    )
    def list(self, request: Request) -> Response:
        """The open data with their newest versions. For portals the catalogue is DCAT-AP: `/data/catalog.jsonld`."""
        given = DatasetsQuerySerializer(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        wanted, newest, terms = given.validated_data.get("dataset"), versions.newest(), making.terms()
        found = [entry for entry in listed() if wanted in (None, entry.slug)]
        return caching.answer(request, [_described(entry, newest.get(entry.slug), terms) for entry in found])

    @extend_schema(
        operation_id="get_dataset",
        summary="A dataset",
        parameters=[caching.PARAMETER],
        responses={200: DatasetDetailsSerializer, 304: caching.NOT_MODIFIED},
    )
    def retrieve(self, request: Request, dataset: str) -> Response:
        """Its columns, and every version with its files, sizes and checksums."""
        entry = find(dataset)
        if entry is None:
            raise NotFound
        history = versions.of(entry.slug)
        newest = next((row for row in history if row.is_open), None)
        body = _described(entry, newest, making.terms()) | {
            "columns": [_column(column) for column in entry.fields],
            "key": [*entry.key],
            "quality": [str(words) for words in entry.quality],
            "versions": [_version(row) for row in history],
        }
        return caching.answer(request, body)


def _described(entry: Dataset, newest: DatasetVersion | None, terms: OpenDataTerms) -> dict[str, Any]:
    return {
        "dataset": entry.slug,
        "title": str(entry.title),
        "description": str(entry.description),
        "keywords": [str(word) for word in entry.keywords],
        "every": entry.every.name.lower(),
        "licence": terms.licence_title,
        "licence_url": terms.licence_url,
        "newest": _version(newest) if newest else None,
    }


def _column(column: Field) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": str(column.type),
        "title": str(column.title),
        "description": str(column.description),
        "is_required": column.is_required,
        "codes": {code: str(words) for code, words in column.codes},
    }


def _version(row: DatasetVersion) -> dict[str, Any]:
    return {
        "version": row.number,
        "made_at": freshness.said(row.made_at),
        "rows": row.rows,
        "covers_from": row.covers_from and row.covers_from.isoformat(),
        "covers_until": row.covers_until and row.covers_until.isoformat(),
        "is_open": row.is_open,
        "reason": row.reason if row.state == DatasetVersion.State.WITHHELD else "",
        "has_demo": row.has_demo,
        "files": [_file(row, file) for file in row.files.all()] if row.is_open else [],
    }


def _file(row: DatasetVersion, file: DatasetFile) -> dict[str, Any]:
    entry, base = FORMATS[file.format], settings.PUBLIC_URL.rstrip("/")
    name = entry.file_name(row.dataset)
    return {
        "format": file.format,
        "media_type": entry.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "file_url": base + reverse("reports:data-file", args=[row.dataset, row.number, name]),
        "latest_url": base + reverse("reports:data-latest", args=[row.dataset, name]),
    }
