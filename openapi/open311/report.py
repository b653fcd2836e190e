"""A reported request: the fields of Open311, checked, and what they are in the API's own filing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy, override
from rest_framework import serializers

from appeals import intake
from appeals.models import Applicant, Topic
from appeals.selectors import names
from common.errors import ValidationFailed
from openapi.authentication import Caller
from openapi.open311.attributes import LIST, YES, Attribute, attributes_of
from openapi.v1.fields import KeyField

_ = gettext_lazy
LONGEST = 4000  # signs of a description, as Open311 has it
ATTRIBUTE = re.compile(r"attribute\[(\w{1,60})\](\[\])?")
FILES = ("media", "media[]")
DEGREES = r"[+-]?[0-9]{1,3}(\.[0-9]{1,20})?"


def _text(longest: int) -> serializers.CharField:
    return serializers.CharField(max_length=longest, required=False, default="", allow_blank=True)


def _degrees() -> serializers.RegexField:
    message = _("Give degrees as a decimal number, such as 43.29730.")
    return serializers.RegexField(
        rf"^{DEGREES}$", required=False, default="", allow_blank=True, error_messages={"invalid": message}
    )


class ReportSerializer(serializers.Serializer[Any]):
    """Lengths and forms of what a client sends. Fields that Open311 does not know are passed over."""

    lat = _degrees()
    long = _degrees()
    address_string = _text(300)
    address_id = KeyField(names.areas, required=False, allow_blank=True, default="")
    description = _text(LONGEST)
    first_name = _text(120)
    last_name = _text(120)
    phone = _text(40)
    email = serializers.EmailField(max_length=200, required=False, default="", allow_blank=True)
    device_id = _text(255)
    account_id = _text(255)
    media_url = _text(2000)

    def validate_media_url(self, value: str) -> str:
        if value and not _is_address(value):
            raise serializers.ValidationError(_("Give a whole address that begins with https://."), code="invalid")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs["lat"]) != bool(attrs["long"]):
            missing = "long" if attrs["lat"] else "lat"
            raise serializers.ValidationError({missing: [_("lat and long belong together.")]}, code="needed")
        if not (attrs["lat"] or attrs["address_string"] or attrs["address_id"]):
            raise serializers.ValidationError(
                _("Say where it is: lat and long, or address_string, or address_id."), code="needed"
            )
        return attrs


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def checked(form: QueryDict) -> dict[str, Any]:
    """The fields of a report, or what is wrong with them."""
    sent = ReportSerializer(data=form.dict())
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)


def attributes(form: QueryDict, topic: Topic) -> dict[str, str]:
    """The answers to the questions of the service; what it does not ask or offer is refused."""
    asked = {row.code: row for row in attributes_of(topic) if row.variable}
    found: dict[str, str] = {}
    for name in form:
        if not name.startswith("attribute"):
            continue
        match = ATTRIBUTE.fullmatch(name)
        question = asked.get(match.group(1)) if match else None
        if question is None:
            raise ValidationFailed(gettext("This service has no such attribute."), field=name[:80])
        if value := _answer(question, form.getlist(name)):
            found[question.code] = value
    return found


def _answer(question: Attribute, given: list[Any]) -> str:
    values = [value.strip() for value in given if isinstance(value, str) and value.strip()]
    field = f"attribute[{question.code}]"
    if len(values) > 1:
        raise ValidationFailed(gettext("Give one value."), field=field)
    value = values[0] if values else ""
    if len(value) > question.longest:
        raise ValidationFailed(gettext("This is too long."), field=field)
    if value and question.datatype == LIST and value not in dict(question.values):
        raise ValidationFailed(gettext("Choose one of the list."), field=field)
    return value


def files(form: QueryDict) -> list[UploadedFile[Any]]:
    """The photos that came with the form."""
    strange = [name for name in form if isinstance(form[name], UploadedFile) and name not in FILES]
    if strange:
        raise ValidationFailed(gettext("Send files in the field media."), field=strange[0][:80])
    return [file for name in FILES for file in form.getlist(name) if isinstance(file, UploadedFile)]


def as_filing(fields: Mapping[str, Any], answers: Mapping[str, str], topic: Topic, caller: Caller) -> dict[str, Any]:
    """The body that the API's own filing takes."""
    body: dict[str, Any] = {
        "text": _words(fields, topic),
        "topic": topic.slug,
        "area": _area(fields, answers),
        "address": fields["address_string"],
        "location": _point(fields),
        "is_confidential": answers.get("confidential") == YES,
        "applicant": _applicant(fields, answers, caller),
    }
    return body | {name: answers[name] for name in ("regime", "kind", "answer_language") if name in answers}


def _words(fields: Mapping[str, Any], topic: Topic) -> str:
    """Open311 lets a description be short or missing: then the name of the service and the place say what it is."""
    told: str = fields["description"].strip()
    if len(told) >= intake.SHORTEST_TEXT:
        return told
    with override("kk"):
        name = topic.name
    place = fields["address_string"] or ", ".join(filter(None, (fields["lat"], fields["long"])))
    return ". ".join(filter(None, (name, told, place or _area_name(fields["address_id"]))))


def _area_name(area_id: Any) -> str:
    row = names.areas().get(area_id) if area_id else None
    return row.names["kk"] if row else ""


def _area(fields: Mapping[str, Any], answers: Mapping[str, str]) -> str | None:
    """The city sector, which Open311 can name in two ways."""
    by_id = names.areas()[fields["address_id"]].key if fields["address_id"] else ""
    answered = answers.get("area", "")
    if by_id and answered and by_id != answered:
        raise ValidationFailed(gettext("address_id names another city sector."), field="attribute[area]")
    return by_id or answered or None


def _point(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    if not fields["lat"]:
        return None
    return {"type": "Point", "coordinates": [float(fields["long"]), float(fields["lat"])]}


def _applicant(fields: Mapping[str, Any], answers: Mapping[str, str], caller: Caller) -> dict[str, Any]:
    """Who reports. Without name and contact it is nobody, unless the application speaks for its owner alone."""
    given = {
        "full_name": " ".join(filter(None, (fields["last_name"], fields["first_name"]))),
        "phone": fields["phone"],
        "email": fields["email"],
        "identifier": answers.get("identifier", ""),
        "postal_address": answers.get("postal_address", ""),
    }
    found: dict[str, Any] = {name: value for name, value in given.items() if value}
    if not found and caller.application.files_for_others:
        return {"type": Applicant.Type.ANONYMOUS.value}
    return found
