"""Early warning for those who oversee: what grew beyond its expected range, and what became of it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.selectors import names
from common.errors import NotFound
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import KeyField, NumberField, TextField, ValueField
from reports.models import EarlyWarning, WarningEvent
from reports.warning import access, notices, selectors, states, titles
from reports.warning.selectors import Wanted

STATES = [(selectors.OPEN, _("All that are open")), *EarlyWarning.State.choices, ("all", _("All"))]


class WarningsQuerySerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=STATES, default=selectors.OPEN, help_text=_("In which state they are."))
    kind = serializers.ChoiceField(choices=EarlyWarning.Kind.choices, required=False, help_text=_("Of which kind."))
    area = KeyField(names.areas, required=False, help_text=_("Only of this part of the city."))
    sector = KeyField(names.sectors, required=False, help_text=_("Only of this sector."))
    order = serializers.ChoiceField(
        choices=tuple(selectors.ORDERS), default=selectors.NEWEST, help_text=_("In which order they come.")
    )
    cursor = TextField(max_length=80, required=False, default="")


class WarningSerializer(serializers.Serializer[Any]):
    """Something that grew beyond its expected range. It names neither people nor texts."""

    id = serializers.IntegerField(help_text=_("What it is called in further requests."))
    kind = ValueField(EarlyWarning.Kind.choices, help_text=_("What kind of warning it is."))
    state = ValueField(EarlyWarning.State.choices, help_text=_("What became of it."))
    title = serializers.CharField(help_text=_("What it is about, in the language of the request."))
    where = serializers.CharField(allow_blank=True, help_text=_("Where, in the language of the request."))
    in_words = serializers.CharField(help_text=_("How much there was and how much was expected, in a sentence."))
    area = KeyField(names.areas, source="area_id", allow_null=True, help_text=_("The part of the city; null for all."))
    sector = KeyField(names.sectors, source="sector_id", allow_null=True, help_text=_("The sector; null for all."))
    topic = KeyField(names.topics, source="topic_id", allow_null=True, help_text=_("The topic; null for all."))
    observed = serializers.IntegerField(help_text=_("How many there were."))
    expected = serializers.FloatField(help_text=_("How many were expected."))
    low = serializers.IntegerField(help_text=_("Where the expected range begins."))
    high = serializers.IntegerField(help_text=_("Where the expected range ends."))
    days = serializers.IntegerField(help_text=_("How many days were looked at together."))
    first_on = serializers.DateField(help_text=_("The first day of it."))
    last_on = serializers.DateField(help_text=_("The day on which it was seen last."))
    version = serializers.IntegerField(help_text=_("Grows with each change; a change names the one that was seen."))


class WarningPageSerializer(serializers.Serializer[Any]):
    """Thirty of them; `next_cursor` is null on the last page."""

    results = WarningSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class WarningDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField(help_text=_("The day."))
    observed = serializers.IntegerField(help_text=_("How many there were."))
    low = serializers.IntegerField(allow_null=True, help_text=_("Where the expected range begins; null for none."))
    high = serializers.IntegerField(allow_null=True, help_text=_("Where the expected range ends; null for none."))


class WarningEventSerializer(serializers.Serializer[Any]):
    kind = ValueField(WarningEvent.Kind.choices, help_text=_("What happened."))
    at = serializers.DateTimeField()
    actor = serializers.CharField(allow_blank=True, help_text=_("Who did it; empty where it happened by itself."))
    before = serializers.CharField(allow_blank=True, help_text=_("The state before."))
    after = serializers.CharField(allow_blank=True, help_text=_("The state after."))
    reason = serializers.CharField(allow_blank=True, help_text=_("Why, in words; empty for none."))


class WarningDetailsSerializer(WarningSerializer):
    """With its days, some appeals that the caller may open, and its history."""

    chart = WarningDaySerializer(many=True, help_text=_("Day by day, with the expected range."))
    examples = serializers.ListField(
        child=serializers.CharField(), help_text=_("Numbers of appeals that the caller may open, six at most.")
    )
    hidden = serializers.IntegerField(help_text=_("How many more the caller may not open."))
    events = WarningEventSerializer(many=True, help_text=_("What happened to it, the oldest first."))


class WarningChangeSerializer(serializers.Serializer[Any]):
    to = serializers.ChoiceField(choices=EarlyWarning.State.choices, help_text=_("The new state."))
    reason = TextField(
        max_length=states.LONGEST_REASON, required=False, allow_blank=True, default="",
        help_text=_("Needed to explain or to close. Do not write names, telephones or addresses here."),
    )  # fmt: skip
    version = NumberField(min_value=0, max_value=2**31 - 1, help_text=_("The version that was seen."))


class WarningUndoSerializer(serializers.Serializer[Any]):
    version = NumberField(min_value=0, max_value=2**31 - 1, help_text=_("The version that was seen."))


class WarningSubscriptionSerializer(serializers.Serializer[Any]):
    area = KeyField(
        names.areas, required=False, allow_null=True, help_text=_("Only of this part of the city; null for all.")
    )


class Warnings(Resource):
    tag = "warnings"
    scopes = dict.fromkeys(("list", "retrieve", "change", "undo", "subscribe", "unsubscribe"), Scope.WARNINGS)
    pagination_class = None
    DONE = OpenApiResponse(description="Done.")

    @extend_schema(
        operation_id="list_warnings",
        summary="Early warnings",
        parameters=[WarningsQuerySerializer],
        responses=WarningPageSerializer,
    )
    def list(self, request: Request) -> Response:
        """Those of the parts of the city that the caller oversees, and of the city as a whole."""
        data = self.asked(WarningsQuerySerializer)
        state = "" if data["state"] == "all" else data["state"]
        wanted = Wanted(data.get("kind", ""), state, data.get("area"), data.get("sector"), data["order"])
        page = selectors.page(self.person, wanted, after=data["cursor"])
        results = [_line(line.row, line.title) for line in page.lines]
        return Response(WarningPageSerializer({"results": results, "next_cursor": page.after or None}).data)

    @extend_schema(operation_id="read_warning", summary="An early warning", responses=WarningDetailsSerializer)
    def retrieve(self, request: Request, warning_id: int) -> Response:
        """With its expected range day by day, examples and history."""
        return Response(self._details(self._found(warning_id)))

    @extend_schema(
        operation_id="change_warning", summary="Watch, explain or close it", request=WarningChangeSerializer,
        responses=WarningDetailsSerializer,
    )  # fmt: skip
    @idempotency.once
    def change(self, request: Request, warning_id: int) -> Response:
        """Whoever explains or closes says why; the reason stays in the history."""
        self._found(warning_id)
        sent = self.sent(WarningChangeSerializer)
        return Response(self._details(states.change_state(warning_id, actor=self.person, **sent)))

    @extend_schema(
        operation_id="undo_warning_change", summary="Take the last change back", request=WarningUndoSerializer,
        responses=WarningDetailsSerializer,
    )  # fmt: skip
    @idempotency.once
    def undo(self, request: Request, warning_id: int) -> Response:
        """By whoever made it, while nothing else has happened."""
        self._found(warning_id)
        sent = self.sent(WarningUndoSerializer)
        return Response(self._details(states.undo(warning_id, version=sent["version"], actor=self.person)))

    @extend_schema(
        operation_id="subscribe_to_warnings", summary="Be told of new ones", request=WarningSubscriptionSerializer,
        responses={204: DONE},
    )  # fmt: skip
    def subscribe(self, request: Request) -> Response:
        """In the inbox of the owner of the key, and by e-mail if he chose so."""
        sent = self.sent(WarningSubscriptionSerializer)
        notices.subscribe(self.person, area_id=sent.get("area") or 0)
        return Response(status=204)

    @extend_schema(
        operation_id="unsubscribe_from_warnings", summary="Be told no more", request=None, responses={204: DONE}
    )
    def unsubscribe(self, request: Request) -> Response:
        notices.unsubscribe(self.person)
        return Response(status=204)

    def _found(self, warning_id: int) -> EarlyWarning:
        row = access.visible(self.person).filter(pk=warning_id).first()
        if row is None:
            raise NotFound
        return row

    def _details(self, row: EarlyWarning) -> dict[str, Any]:
        found = selectors.examples(row, self.person)
        events = [
            {
                "kind": event.kind, "at": event.at, "actor": str(event.actor or ""), "before": event.before,
                "after": event.after, "reason": event.reason,
            }
            for event in row.events.select_related("actor")
        ]  # fmt: skip
        body = _line(row, selectors.titles_for([row], self.person)[row.pk]) | {
            "chart": selectors.chart(row, timezone.localdate()),
            "examples": [one.number for one in found.shown],
            "hidden": found.hidden,
            "events": events,
        }
        return dict(WarningDetailsSerializer(body).data)


COPIED = (
    "kind", "state", "observed", "expected", "low", "high", "days", "first_on", "last_on", "version",
)  # fmt: skip


def _line(row: EarlyWarning, title: str) -> dict[str, Any]:
    keys = {name: getattr(row, name) or None for name in ("area_id", "sector_id", "topic_id")}
    words = {"title": title, "where": titles.where(row), "in_words": titles.in_numbers(row)}
    return {"id": row.pk, **{name: getattr(row, name) for name in COPIED}, **keys, **words}
