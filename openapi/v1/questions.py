"""Questions of the report builder that were kept: which there are, and their answers of today."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import has_right
from accounts.rights import Action
from audit import trail
from audit.models import AuditRecord
from common.errors import NotAllowed, ValidationFailed
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import MomentField
from openapi.v1.statistics.answers import StatisticsPeriodSerializer
from openapi.v1.tables import DocumentTableSerializer, table
from reports.builder import answering, saving
from reports.builder.question import Question, QuestionForm
from reports.models import SavedQuestion

MOST_SHARED = 200


class SavedQuestionSerializer(serializers.Serializer[Any]):
    """A question under a name. The answer is always of today."""

    id = serializers.IntegerField(help_text=gettext_lazy("What it is called in further requests."))
    name = serializers.CharField(help_text=gettext_lazy("The name under which it was kept."))
    owner = serializers.CharField(help_text=gettext_lazy("Who kept it."))
    is_own = serializers.BooleanField(help_text=gettext_lazy("Whether it is of the owner of the key."))
    is_shared = serializers.BooleanField(help_text=gettext_lazy("Whether colleagues see it."))
    query = serializers.CharField(help_text=gettext_lazy("The question as it stands in the address of the builder."))
    changed_at = MomentField(help_text=gettext_lazy("When it was changed last."))


class QuestionAnswerSerializer(serializers.Serializer[Any]):
    """The table that the page of the builder shows."""

    question = SavedQuestionSerializer(help_text=gettext_lazy("What was asked."))
    asked = StatisticsPeriodSerializer(help_text=gettext_lazy("The days that were asked for."))
    counted = StatisticsPeriodSerializer(
        help_text=gettext_lazy("The days that the answer is about, widened where it must be.")
    )
    table = DocumentTableSerializer(help_text=gettext_lazy("The answer."))


class SavedQuestions(Resource):
    tag = "reports"
    scopes = dict.fromkeys(("list", "answer"), Scope.REPORTS_READ)
    refusing = frozenset({"answer"})
    serializer_class = SavedQuestionSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_questions",
        summary="Saved questions",
        responses=SavedQuestionSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """For those who oversee: one's own by name, then shared ones of colleagues, the newest first; 200 at most."""
        self._require()
        rows = [*saving.own(self.person).select_related("owner"), *saving.shared_with(self.person)[:MOST_SHARED]]
        return Response([self._line(row) for row in rows])

    @extend_schema(
        operation_id="answer_saved_question", summary="Answer a saved question", responses=QuestionAnswerSerializer
    )
    def answer(self, request: Request, question_id: int) -> Response:
        """With the figures of today, up to 20,000 cells. Taking the table along is recorded, as a download is."""
        self._require()
        row = saving.visible(self.person, question_id)
        question = _question(row)
        found = answering.answer(question)
        trail.record(
            action=AuditRecord.Action.EXPORTED, actor=self.person, subject_ref="report_builder",
            fields=list(question.measures), reason=question.query[:500], request=request._request,
        )  # fmt: skip
        body = {
            "question": self._line(row),
            "asked": {"since": question.period.start.isoformat(), "until": question.period.end.isoformat()},
            "counted": {"since": question.asked.start.isoformat(), "until": question.asked.end.isoformat()},
            "table": table(asdict(found.table)),
        }
        return Response(body)

    def _require(self) -> None:
        if not has_right(self.person, Action.OVERSEE):
            raise NotAllowed

    def _line(self, row: SavedQuestion) -> dict[str, Any]:
        shown = {name: getattr(row, name) for name in ("id", "name", "is_shared", "query", "changed_at")}
        shown |= {"owner": str(row.owner), "is_own": row.owner_id == self.person.pk}
        return dict(SavedQuestionSerializer(shown).data)


def _question(row: SavedQuestion) -> Question:
    """As it was kept; what it names may be gone since."""
    form = QuestionForm(QueryDict(row.query))
    if not form.is_valid():
        raise ValidationFailed(
            _("This question cannot be answered any more: mend it in the report builder."), code="question_outdated"
        )
    return form.question()
