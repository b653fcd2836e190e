"""File an appeal for an application: what a program sent becomes an appeal of that application."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db import transaction

from appeals import contacts, intake
from appeals.intake import IncomingAppeal, Submitted
from common.one_statement import insert_together
from openapi import uploads
from openapi.authentication import Caller
from openapi.models import FiledAppeal


@dataclass(frozen=True)
class Filing:
    """A checked appeal and the number it has in the other system."""

    incoming: IncomingAppeal
    external_id: str
    uploads: tuple[str, ...] = ()


@transaction.atomic(savepoint=False)  # whoever calls it in a transaction gives that up when this fails
def file_appeal(filing: Filing, caller: Caller) -> Submitted:
    """Store an appeal once for each number of the other system, and remember who filed it."""
    submitted = intake.submit_appeal(filing.incoming, actor=caller.application.owner)
    appeal = submitted.appeal
    if submitted.created:
        insert_together([FiledAppeal(appeal=appeal, application=caller.application, external_id=filing.external_id)])
    if filing.uploads:
        forget = partial(uploads.forget, filing.uploads, application_id=caller.application.pk)
        transaction.on_commit(forget)
    if appeal.is_statutory:
        contacts.send_first_code(appeal.pk)
    return submitted
