"""Steer the sandbox: look at it, let its time pass, begin anew, see what it would have sent to people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from common import realm
from common.errors import NotAllowed
from notifications.models import Notification
from openapi.sandbox import worlds
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import NumberField, ValueField

MOST_MESSAGES = 100


class SandboxSerializer(serializers.Serializer[Any]):
    now = serializers.DateTimeField(help_text=_("The time in the sandbox."))
    ahead_seconds = serializers.IntegerField(help_text=_("How far its clock is ahead of the real one."))
    reset_at = serializers.DateTimeField(allow_null=True)


class ClockSerializer(serializers.Serializer[Any]):
    """How much time passes; days and hours add up."""

    days = NumberField(min_value=0, max_value=400, default=0)
    hours = NumberField(min_value=0, max_value=400 * 24, default=0)


class SentSerializer(serializers.Serializer[Notification]):
    """A message that went out, had this been the real city."""

    transport = ValueField(Notification.Transport.choices)
    address = serializers.CharField()
    language = serializers.CharField()
    subject = serializers.CharField()
    body = serializers.CharField()
    status = ValueField(Notification.Status.choices)
    created_at = serializers.DateTimeField()


class SandboxControl(Resource):
    """For keys of the sandbox alone."""

    tag = "sandbox"
    scopes = dict.fromkeys(("retrieve", "move", "reset", "messages"), Scope.SANDBOX)

    def perform_authentication(self, request: Request) -> None:
        """Stays outside: the clock of a world is moved from without."""
        GenericViewSet.perform_authentication(self, request)

    @extend_schema(operation_id="read_sandbox", summary="Look at the sandbox", responses=SandboxSerializer)
    def retrieve(self, request: Request) -> Response:
        """Its clock, and when it was begun anew."""
        return _answer(worlds.ready(self._owner()))

    @extend_schema(
        operation_id="move_sandbox_clock",
        summary="Let time pass",
        request=ClockSerializer,
        responses=SandboxSerializer,
    )
    def move(self, request: Request) -> Response:
        """Every term on the way fires at its own moment: reminders, overdue, silent closing."""
        sent = ClockSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        by = timedelta(days=sent.validated_data["days"], hours=sent.validated_data["hours"])
        return _answer(worlds.move_clock(self._owner(), by))

    @extend_schema(operation_id="reset_sandbox", summary="Begin anew", request=None, responses=SandboxSerializer)
    def reset(self, request: Request) -> Response:
        """Deletes everything in the sandbox; keys and applications stay."""
        return _answer(worlds.reset(self._owner()))

    @extend_schema(
        operation_id="list_sandbox_messages",
        summary="What would have been sent",
        responses=SentSerializer(many=True),
    )
    def messages(self, request: Request) -> Response:
        """The last hundred messages to applicants and staff, the newest first. Nothing leaves the sandbox."""
        self._owner()
        with worlds.entered(self.caller.application):
            rows = list(Notification.objects.order_by("-id")[:MOST_MESSAGES])
        return Response(SentSerializer(rows, many=True).data)  # type: ignore[arg-type]  # the stubs know one row only

    def _owner(self) -> Any:
        if not self.caller.application.is_sandbox:
            raise NotAllowed
        return self.caller.application.owner


def _answer(sandbox: Any) -> Response:
    assert realm.current() is None
    body = {
        "now": timezone.now() + sandbox.ahead,
        "ahead_seconds": int(sandbox.ahead.total_seconds()),
        "reset_at": sandbox.reset_at,
    }
    return Response(SandboxSerializer(body).data)
