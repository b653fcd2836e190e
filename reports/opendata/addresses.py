"""Absolute addresses of what is published: they stand in descriptions that others copy."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def catalogue() -> str:
    return absolute(reverse("reports:data"))


def dataset(slug: str) -> str:
    return absolute(reverse("reports:data-one", args=[slug]))


def file(slug: str, number: int, name: str) -> str:
    return absolute(reverse("reports:data-file", args=[slug, number, name]))


def package(slug: str, number: int) -> str:
    return absolute(reverse("reports:data-file", args=[slug, number, "datapackage.json"]))
