"""Report a request, find out its number by a token, read what everybody may read about requests."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.models import Appeal, Topic
from appeals.selectors import public
from common.errors import NotFound, ValidationFailed
from common.files import CheckedFile, read_uploads
from common.reference_numbers import parse_number
from openapi import filing, idempotency, uploads
from openapi.open311 import media, repeats, report, search
from openapi.open311.attributes import call_first
from openapi.open311.base import Facade
from openapi.open311.forms import sent, word
from openapi.open311.shapes import as_request
from openapi.open311.topics import service
from openapi.open311.trees import Tree
from openapi.scopes import Scope
from openapi.v1.filing import FilingSerializer
from ui import dates

ROOT = "service_requests"
BUSY_SECONDS = 2


@dataclass(frozen=True)
class Files:
    """What comes with a report; `is_missing` says that the one at media_url could not be had."""

    checked: tuple[CheckedFile, ...]
    is_missing: bool


class Requests(Facade):
    open_to_all = frozenset({"list", "retrieve"})
    scopes = {"create": Scope.APPEALS_FILE}

    def list(self, request: Request, form: str) -> Response:
        """The public list, newest first: 90 days and 1000 rows unless asked otherwise."""
        found = search.rows(search.read(request.query_params))
        return Response(Tree(ROOT, [as_request(row) for row in found]))

    def retrieve(self, request: Request, number: str, form: str) -> Response:
        parsed = parse_number(number)
        row = public.public_row(str(parsed)) if parsed else None
        if row is None:
            raise NotFound(_("There is no request with this service_request_id in the public list."))
        return Response(Tree(ROOT, [as_request(row)]))

    def create(self, request: Request, form: str) -> Response:
        """File it and give the number at once; the same report again gets the same answer."""
        topic = service(_service_code(request))
        form_data = sent(request)
        fields = report.checked(form_data)
        body = report.as_filing(fields, report.attributes(form_data, topic), topic, self.caller)
        photos = report.files(form_data)
        token = repeats.token_of(self.caller, form_data)
        answer = repeats.told_before(token)
        if answer is None:
            files = self._files(photos, fields["media_url"])  # before the transaction: another server may be slow
            answer = repeats.once(self.caller, token, lambda: self._file(body, files, topic))
        if answer.body is None:
            waiting = {"token": token, "service_notice": _("It is being filed. Ask for the number with the token.")}
            return Response(Tree(ROOT, [waiting]), headers={"Retry-After": str(BUSY_SECONDS)})
        headers = {idempotency.REPLAYED: "true"} if answer.is_repeat else {}
        return Response(Tree(ROOT, [answer.body]), headers=headers)

    def _files(self, photos: Sequence[UploadedFile[Any]], url: str) -> Files:
        found = read_uploads(photos, field="media")
        fetched = media.fetched(url, application_id=self.caller.application.pk) if url else None
        return Files((*found, fetched) if fetched else found, is_missing=bool(url) and fetched is None)

    def _file(self, body: dict[str, Any], files: Files, topic: Topic) -> dict[str, Any]:
        """Through the filing of the API, with a number that no other report has."""
        application_id = self.caller.application.pk
        ids = [uploads.keep(file, application_id=application_id)[0] for file in files.checked]
        filled = FilingSerializer(data=body | {"uploads": ids})
        filled.is_valid(raise_exception=True)
        checked = filled.filing(self.caller, f"open311:{uuid.uuid4().hex}")
        appeal = filing.file_appeal(checked, self.caller).appeal
        return {
            "service_request_id": appeal.number,
            "service_notice": self._notice(appeal, topic, files),
            "account_id": None,
        }

    def _notice(self, appeal: Appeal, topic: Topic, files: Files) -> str:
        """What the one who reported must know; the code is told here and nowhere else."""
        told = _(
            "Follow it at %(url)s with the number %(number)s and the secret code %(code)s. Answer due by %(date)s."
        )
        values = {
            "url": self.request.build_absolute_uri(reverse("appeals:track")),
            "number": appeal.number,
            "code": appeal.tracking_code,
            "date": dates.long_datetime(appeal.due_at),
        }
        first = call_first(topic) if topic.hand_over_to else ""
        last = _("The file at media_url could not be taken. Send it as media.") if files.is_missing else ""
        return " ".join(filter(None, (first, told % values, last)))


class Tokens(Facade):
    open_to_all = frozenset({"retrieve"})

    def retrieve(self, request: Request, token: str, form: str) -> Response:
        """The number of a report that was still being filed when its repeat came."""
        is_under_way = repeats.is_under_way(token)  # asked first: what ends in between is found by its number
        number = repeats.number_of(token)
        if number is None and is_under_way:
            raise NotFound(_("The report is still being filed. Ask again in a few seconds."))
        if number is None:
            raise NotFound(
                _("The token is not known, or its report could not be filed. Send the report again: it is filed once.")
            )
        return Response(Tree(ROOT, [{"service_request_id": number, "token": token}]))


def _service_code(request: Request) -> str:
    given = word(request, "service_code")
    if not given.strip():
        raise ValidationFailed(_("Say which service it is: service_code."), field="service_code")
    return given.strip()
