"""Everything the case page tells: history, conversation, answers, clocks, questions, links, who works on it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from appeals import policies
from appeals.models import AppealLink, Assignment, Incident, Question, Reply, Timer
from appeals.selectors import case as case_rows
from appeals.selectors import names
from appeals.selectors.case import Case
from appeals.views import term_views
from appeals.views.staff.case import story as history
from openapi.scopes import Scope
from openapi.v1.cases.base import CaseResource, PersonSerializer
from openapi.v1.fields import KeyField
from openapi.v1.files import CaseFileSerializer


class CaseStepSerializer(serializers.Serializer[Any]):
    """A step of the history in the caller's language; `is_whole` says that it fits the chain of hashes."""

    seq = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    text = serializers.CharField()
    proof = serializers.CharField()
    is_whole = serializers.BooleanField()


class CaseMessageSerializer(serializers.Serializer[Any]):
    """A message; `in` is from the applicant."""

    id = serializers.IntegerField()
    direction = serializers.CharField()
    channel = serializers.CharField()
    author = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class CaseNoteSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    author = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class SentReplySerializer(serializers.Serializer[Reply]):
    """An answer that went out, and how it was judged."""

    id = serializers.IntegerField()
    outcome = serializers.CharField()
    text = serializers.CharField()
    measures = serializers.CharField()
    language = serializers.CharField()
    is_interim = serializers.BooleanField()
    sent_at = serializers.DateTimeField()
    author = serializers.CharField()
    department = KeyField(names.departments, source="department_id", allow_null=True)
    verdict = serializers.CharField(allow_blank=True)
    rating = serializers.IntegerField(allow_null=True)


class CasePauseSerializer(serializers.Serializer[Any]):
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class CaseClockSerializer(serializers.Serializer[Timer]):
    """A clock: `state` is open, soon, today, overdue, paused, met or missed."""

    code = serializers.CharField()
    state = serializers.CharField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    target_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    extended_until = serializers.DateTimeField(allow_null=True)
    pauses = CasePauseSerializer(many=True)


class CaseQuestionSerializer(serializers.Serializer[Question]):
    """One of several questions in an appeal."""

    id = serializers.IntegerField()
    position = serializers.IntegerField()
    text = serializers.CharField()
    department = KeyField(names.departments, source="department_id", allow_null=True)
    forwarded_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()


class CaseLinkSerializer(serializers.Serializer[AppealLink]):
    """`number` is the appeal that was linked, `other` the one it was linked to."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    number = serializers.CharField(source="source.number")
    other = serializers.CharField(source="target.number")


class CaseProposalSerializer(serializers.Serializer[Any]):
    """An extension that waits for the head's decision."""

    id = serializers.IntegerField()
    until = serializers.DateTimeField()
    ground = serializers.CharField()
    proposed_by = serializers.CharField()


class CaseIncidentSerializer(serializers.Serializer[Incident]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class CaseStorySerializer(serializers.Serializer[Any]):
    """The parts of the case page. `history` runs from the newest back and is complete unless `is_cut`."""

    history = CaseStepSerializer(many=True)
    is_cut = serializers.BooleanField()
    messages = CaseMessageSerializer(many=True)
    notes = CaseNoteSerializer(many=True)
    replies = SentReplySerializer(many=True)
    files = CaseFileSerializer(many=True)
    clocks = CaseClockSerializer(many=True)
    questions = CaseQuestionSerializer(many=True)
    links = CaseLinkSerializer(many=True)
    incident = CaseIncidentSerializer(allow_null=True)
    co_executors = PersonSerializer(many=True)
    extension_proposal = CaseProposalSerializer(allow_null=True)
    earlier = serializers.ListField(child=serializers.CharField())


class CaseStory(CaseResource):
    scopes = {"retrieve": Scope.CASES_READ}

    @extend_schema(
        operation_id="read_case_story", summary="History, conversation, clocks", responses=CaseStorySerializer
    )
    def retrieve(self, request: Request, number: str) -> Response:
        """What the case page shows beside the case itself. Internal notes are shown to those who work on cases or
        oversee them."""
        appeal = self.open(number)
        found = case_rows.case_of(appeal, self.person)
        rights = policies.actions_on(self.person, appeal)
        sees_notes = not rights.isdisjoint((Action.WORK, Action.OVERSEE))
        body = {
            "history": _history(found, self.person),
            "is_cut": found.is_cut,
            "messages": [_said(found, row) for row in found.messages],
            "notes": [_noted(found, row) for row in found.notes] if sees_notes else [],
            "replies": [_replied(found, row) for row in found.sent],
            "files": found.files,
            "clocks": [_clock(row) for row in found.timers],
            "questions": found.questions,
            "links": found.links,
            "incident": appeal.incident,
            "co_executors": _co_executors(found),
            "extension_proposal": _proposal(found),
            "earlier": [row.number for row in found.earlier],
        }
        return Response(CaseStorySerializer(body).data)


def _history(found: Case, person: Any) -> list[dict[str, Any]]:
    kinds = {event.seq: event.kind for event in found.events}
    items = history.history_of(found, person).items
    shown = ("seq", "title", "at", "actor", "text", "proof", "is_whole")
    return [{name: getattr(item, name) for name in shown} | {"kind": kinds[item.seq]} for item in items]


def _said(found: Case, row: Any) -> dict[str, Any]:
    shown = ("id", "direction", "channel", "text", "at")
    return {name: getattr(row, name) for name in shown} | {"author": found.name(row.author_id)}


def _noted(found: Case, row: Any) -> dict[str, Any]:
    return {"id": row.pk, "author": found.name(row.author_id), "text": row.text, "at": row.at}


def _replied(found: Case, row: Reply) -> dict[str, Any]:
    shown = ("id", "outcome", "text", "measures", "language", "is_interim", "sent_at", "department_id")
    judged = getattr(row, "feedback", None)
    more = {"verdict": judged.verdict if judged else "", "rating": judged.rating if judged else None}
    return {name: getattr(row, name) for name in shown} | more | {"author": found.name(row.author_id)}


def _clock(row: Timer) -> dict[str, Any]:
    shown = ("code", "started_at", "due_at", "target_at", "stopped_at", "extended_until")
    state = term_views.view_of(row, timezone.now()).state
    return {name: getattr(row, name) for name in shown} | {"state": state, "pauses": list(row.pauses.all())}


def _co_executors(found: Case) -> list[dict[str, Any]]:
    rows = (row for row in found.assignments if row.part == Assignment.Part.CO_EXECUTOR and row.ended_at is None)
    return [{"id": row.user_id, "name": found.name(row.user_id)} for row in rows if row.user_id and not row.question_id]


def _proposal(found: Case) -> dict[str, Any] | None:
    row = found.proposal
    if row is None:
        return None
    return {"id": row.pk, "until": row.until, "ground": row.ground, "proposed_by": found.name(row.proposed_by_id)}
