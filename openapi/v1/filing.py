"""The body of a filing: what a program sends, checked like the form of a resident."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User
from appeals import intake
from appeals.intake import IncomingAppeal, IncomingApplicant
from appeals.models import Applicant, Channel, Kind, Regime
from appeals.selectors import names
from common.errors import DomainError, ValidationFailed
from common.identifiers import check_bin, check_iin
from common.phones import normalise_phone
from openapi import uploads
from openapi.authentication import Caller
from openapi.filing import Filing
from openapi.v1.fields import FlagField, KeyField, PointField, TextField
from openapi.v1.shape import Shape
from signin import contacts as account_contacts

EXTERNAL_ID = RegexValidator("^[!-~]*$", _("Use up to 100 visible ASCII signs without spaces."))
LONGEST_DELAY = timedelta(days=7)  # between the other system and the hub; the terms run from the first moment


class ApplicantSerializer(Shape[Any]):
    """Whose appeal it is. A service request needs no more than a phone or an e-mail address; a statutory appeal needs
    the full name, the IIN or BIN and the postal address."""

    type = serializers.ChoiceField(choices=Applicant.Type.choices, default=Applicant.Type.INDIVIDUAL)
    full_name = TextField(max_length=250, required=False, default="", allow_blank=True)
    identifier = TextField(
        max_length=12,
        required=False,
        default="",
        allow_blank=True,
        help_text=_("IIN of a person, BIN of a legal entity."),
    )
    phone = TextField(
        max_length=40, required=False, default="", allow_blank=True, help_text=_("In any usual form; kept as E.164.")
    )
    email = serializers.EmailField(max_length=200, required=False, default="", allow_blank=True)
    postal_address = TextField(max_length=300, required=False, default="", allow_blank=True)
    representative_name = TextField(max_length=250, required=False, default="", allow_blank=True)
    representative_ground = TextField(
        max_length=250, required=False, default="", allow_blank=True,
        help_text=_("By what right the representative acts: a power of attorney, a law."),
    )  # fmt: skip

    def validate_phone(self, value: str) -> str:
        return _checked(normalise_phone, value) if value else ""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["type"] == Applicant.Type.ANONYMOUS:
            return {"type": attrs["type"]}
        if value := attrs["identifier"]:
            check = check_bin if attrs["type"] == Applicant.Type.LEGAL_ENTITY else check_iin
            try:
                attrs["identifier"] = check(value, today=timezone.localdate()).value
            except DomainError as error:
                raise serializers.ValidationError({"identifier": _as_detail(error)}) from None
        return attrs


class FilingSerializer(Shape[Any]):
    """An appeal as another system files it."""

    text = TextField(min_length=intake.SHORTEST_TEXT, max_length=intake.LONGEST_TEXT)
    subject = TextField(max_length=250, required=False, default="", allow_blank=True)
    regime = serializers.ChoiceField(
        choices=Regime.choices, default=Regime.REQUEST,
        help_text=_("`request`: a service request; `appeal`: a statutory appeal (Administrative Procedural Code)."),
    )  # fmt: skip
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    topic = KeyField(names.topics, required=False, allow_null=True, default=None)
    area = KeyField(names.areas, required=False, allow_null=True, default=None)
    address = TextField(max_length=300, required=False, default="", allow_blank=True)
    location = PointField(required=False, allow_null=True, default=None)
    answer_language = serializers.ChoiceField(choices=[("kk", "Қазақша"), ("ru", "Русский")], required=False)
    is_confidential = FlagField(default=False)
    external_id = TextField(
        max_length=100, required=False, default="", allow_blank=True, validators=[EXTERNAL_ID],
        help_text=_("The number in your system; one appeal is made for each, however often it is sent."),
    )  # fmt: skip
    received_at = serializers.DateTimeField(
        required=False, help_text=_("When it reached your system, ISO 8601 with offset. Now when left out.")
    )
    uploads = serializers.ListField(
        child=TextField(max_length=uploads.LONGEST_ID), max_length=intake.MAX_FILES, required=False,
        default=list, help_text=_("Ids of files that were uploaded before."),
    )  # fmt: skip
    applicant = ApplicantSerializer(required=False)

    def validate_received_at(self, value: Any) -> Any:
        now = timezone.now()
        if value > now:
            raise serializers.ValidationError(_("This time has not come yet."), code="future")
        if value < now - LONGEST_DELAY:
            raise serializers.ValidationError(
                _("This lies too far back; import old appeals as history."), code="too_old"
            )
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        who = attrs.get("applicant", {})
        if attrs["regime"] == Regime.APPEAL:
            missing = {name: [_("A statutory appeal needs this.")] for name in _missing(who)}
            if "applicant" in attrs and missing:
                raise serializers.ValidationError({"applicant": missing}, code="needed")
        return attrs

    def filing(self, caller: Caller, number: str) -> Filing:
        """The filing; `number` stands for one of the other system when that has none."""
        data = self.validated_data
        latitude, longitude = data["location"] or (None, None)
        incoming = IncomingAppeal(
            channel=Channel(caller.application.channel),
            external_id=f"api:{caller.application.pk}:{data['external_id'] or number}",
            text=data["text"],
            subject=data["subject"],
            received_at=data.get("received_at") or timezone.now(),
            applicant=_applicant(data.get("applicant"), caller),
            answer_language=data.get("answer_language", ""),
            regime=Regime(data["regime"]),
            kind=Kind(data["kind"]) if data.get("kind") else None,
            topic_id=data["topic"],
            area_id=data["area"],
            address=data["address"],
            latitude=latitude,
            longitude=longitude,
            is_confidential=data["is_confidential"],
            files=uploads.take(data["uploads"], application_id=caller.application.pk),
        )
        return Filing(incoming, data["external_id"], tuple(data["uploads"]))


def _missing(who: dict[str, Any]) -> list[str]:
    return [name for name in ("full_name", "identifier", "postal_address") if not who.get(name)]


def _applicant(given: dict[str, Any] | None, caller: Caller) -> IncomingApplicant:
    """Whoever files for others names them; an application of a person files for its owner alone."""
    if caller.application.files_for_others and given is not None:
        return IncomingApplicant(**given)
    if given is not None and given["type"] == Applicant.Type.ANONYMOUS:
        raise ValidationFailed(
            _("This key files in its owner's name, so nothing of it is anonymous. File on the site, not signed in."),
            code="anonymous",
            field="applicant.type",
        )
    owner = caller.application.owner
    own = _of_owner(owner) | {name: value for name, value in (given or {}).items() if value}
    confirmed = account_contacts.is_confirmed_for(owner, phone=own["phone"], email=own["email"])
    return IncomingApplicant(**own, user_id=owner.pk, contact_confirmed=confirmed)


def _of_owner(owner: User) -> dict[str, Any]:
    return {
        "full_name": owner.full_name,
        "phone": owner.phone if owner.phone_confirmed_at else "",
        "email": owner.email,
        "identifier": owner.iin,
        "postal_address": owner.postal_address,
    }


def _checked(check: Any, value: str) -> str:
    try:
        found: str = check(value)
    except DomainError as error:
        raise serializers.ValidationError(str(error), code=error.code) from None
    return found


def _as_detail(error: DomainError) -> list[serializers.ErrorDetail]:
    return [serializers.ErrorDetail(str(error), code=error.code)]
