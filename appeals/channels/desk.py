"""The desk as a channel: what an operator or the front office typed becomes an IncomingAppeal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from appeals.intake import IncomingAppeal, IncomingApplicant
from appeals.models import Applicant, Category, Channel, Kind, Priority, Regime

CALLS = (Channel.CALL109, Channel.CALL1310)
DESKS = (*CALLS, Channel.FRONT_OFFICE, Channel.RECEPTION, Channel.POST)


@dataclass(frozen=True)
class DeskFiling:
    """The desk's form, checked."""

    token: str
    channel: Channel
    text: str
    received_at: datetime
    answer_language: str
    regime: Regime = Regime.REQUEST
    kind: Kind | None = None
    category: Category | None = None
    topic_id: int | None = None
    priority: Priority | None = None
    area_id: int | None = None
    address: str = ""
    applicant_type: str = Applicant.Type.INDIVIDUAL
    full_name: str = ""
    phone: str = ""
    email: str = ""
    identifier: str = ""
    postal_address: str = ""
    representative_name: str = ""
    representative_ground: str = ""
    is_confidential: bool = False
    complaint_department_id: int | None = None


def parse(filing: DeskFiling) -> IncomingAppeal:
    """The operator has spoken with the applicant or seen his document, so the contact counts as confirmed.

    The same form sent twice is one appeal. Gone back to and filled in for the next caller, it is another one.
    """
    content = "\x00".join((filing.phone, filing.full_name, filing.text))
    named = bool(filing.full_name or filing.phone or filing.email or filing.identifier)
    return IncomingAppeal(
        channel=filing.channel,
        external_id=f"desk-{filing.token}-{hashlib.sha256(content.encode()).hexdigest()[:16]}",
        text=filing.text,
        received_at=filing.received_at,
        applicant=IncomingApplicant(
            type=filing.applicant_type if named else Applicant.Type.ANONYMOUS,
            full_name=filing.full_name,
            identifier=filing.identifier,
            representative_name=filing.representative_name,
            representative_ground=filing.representative_ground,
            phone=filing.phone,
            email=filing.email,
            postal_address=filing.postal_address,
            contact_confirmed=named,
        ),
        answer_language=filing.answer_language,
        regime=filing.regime,
        kind=filing.kind,
        category=filing.category,
        topic_id=filing.topic_id,
        priority=filing.priority,
        area_id=filing.area_id,
        address=filing.address,
        is_confidential=filing.is_confidential,
        complaint_department_id=filing.complaint_department_id,
    )
