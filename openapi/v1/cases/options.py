"""What can be chosen on a case: people, ready texts, incidents, grounds, the unit that the rules suggest."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.rights import Action
from appeals import closing, policies, reply_templates, routing, timers
from appeals.models import Appeal, ReplyTemplate
from appeals.selectors import case as case_rows
from appeals.selectors import dispatch, names
from appeals.views.staff.case.actions import ACTIONS, Viewer
from common.errors import Conflict, NotFound, ValidationFailed
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.cases.base import CaseResource, CaseSerializer, PersonSerializer
from openapi.v1.fields import KeyField


class TemplateSerializer(serializers.Serializer[ReplyTemplate]):
    """A ready text. `text` has its places filled as far as the case knows them; open ones stay in braces."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    outcome = serializers.CharField()
    language = serializers.CharField()
    text = serializers.CharField()


class GroundSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()


class OpenIncidentSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    opened_at = serializers.DateTimeField()
    topic = KeyField(names.topics, source="topic_id", allow_null=True)
    area = KeyField(names.areas, source="area_id", allow_null=True)


class SuggestionSerializer(serializers.Serializer[Any]):
    """The unit of the routing rule that fits; `is_external` means that the appeal would be forwarded to it."""

    department = serializers.CharField()
    is_external = serializers.BooleanField()


class OptionsSerializer(serializers.Serializer[Any]):
    """A list is empty where the caller may not do that to the case."""

    actions = serializers.ListField(child=serializers.CharField())
    people = PersonSerializer(many=True)
    colleagues = PersonSerializer(many=True)
    templates = TemplateSerializer(many=True)
    closing_grounds = GroundSerializer(many=True)
    extension_until = serializers.DateTimeField(allow_null=True)
    suggestion = SuggestionSerializer(allow_null=True)
    incidents = OpenIncidentSerializer(many=True)
    other_appeals = serializers.ListField(child=serializers.CharField())


class Options(CaseResource):
    scopes = {"retrieve": Scope.CASES_READ, "accept": Scope.CASES_ROUTE}

    @extend_schema(operation_id="list_case_options", summary="What can be chosen", responses=OptionsSerializer)
    def retrieve(self, request: Request, number: str) -> Response:
        """The choices that the forms of the case page offer, each as far as the caller may use it."""
        appeal = self.open(number)
        viewer = Viewer(self.person, policies.actions_on(self.person, appeal))
        found = case_rows.case_of(appeal, self.person)
        lines = [line.key for line in ACTIONS if viewer.may(line.right, *line.also) and line.shown(found, viewer)]
        body = {"actions": lines} | _of_work(appeal, viewer) | _of_route(appeal, viewer)
        return Response(OptionsSerializer(body).data)

    @extend_schema(
        operation_id="accept_suggestion",
        summary="Give to the suggested unit",
        request=None,
        responses=CaseSerializer,
    )
    @idempotency.once
    def accept(self, request: Request, number: str) -> Response:
        """The unit of the rule; refused when it was given to another one meanwhile or the body is outside the hub."""
        appeal = self.open(number, Action.ROUTE)
        rule = appeal.suggested_rule
        if rule is None:
            raise NotFound
        if rule.department.is_external:
            raise ValidationFailed(_("This body is outside the hub: forward the appeal to it."), code="external")
        if appeal.department_id and appeal.department_id != rule.department_id:
            raise Conflict(_("The appeal has been given to a unit already. Look at it again."))
        routing.assign_unit(appeal.pk, department=rule.department, actor=self.person)
        return self.answer(appeal.pk)


def _of_work(appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
    unit = appeal.department
    works = viewer.may(Action.WORK)
    return {
        "people": _people(case_rows.people_of(appeal.department_id), appeal) if viewer.may(Action.ASSIGN) else [],
        "colleagues": _people(case_rows.colleagues_of(unit.organization_id), appeal) if works and unit else [],
        "templates": [_template(appeal, row) for row in reply_templates.fitting(appeal)] if works else [],
        "closing_grounds": [
            {"key": ground.key, "name": str(ground.label)} for ground in closing.grounds_for(appeal)
        ] if viewer.may(Action.REPLY) else [],
        "extension_until": timers.latest_extension(appeal) if viewer.may(Action.WORK, Action.EXTEND) else None,
    }  # fmt: skip


def _of_route(appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
    if not viewer.may(Action.ROUTE):
        return {"suggestion": None, "incidents": [], "other_appeals": []}
    rule = appeal.suggested_rule
    unit = rule.department if rule else None
    others = policies.visible_to(viewer.user).filter(pk__in=[row.pk for row in dispatch.other_open_appeals(appeal)])
    return {
        "suggestion": {"department": unit.slug, "is_external": unit.is_external} if unit else None,
        "incidents": dispatch.incidents_for(appeal),
        "other_appeals": list(others.values_list("number", flat=True)),
    }


def _people(rows: list[User], appeal: Appeal) -> list[dict[str, Any]]:
    return [{"id": row.pk, "name": str(row)} for row in rows if row.pk != appeal.executor_id]


def _template(appeal: Appeal, row: ReplyTemplate) -> dict[str, Any]:
    values = reply_templates.values_of(appeal, language=row.language)
    same = {name: getattr(row, name) for name in ("id", "title", "outcome", "language")}
    return same | {"text": reply_templates.fill(row.body, values)}
