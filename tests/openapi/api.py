"""Callers of the open API for tests: an application with a key, and a client that speaks like a program."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client

from accounts.models import User
from openapi import keys
from openapi.models import Application
from openapi.models.applications import Environment, State
from openapi.scopes import Scope
from tests.factories import make_user

FILING = {"text": "Көшемізде үш күннен бері су жоқ, құбыр жарылған.", "applicant": {"phone": "+7 701 000 00 00"}}


def make_application(owner: User | None = None, *scopes: Scope, **values: Any) -> Application:
    defaults = {
        "name": "Aikey",
        "purpose": "Sends what citizens told the contact centre.",
        "environment": Environment.LIVE,
        "scopes": [scope.value for scope in scopes or Scope],
        "state": State.APPROVED,
        "files_for_others": True,
    }
    return Application.objects.create(owner=owner or make_user(), **{**defaults, **values})


class Program:
    """A program with a key: every call is an independent request."""

    def __init__(self, application: Application, *, language: str = "en") -> None:
        self.application = application
        self.new = keys.issue(application, by=application.owner)
        self.key = self.new.key
        self.client = Client(raise_request_exception=False, headers={"Accept-Language": language})

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, *, key: str | None = "", **headers: str) -> Any:
        """`key` is the Idempotency-Key: a new one when left out, none when None."""
        if key is not None:
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        return self.client.post(
            f"/api/v1/{path}", body, content_type="application/json", headers=self._headers(headers)
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.key}"} | named


def make_program(owner: User | None = None, *scopes: Scope, **values: Any) -> Program:
    return Program(make_application(owner, *scopes, **values))
