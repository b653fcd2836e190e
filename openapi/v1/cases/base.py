"""Open a case for a program, as the case page opens it for a person, and answer with its present state."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from appeals import policies
from appeals.models import Appeal, Priority
from appeals.selectors import case as case_rows
from appeals.selectors import names
from audit import trail
from audit.actions import Action as Recorded
from common.errors import NotAllowed, NotFound
from openapi import preconditions
from openapi.v1.base import Resource
from openapi.v1.fields import KeyField, TextField, ValueField
from openapi.v1.shape import Shape
from openapi.v1.shapes import AppealSerializer

Handler = TypeVar("Handler", bound=Callable[..., Response])


class PersonSerializer(Shape[Any]):
    """A member of the staff."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class CaseSerializer(AppealSerializer):
    """An appeal as the staff see it; the applicant stands behind `identity`, which records who looked."""

    priority = ValueField(Priority.choices)
    executor = serializers.SerializerMethodField()
    is_disputed = serializers.BooleanField()
    has_unread_message = serializers.BooleanField()
    complaint_department = KeyField(names.departments, source="complaint_department_id", allow_null=True)
    rights = serializers.SerializerMethodField()

    @extend_schema_field(PersonSerializer(allow_null=True))
    def get_executor(self, appeal: Appeal) -> dict[str, Any] | None:
        """Who has it."""
        colleague = names.colleagues().get(appeal.executor_id or 0)
        return {"id": colleague.id, "name": colleague.name} if colleague else None

    def get_rights(self, appeal: Appeal) -> list[str]:
        """What the caller may do with it."""
        found: dict[int, frozenset[Action]] = self.context.get("rights", {})
        return sorted(right.value for right in found.get(appeal.pk, ()))


class ReasonSerializer(Shape[Any]):
    reason = TextField(max_length=2000)


def versioned(handler: Handler) -> Handler:
    """The change is based on a version that was read: `If-Match` names it, `self.seen` is the number, None for any."""

    @functools.wraps(handler)
    def wrapped(view: CaseResource, request: Request, *args: Any, **kwargs: Any) -> Response:
        view.seen = preconditions.version_of(request)
        return handler(view, request, *args, **kwargs)

    cast(Any, wrapped).needs_version = True
    return cast(Handler, wrapped)


class CaseResource(Resource):
    """Operations on one case."""

    tag = "cases"
    serializer_class = CaseSerializer
    seen: int | None = None

    def open(self, number: str, *rights: Action) -> Appeal:
        """The appeal, if the caller may see it and has one of the rights. What he may not see does not exist."""
        appeal = case_rows.appeal_by_number(number)
        held = policies.actions_on(self.person, appeal) if appeal else frozenset()
        if appeal is None or Action.SEE not in held:
            raise NotFound
        if rights and held.isdisjoint(rights):
            raise NotAllowed
        if appeal.is_confidential:
            trail.record(
                actor=self.person,
                action=Recorded.VIEWED_RESTRICTED,
                subject_ref=f"appeal:{appeal.number}",
                request=self.request._request,
            )
        return appeal

    def checked(self, kind: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The body, valid."""
        sent = kind(data=self.request.data)
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def answer(self, appeal_id: int, *, status: int = 200) -> Response:
        """The case as it is now, with its version."""
        return self.shown(Appeal.objects.select_related("applicant").defer("search").get(pk=appeal_id), status=status)

    def shown(self, appeal: Appeal, *, status: int = 200) -> Response:
        """The case with its version and what the caller may do with it."""
        context = {"request": self.request, "rights": {appeal.pk: policies.actions_on(self.person, appeal)}}
        headers = {"ETag": preconditions.etag(appeal.history_seq)}
        return Response(CaseSerializer(appeal, context=context).data, status=status, headers=headers)
