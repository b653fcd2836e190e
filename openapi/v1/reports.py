"""Periodic reports as they were made, for those who may read them; whether a file is genuine, for everybody."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import is_staff_member
from common.errors import NotFound
from common.limits import network_of
from openapi.pagination import NewestFirst
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import MomentField, TextField, ValueField
from openapi.v1.tables import DocumentSerializer, document
from reports.documents.model import FILE_TYPES
from reports.models import PeriodKind, PublishedReport
from reports.periodic import checking, handing_out, mailing, making, rights
from reports.periodic.checking import Found
from reports.periodic.form import Form

VERDICTS = [
    (Found.GENUINE.value, _("a file as the hub made it")),
    (Found.DATA.value, _("the digest of the data of a report")),
    (Found.UNKNOWN.value, _("nothing that the hub made")),
]
FILES = {
    (200, media_type): OpenApiResponse(bytes, "The file, with its own media type and its name.")
    for media_type in FILE_TYPES.values()
}


class ReportFileSerializer(serializers.Serializer[Any]):
    kind = ValueField([(kind, "") for kind in FILE_TYPES], help_text=_("In which format it is."))
    size = serializers.IntegerField(help_text=_("How large it is, in bytes."))
    sha256 = serializers.CharField(help_text=_("The SHA-256 of the content."))


class PublishedReportSerializer(serializers.Serializer[Any]):
    """A version of a report. Nothing in it changes any more."""

    id = serializers.IntegerField(help_text=_("What it is called in further requests."))
    form = serializers.CharField(help_text=_("The form it is of; the word does not change."))
    title = serializers.CharField(help_text=_("In the language of the request."))
    period_kind = ValueField(PeriodKind.choices, help_text=_("How long its period is."))
    since = serializers.DateField(source="starts_on", help_text=_("The first day it is of."))
    until = serializers.DateField(source="ends_on", help_text=_("The last day it is of."))
    language = serializers.CharField(help_text=_("In which language it was made."))
    version = serializers.IntegerField(help_text=_("Which version of the same period it is, counted from 1."))
    made_at = MomentField(help_text=_("When it was made."))
    code = serializers.CharField(help_text=_("The code in its foot."))
    check_url = serializers.CharField(help_text=_("Where everybody can check it; it stands in its foot."))
    data_sha256 = serializers.CharField(help_text=_("The digest of what it says; it stands in its foot."))
    has_contents = serializers.BooleanField(help_text=_("Whether its contents are still kept; digests always are."))
    files = ReportFileSerializer(many=True, help_text=_("Its files with their digests."))


class ReportChangeSerializer(serializers.Serializer[Any]):
    table = serializers.CharField(help_text=_("The title of the table."))
    row = serializers.CharField(help_text=_("The name of the row."))
    column = serializers.CharField(help_text=_("The name of the column."))
    was = serializers.CharField(allow_blank=True, help_text=_("What stood there; empty for nothing."))
    now = serializers.CharField(allow_blank=True, help_text=_("What stands there; empty for nothing."))


class ReportDetailsSerializer(PublishedReportSerializer):
    """With what it says, in the language in which it was made."""

    document = DocumentSerializer(allow_null=True, help_text=_("What it says; null where it is no longer kept."))
    changes = ReportChangeSerializer(many=True, help_text=_("What differs from the version before, 300 at most."))


class ReportsOfFormSerializer(serializers.Serializer[Any]):
    form = TextField(max_length=40, required=False, help_text=_("Only of this form."))
    language = TextField(max_length=2, required=False, help_text=_("Only in this language."))
    since = serializers.DateField(required=False, help_text=_("Only of periods that begin on this day or later."))


class CheckedReportSerializer(serializers.Serializer[Any]):
    """What everybody may know of a report whose digest he has."""

    title = serializers.CharField(help_text=_("In the language of the request."))
    period = serializers.CharField(help_text=_("In words, in the language of the request."))
    language = serializers.CharField(help_text=_("In which language it was made."))
    version = serializers.IntegerField(help_text=_("Which version of the same period it is, counted from 1."))
    newest_version = serializers.IntegerField(help_text=_("The last version of the same period."))
    made_at = MomentField(help_text=_("When it was made."))
    check_url = serializers.CharField(help_text=_("Where everybody can check it; it stands in its foot."))


class DigestVerdictSerializer(serializers.Serializer[Any]):
    verdict = ValueField(VERDICTS, help_text=_("What the digest turned out to be."))
    report = CheckedReportSerializer(allow_null=True, help_text=_("Of which report; null for none."))


class PeriodicReports(Resource):
    tag = "reports"
    scopes = {**dict.fromkeys(("list", "retrieve", "file"), Scope.REPORTS_READ), "check": Scope.STATISTICS_READ}
    open_to_all = frozenset({"check"})
    refusing = frozenset({"check"})
    serializer_class = PublishedReportSerializer
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="list_reports",
        summary="Periodic reports",
        parameters=[ReportsOfFormSerializer],
        responses=PublishedReportSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Every version that was made of the forms that the owner of the key may read."""
        asked, forms = self.asked(ReportsOfFormSerializer), {form.slug: form for form in rights.visible(self.person)}
        rows = PublishedReport.objects.filter(form__in=forms, state=PublishedReport.State.READY)
        wanted = {"form": "form", "language": "language", "since": "starts_on__gte"}
        rows = rows.filter(**{wanted[name]: value for name, value in asked.items()}).defer("data", "changes")
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response([_line(row, forms[row.form]) for row in page])

    @extend_schema(operation_id="read_report", summary="A periodic report", responses=ReportDetailsSerializer)
    def retrieve(self, request: Request, report_id: int) -> Response:
        """What it says, as it was frozen. Reading a register of appeals is recorded."""
        row, form = self._found(report_id)
        handing_out.record(row, form, by=self.person, request=request._request)
        contents = document(row.data) if row.has_contents else None
        return Response(_line(row, form) | {"document": contents, "changes": row.changes})

    @extend_schema(operation_id="download_report", summary="Download a report", responses=FILES)
    def file(self, request: Request, report_id: int, file_kind: str) -> HttpResponseBase:
        """The PDF or the workbook. Taking a register of appeals along is recorded."""
        row, form = self._found(report_id)
        answer = handing_out.file_response(row, file_kind)
        handing_out.record(row, form, by=self.person, request=request._request)
        return answer

    @extend_schema(operation_id="check_report", summary="Is a file genuine?", responses=DigestVerdictSerializer)
    def check(self, request: Request, digest: str) -> Response:
        """Send the SHA-256 that you computed of the file, or the digest from the foot of a paper. The latter proves
        nothing of the paper it stands on: compare the figures. What a register says is told to nobody here.
        """
        checking.count_try(network_of(request._request))
        found = checking.verdict(checking.read_digest(digest), is_of_file=False)
        body = {"verdict": found.found.value, "report": _told(found.report) if found.report else None}
        return Response(DigestVerdictSerializer(body).data)

    def _found(self, report_id: int) -> tuple[PublishedReport, Form]:
        rows = PublishedReport.objects.filter(state=PublishedReport.State.READY)
        row = rows.filter(pk=report_id).first() if is_staff_member(self.person) else None
        form = rights.form_named(row.form) if row else None
        if row is None or form is None or not rights.may_see(self.person, form):
            raise NotFound
        return row, form


def _line(row: PublishedReport, form: Form) -> dict[str, Any]:
    files = [
        {"kind": kind, "size": getattr(row, f"{kind}_size"), "sha256": getattr(row, f"{kind}_sha256")}
        for kind in FILE_TYPES
    ]
    copied = (
        "id", "form", "period_kind", "starts_on", "ends_on", "language", "version", "made_at", "code", "data_sha256",
        "has_contents",
    )  # fmt: skip
    told = {"title": str(form.title), "check_url": making.check_address(row), "files": files}
    return dict(PublishedReportSerializer({name: getattr(row, name) for name in copied} | told).data)


def _told(row: PublishedReport) -> dict[str, Any]:
    form = rights.form_named(row.form)
    newest = making.versions(row).values_list("version", flat=True).first()
    return {
        "title": str(form.title) if form else row.form,
        "period": mailing.period_words(row),
        "language": row.language,
        "version": row.version,
        "newest_version": newest,
        "made_at": row.made_at,
        "check_url": making.check_address(row),
    }
