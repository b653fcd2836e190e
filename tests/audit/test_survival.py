"""The record of harmful software outlives the transaction of the step that brought it."""

from __future__ import annotations

import contextlib

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from audit import sealing
from audit.current import CurrentRequestMiddleware
from audit.digests import digest_of
from audit.models import AuditRecord
from common.malware import malware_found

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_rolled_back", [True, False])
def test_an_infected_upload_is_recorded_once_whatever_becomes_of_its_transaction(
    is_rolled_back: bool, rf: RequestFactory
) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        with contextlib.suppress(RuntimeError), transaction.atomic():
            malware_found.send(sender=object, signature="Eicar", size=68, sha256="0" * 64, subject=None)
            if is_rolled_back:
                raise RuntimeError
        return HttpResponse()

    CurrentRequestMiddleware(view)(rf.post("/appeals/new/"))
    row = AuditRecord.objects.get(action="malware_found")
    assert (row.details["signature"], row.address) == ("Eicar", "127.0.0.1")
    assert row.digest == digest_of(row)
    sealing.seal_all()
    row.refresh_from_db()
    assert row.seq is not None
