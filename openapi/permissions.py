"""What a caller may do: each operation names its scope, and what names none is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from openapi import scopes
from openapi.authentication import Caller
from openapi.scopes import Scope

if TYPE_CHECKING:  # the framework reads this module while it loads its views
    from rest_framework.views import APIView


class ScopePermission(BasePermission):
    """The key must have the scope of the operation, and the key's owner a right that the scope needs.

    Steps and policies below decide about single appeals; this is the door.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        wanted = scope_of(view, request.method or "")
        if not isinstance(request.auth, Caller):
            if is_open(view):
                return True
            raise NotAuthenticated
        if wanted is None and not hasattr(view, (request.method or "").lower()):
            raise MethodNotAllowed(request.method or "")
        if wanted is None:
            raise PermissionDenied(_("This operation is open to nobody."), code="closed")
        if wanted not in request.auth.scopes:
            message = _("The key lacks the scope %(scope)s.") % {"scope": wanted.value}
            raise PermissionDenied(message, code="scope_missing")
        if not scopes.is_open_to(request.user, wanted):
            raise PermissionDenied(_("The owner of the key has no right to do this."), code="not_allowed")
        return True


def is_open(view: APIView) -> bool:
    """Whether the operation needs no key. One that is sent needs the scope all the same."""
    return getattr(view, "action", None) in getattr(view, "open_to_all", ())


def scope_of(view: APIView, method: str) -> Scope | None:
    """The scope of an operation: by the name of the action in viewsets, by the method elsewhere."""
    table: dict[str, Scope] = getattr(view, "scopes", {})
    return table.get(getattr(view, "action", None) or "") or table.get(method.lower())
