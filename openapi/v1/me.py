"""What is the caller's own: who he is here, his notices and their ways, who looked at his appeals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import grants_of
from accounts.substitutions import stands_in_for, stood_in_by
from appeals import notice_texts
from appeals.models import Appeal
from appeals.selectors import names
from appeals.selectors.tracking import appeals_of
from audit.models import AuditRecord
from common.errors import ValidationFailed
from notifications import inbox as notices
from notifications import preferences
from notifications.models import Notification
from notifications.selectors import inbox, unread_count
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import KeyField, NumberField, TextField

MOST_NOTICES = 100
MOST_RECORDS = 100


class GrantSerializer(serializers.Serializer[Any]):
    """A role and its bounds; without bounds it reaches the whole hub. `stands_in` marks a colleague's role."""

    role = serializers.CharField()
    department = KeyField(names.departments, source="department_id", allow_null=True)
    area = KeyField(names.areas, source="area_id", allow_null=True)
    stands_in = serializers.SerializerMethodField()

    def get_stands_in(self, grant: Any) -> bool:
        return grant.on_behalf_of is not None


class MeSerializer(serializers.Serializer[Any]):
    """In whose name the key acts, and as what."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    language = serializers.CharField()
    application = serializers.CharField()
    environment = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    roles = GrantSerializer(many=True)
    stands_in_for = serializers.ListField(child=serializers.CharField())
    stood_in_by = serializers.ListField(child=serializers.CharField())
    unread_notices = serializers.IntegerField()


class NoticeSerializer(serializers.Serializer[Any]):
    """A notice in the caller's language, with the number of the case it is about."""

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    details = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class ReadSerializer(serializers.Serializer[Any]):
    ids = serializers.ListField(
        child=NumberField(),
        required=False,
        max_length=MOST_NOTICES,
    )


class MarkedSerializer(serializers.Serializer[Any]):
    marked = serializers.IntegerField()


class ChoiceSerializer(serializers.Serializer[Any]):
    """A group of notices: the ways it can go and those that are chosen. Of an owed one at least one way stays."""

    group = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    media = serializers.ListField(child=serializers.CharField())
    chosen = serializers.ListField(child=serializers.CharField())
    is_owed = serializers.BooleanField()


class ChoicesSerializer(serializers.Serializer[Any]):
    """The ways by group; a group that is left out stays as it is."""

    chosen = serializers.DictField(child=serializers.ListField(child=TextField(max_length=20)))


class LookSerializer(serializers.Serializer[Any]):
    """Somebody was shown the caller's data. People are named by their office, not by name."""

    number = serializers.CharField()
    action = serializers.CharField()
    fields_shown = serializers.ListField(child=serializers.CharField())
    post = serializers.CharField()
    at = serializers.DateTimeField()


class Me(Resource):
    tag = "me"
    scopes = dict.fromkeys(("retrieve", "notices", "read", "preferences", "choose", "looks"), Scope.OWN)

    @extend_schema(operation_id="read_me", summary="Who calls", responses=MeSerializer)
    def retrieve(self, request: Request) -> Response:
        """The person in whose name the key acts, his roles and the scopes of the key."""
        person, application = self.person, self.caller.application
        body = {
            "id": person.pk,
            "name": person.full_name or person.username,
            "language": person.language,
            "application": application.name,
            "environment": application.environment,
            "scopes": sorted(scope.value for scope in self.caller.scopes),
            "roles": grants_of(person),
            "stands_in_for": [str(row.user) for row in stands_in_for(person)],
            "stood_in_by": [str(row.substitute) for row in stood_in_by(person)],
            "unread_notices": unread_count(person),
        }
        return Response(MeSerializer(body).data)

    @extend_schema(operation_id="list_notices", summary="Notices", responses=NoticeSerializer(many=True))
    def notices(self, request: Request) -> Response:
        """The last hundred notices to the caller, the newest first."""
        return Response(NoticeSerializer(_lines(list(inbox(self.person)[:MOST_NOTICES])), many=True).data)

    @extend_schema(
        operation_id="mark_notices_read",
        summary="Mark notices as read",
        request=ReadSerializer,
        responses=MarkedSerializer,
    )
    @idempotency.once
    def read(self, request: Request) -> Response:
        """Those named, or all."""
        sent = ReadSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response({"marked": notices.mark_read(self.person, ids=sent.validated_data.get("ids"))})

    @extend_schema(operation_id="list_notice_choices", summary="Ways of notices", responses=ChoiceSerializer(many=True))
    def preferences(self, request: Request) -> Response:
        """Which notices go to the caller by which ways."""
        return Response(self._choices())

    @extend_schema(
        operation_id="choose_notices",
        summary="Choose the ways of notices",
        request=ChoicesSerializer,
        responses=ChoiceSerializer(many=True),
    )
    def choose(self, request: Request) -> Response:
        """An unknown group or a way that the group does not go is refused."""
        sent = ChoicesSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        wanted = sent.validated_data["chosen"]
        groups = {group.slug: group for group in preferences.groups_for(self.person)}
        for slug, ways in wanted.items():
            group = groups.get(slug)
            if group is None or not set(ways) <= set(group.media):
                raise ValidationFailed(
                    _("There is no such group or way of notices."), code="no_such_one", field="chosen"
                )
            if group.is_owed and not ways:
                raise ValidationFailed(_("Of these notices one way must stay."), code="owed", field="chosen")
        preferences.save_choices(self.person, preferences.choices_of(self.person) | wanted)
        return Response(self._choices())

    @extend_schema(operation_id="list_looks", summary="Who looked at my data", responses=LookSerializer(many=True))
    def looks(self, request: Request) -> Response:
        """Who was given the caller's data, of his appeals; the newest first."""
        refs = {f"appeal:{appeal.number}": appeal.number for appeal in appeals_of(self.person)}
        rows = AuditRecord.objects.filter(subject_ref__in=refs).select_related("actor").order_by("-id")[:MOST_RECORDS]
        found = [
            {
                "number": refs[row.subject_ref],
                "action": row.action,
                "fields_shown": row.fields,
                "post": row.actor.post if row.actor else "",
                "at": row.at,
            }
            for row in rows
        ]
        return Response(LookSerializer(found, many=True).data)

    def _choices(self) -> list[dict[str, Any]]:
        chosen = preferences.choices_of(self.person)
        return [
            {
                "group": group.slug,
                "title": str(group.title),
                "text": str(group.text),
                "media": list(group.media),
                "chosen": sorted(chosen[group.slug]),
                "is_owed": group.is_owed,
            }
            for group in preferences.groups_for(self.person)
        ]


def _lines(rows: list[Notification]) -> list[dict[str, Any]]:
    ids = {row.pk: row.subject_ref.removeprefix("appeal:") for row in rows if row.subject_ref.startswith("appeal:")}
    appeals = Appeal.objects.filter(pk__in=[int(pk) for pk in ids.values() if pk.isdigit()])
    numbers = {str(pk): number for pk, number in appeals.values_list("pk", "number")}
    found = []
    for row in rows:
        words = notice_texts.inbox_line(row)
        found.append(
            {
                "id": row.pk,
                "number": numbers.get(ids.get(row.pk, "")),
                "text": words.sentence,
                "details": list(words.details),
                "at": row.created_at,
                "read_at": row.read_at,
            }
        )
    return found
