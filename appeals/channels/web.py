"""The web form as a channel: what a resident filled in becomes an IncomingAppeal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from appeals.intake import IncomingAppeal, IncomingApplicant
from appeals.models import Applicant, Category, Channel, Kind, Priority, Regime
from common.files import CheckedFile
from privacy import consents


@dataclass(frozen=True)
class WebFiling:
    """The form, checked. Identity comes with a statutory appeal only; an anonymous request has no contact."""

    token: str
    text: str
    language: str
    answer_language: str
    regime: Regime = Regime.REQUEST
    kind: Kind | None = None
    topic_id: int | None = None
    priority: Priority | None = None
    area_id: int | None = None
    address: str = ""
    point: tuple[Decimal, Decimal] | None = None
    files: Sequence[CheckedFile] = ()
    applicant_type: str = Applicant.Type.INDIVIDUAL
    full_name: str = ""
    phone: str = ""
    email: str = ""
    identifier: str = ""
    postal_address: str = ""
    representative_name: str = ""
    representative_ground: str = ""
    is_confidential: bool = False
    is_complaint: bool = False
    complaint_department_id: int | None = None
    complaint_about: str = ""
    user_id: int | None = None
    contact_confirmed: bool = False
    has_consented: bool = False
    consent_version: str = ""


def parse(filing: WebFiling, *, received_at: datetime) -> IncomingAppeal:
    """The same form sent twice is one appeal; sent again with another text it is another one."""
    latitude, longitude = filing.point or _place_of_photo(filing.files)
    return IncomingAppeal(
        channel=Channel.WEB,
        external_id=f"{filing.token}-{hashlib.sha256(filing.text.encode()).hexdigest()[:16]}",
        text=_text(filing),
        received_at=received_at,
        applicant=IncomingApplicant(
            type=filing.applicant_type,
            full_name=filing.full_name,
            identifier=filing.identifier,
            representative_name=filing.representative_name,
            representative_ground=filing.representative_ground,
            phone=filing.phone,
            email=filing.email,
            postal_address=filing.postal_address,
            user_id=filing.user_id,
            contact_confirmed=filing.contact_confirmed,
        ),
        language="",
        answer_language=filing.answer_language,
        regime=filing.regime,
        kind=Kind.COMPLAINT if filing.is_complaint else filing.kind,
        category=Category.STAFF_COMPLAINT if filing.is_complaint else None,
        topic_id=filing.topic_id,
        priority=filing.priority,
        area_id=filing.area_id,
        address=filing.address,
        latitude=latitude,
        longitude=longitude,
        is_confidential=filing.is_confidential,
        complaint_department_id=filing.complaint_department_id,
        files=filing.files,
        consent=_consent(filing),
    )


def _consent(filing: WebFiling) -> str:
    """Version and language of the words the applicant saw beside the box."""
    if not filing.has_consented:
        return ""
    return f"{consents.version_of(consents.FILING, shown=filing.consent_version)} {filing.language}"


def _text(filing: WebFiling) -> str:
    """Whom the complaint is about has no field of its own: an inspector names the official later."""
    if not filing.complaint_about:
        return filing.text
    with override(filing.answer_language):
        about = _("Complaint about: %(who)s") % {"who": filing.complaint_about}
        return f"{filing.text}\n\n{about}"


def _place_of_photo(files: Sequence[CheckedFile]) -> tuple[Decimal | None, Decimal | None]:
    """Where the first photo was taken, when the resident gave no point himself."""
    place = next((file.place for file in files if file.place), None)
    if place is None:
        return None, None
    return Decimal(str(round(place[0], 5))), Decimal(str(round(place[1], 5)))
