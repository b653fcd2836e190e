"""Celery entry points: each takes ids and calls one step."""

from __future__ import annotations
