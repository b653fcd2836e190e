"""Public pages of the open data: the catalogue, a dataset, its files; no sign-in."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.limits import count, network_of
from reports.models import DatasetFile, DatasetVersion, OpenDataTerms
from reports.opendata import catalogue, graph, making, method, public_item, serving, storage, versions
from reports.opendata.dataset import Dataset, Row, find, listed
from reports.opendata.formats import FORMATS, shown
from reports.opendata.forms import SearchForm
from reports.opendata.packages import package
from reports.opendata.publisher import publisher_names

DOWNLOADS_AN_HOUR = 1200  # programs that read a file in parts ask often
PREVIEW = 10
PACKAGE_NAME = "datapackage.json"
SPELLINGS = {
    "jsonld": (graph.as_json_ld, "application/ld+json"),
    "ttl": (graph.as_turtle, "text/turtle; charset=utf-8"),
}


@dataclass(frozen=True)
class Download:
    """A file as a page shows it. `latest` always leads to the newest version."""

    name: str
    size: int
    sha256: str
    url: str
    latest: str

    @classmethod
    def of(cls, version: DatasetVersion, file: DatasetFile) -> Download:
        name = FORMATS[file.format].file_name(version.dataset)
        return cls(
            FORMATS[file.format].name,
            file.size,
            file.sha256,
            reverse("reports:data-file", args=[version.dataset, version.number, name]),
            reverse("reports:data-latest", args=[version.dataset, name]),
        )


@dataclass(frozen=True)
class Entry:
    dataset: Dataset
    version: DatasetVersion | None
    files: list[Download]


def _downloads(version: DatasetVersion | None) -> list[Download]:
    return [Download.of(version, file) for file in version.files.all()] if version else []


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    newest = versions.newest()
    entries = [
        Entry(dataset, version, _downloads(version))
        for dataset in listed()
        if _fits(dataset, wanted)
        for version in [newest.get(dataset.slug)]
    ]
    context = {
        "entries": entries,
        "wanted": wanted,
        "form": SearchForm(initial={"q": wanted}),
        "terms": making.terms(),
        "publisher": _name(request),
    }
    context["spellings"] = [
        ("JSON-LD", reverse("reports:data-jsonld"), "application/ld+json"),
        ("Turtle", reverse("reports:data-turtle"), "text/turtle"),
    ]
    return render(request, "reports/opendata/index.html", context)


def _fits(dataset: Dataset, wanted: str) -> bool:
    """Every word stands somewhere in what the catalogue says of it, its columns among them."""
    said = [dataset.title, dataset.description, dataset.slug, *dataset.keywords]
    said += [words for column in dataset.fields for words in (column.name, column.title)]
    text = " ".join(str(words) for words in said).casefold()
    return all(word in text for word in wanted.casefold().split())


@require_safe
def one(request: HttpRequest, dataset: str) -> HttpResponse:
    found = _dataset(dataset)
    history = versions.of(found.slug)
    version = next((row for row in history if row.is_open), None)
    context = {
        "dataset": found,
        "version": version,
        "files": _downloads(version),
        "history": [(row, sum(file.size for file in row.files.all())) for row in history],
        "preview": _preview(found, version),
        "counted": method.counted(version) if version else [],
        "steps": method.steps(version) if version else [],
        "terms": making.terms(),
        "publisher": _name(request),
        "item": public_item.item_of(found.slug, version.number) if version else "",
        "kind": public_item.KIND,
    }
    return render(request, "reports/opendata/one.html", context)


def _name(request: HttpRequest) -> str:
    return publisher_names()[request.LANGUAGE_CODE[:2]]


def _preview(dataset: Dataset, version: DatasetVersion | None) -> list[list[object]]:
    """The first rows, cell by cell in the order of the columns."""
    if version is None or version.schema_hash != dataset.schema_hash:
        return []
    try:
        rows: list[Row] = list(storage.rows_of(version, PREVIEW))
    except FileNotFoundError:  # being pruned
        return []
    return [[shown(row.get(column.name)) for column in dataset.fields] for row in rows]


def _dataset(slug: str) -> Dataset:
    found = find(slug)
    if found is None:
        raise Http404
    return found


@require_safe
def latest(request: HttpRequest, dataset: str, file_name: str) -> HttpResponseBase:
    """An address that stays: it leads to the file of the newest version."""
    version = versions.newest_of(_dataset(dataset).slug)
    if version is None:
        raise Http404
    response = redirect("reports:data-file", dataset, version.number, file_name)
    response.headers["Cache-Control"] = "no-cache"
    return serving.open_to_all(response)


@require_safe
def file(request: HttpRequest, dataset: str, version: int, file_name: str) -> HttpResponseBase:
    """A file of a version; what was withheld or has grown too old is gone, and the page of the dataset says why."""
    found = versions.find(_dataset(dataset).slug, version)
    if found is None:
        raise Http404
    if not found.is_open:
        return render(request, "reports/opendata/gone.html", {"version": found, "dataset": find(dataset)}, status=410)
    count("open_data", network_of(request), limit=DOWNLOADS_AN_HOUR, seconds=3600)
    if file_name == PACKAGE_NAME:
        return _package(found, making.terms())
    kept = versions.file_of(found, file_name)
    if kept is None:
        raise Http404
    return serving.serve(request, kept)


def _package(version: DatasetVersion, terms: OpenDataTerms) -> HttpResponseBase:
    text = json.dumps(package(_dataset(version.dataset), version, terms), ensure_ascii=False, indent=1)
    return serving.open_to_all(HttpResponse(text, content_type="application/json"))


@require_safe
def described(request: HttpRequest, spelling: str) -> HttpResponseBase:
    """The catalogue for portals: DCAT-AP as JSON-LD or Turtle."""
    if spelling not in SPELLINGS:
        raise Http404
    write, media_type = SPELLINGS[spelling]
    newest = versions.newest()
    found = [(dataset, newest[dataset.slug]) for dataset in listed() if dataset.slug in newest]
    text = write(catalogue.graph(found, making.terms(), begun=versions.begun_at()))
    return serving.open_to_all(HttpResponse(text, content_type=media_type))
