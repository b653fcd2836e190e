"""What every operation shares: how it is entered, what its answer carries."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from openapi import deprecation, throttling, usage
from openapi.authentication import Caller
from openapi.sandbox import worlds
from openapi.scopes import Scope


class Resource(GenericViewSet[Any]):
    """The operations on one kind of thing. `scopes` names the scope of each action; what it does not name is closed.

    Those that `open_to_all` names need no key either: who comes without one is counted by network. `refusing` names
    those that only read, ask for nothing behind the question mark, and may break a rule all the same (422).
    """

    scopes: ClassVar[dict[str, Scope]] = {}
    open_to_all: ClassVar[frozenset[str]] = frozenset()
    refusing: ClassVar[frozenset[str]] = frozenset()
    throttle_classes = [throttling.ApplicationThrottle, throttling.VisitorThrottle]
    tag: ClassVar[str] = ""

    @cached_property
    def caller(self) -> Caller:
        """Who calls; only for use in actions, which nobody enters without a key."""
        found = self.request.auth
        assert isinstance(found, Caller)
        return found

    @cached_property
    def person(self) -> User:
        """In whose name: the owner of the application, or the invented person of a sandbox."""
        person = self.request.user
        assert isinstance(person, User)
        return person

    def sent(self, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The body of the request, as the shape reads it."""
        return _read(shape, self.request.data)

    def asked(self, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """What the address asks for behind the question mark, as the shape reads it."""
        return _read(shape, self.request.query_params.dict())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        usage.begin(request)
        with ExitStack() as self._entered:
            answer = super().dispatch(request, *args, **kwargs)
        usage.note(request, answer, getattr(self.request, "auth", None) if hasattr(self.request, "_auth") else None)
        return answer

    def perform_authentication(self, request: Request) -> None:
        """A key of the sandbox leads into the sandbox of its owner, before anything is asked or done."""
        super().perform_authentication(request)
        caller = request.auth
        if isinstance(caller, Caller) and caller.application.is_sandbox:
            inside = self._entered.enter_context(worlds.entered(caller.application))
            request.user, request.auth = inside.person, replace(caller, application=inside.application)

    def check_permissions(self, request: Request) -> None:
        """Counted before anything is refused: a call that is not allowed costs the hub as much as another one."""
        super().check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        """Done by then."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        found = super().finalize_response(request, response, *args, **kwargs)
        throttling.add_headers(request, found)
        if going := deprecation.of(getattr(self, self.action or "", None)):
            for name, value in deprecation.headers(going).items():
                found.headers[name] = value
        return found


def _read(shape: type[serializers.Serializer[Any]], given: Any) -> dict[str, Any]:
    found = shape(data=given)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)
