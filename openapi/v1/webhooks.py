"""Webhooks: where a program wants its events sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.selectors import names
from common.errors import NotFound
from openapi.event_types import PUBLISHED
from openapi.models import Attempt, Delivery, Subscription
from openapi.pagination import NewestFirst
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import KeyField, ValueField
from openapi.webhooks import subscriptions


def _keys(table: Callable[[], Mapping[int, names.Named]], text: Any) -> serializers.ListField:
    return serializers.ListField(child=KeyField(table), max_length=200, required=False, help_text=text)


class WebhookInputSerializer(serializers.Serializer[Any]):
    """A filter that is empty lets everything through; several filters must all fit."""

    url = serializers.CharField(max_length=500, help_text=_("An https address of a public server."))
    types = serializers.ListField(child=serializers.ChoiceField(choices=PUBLISHED), max_length=100, required=False)
    topics = _keys(names.topics, _("Only appeals with one of these topics."))
    areas = _keys(names.areas, _("Only appeals of one of these areas."))


class WebhookChangeSerializer(WebhookInputSerializer):
    """What is left out stays as it is. `state: on` switches a paused webhook on again."""

    url = serializers.CharField(max_length=500, required=False, help_text=_("An https address of a public server."))
    state = serializers.ChoiceField(choices=["on", "off"], required=False)


class WebhookSerializer(serializers.Serializer[Subscription]):
    id = serializers.IntegerField()
    url = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())
    topics = serializers.ListField(child=KeyField(names.topics))
    areas = serializers.ListField(child=KeyField(names.areas))
    state = ValueField(Subscription.State.choices, help_text=_("on, paused (after a day of failures) or off."))
    failing_since = serializers.DateTimeField(allow_null=True)
    old_secret_until = serializers.DateTimeField(allow_null=True, help_text=_("Until then both secrets sign."))
    created_at = serializers.DateTimeField()


class WebhookSecretSerializer(WebhookSerializer):
    """The webhook with its secret, which is shown this once."""

    secret = serializers.CharField(help_text=_("whsec_… as the Standard Webhooks specification writes it."))


class TrySerializer(serializers.Serializer[Attempt]):
    """One try. Without an answer `status_code` is null; without an end `duration_ms` is null too."""

    begun_at = serializers.DateTimeField()
    status_code = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()
    duration_ms = serializers.IntegerField(allow_null=True)


class DeliverySerializer(serializers.Serializer[Delivery]):
    """A message to the webhook, as it was or will be sent."""

    message_id = serializers.CharField(help_text=_("The header webhook-id of every try."))
    type = serializers.CharField()
    status = ValueField(
        Delivery.Status.choices,
        help_text=_("waiting, delivered, dead (given up) or recorded (in the sandbox, until you ask for it)."),
    )
    body = serializers.CharField()
    created_at = serializers.DateTimeField()
    next_try_at = serializers.SerializerMethodField()
    tries = TrySerializer(many=True)

    def get_next_try_at(self, row: Delivery) -> str | None:
        is_waiting = row.status == Delivery.Status.WAITING
        return serializers.DateTimeField().to_representation(row.next_try_at) if is_waiting else None


class ReplaySerializer(serializers.Serializer[Any]):
    since = serializers.DateTimeField(help_text=_("At most 30 days ago."))


class ReplayedSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()


class DeliveriesQuerySerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=Delivery.Status.values, required=False)


class WebhookResource(Resource):
    """Only the application's own webhooks can be reached; others do not exist."""

    tag = "webhooks"
    pagination_class: Any = None

    def own(self) -> QuerySet[Subscription]:
        return Subscription.objects.filter(application=self.caller.application).order_by("id")

    def find(self, webhook: int) -> Subscription:
        row = self.own().select_related("application").filter(pk=webhook).first()
        if row is None:
            raise NotFound
        return row

    def checked(self, kind: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        sent = kind(data=self.request.data, partial=partial)
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)


class Webhooks(WebhookResource):
    """Make them, look at them, change them."""

    scopes = dict.fromkeys(("create", "list", "retrieve", "change", "delete_one", "rotate"), Scope.WEBHOOKS_MANAGE)

    @extend_schema(
        operation_id="create_webhook",
        summary="Subscribe to events",
        request=WebhookInputSerializer,
        responses={201: WebhookSecretSerializer},
    )
    def create(self, request: Request) -> Response:
        """Events of the application's own appeals are sent there from now on, signed as Standard Webhooks says.

        A try fails unless it is answered with 2xx within 10 seconds; redirects are not followed. Failed messages are
        tried again over three days. 410 switches the webhook off. The secret is shown once.
        """
        row = subscriptions.create(self.caller.application, self.checked(WebhookInputSerializer), by=self.person)
        return Response(WebhookSecretSerializer(row).data, status=201)

    @extend_schema(
        operation_id="list_webhooks", summary="List webhooks", responses=WebhookSerializer(many=True), filters=False
    )
    def list(self, request: Request) -> Response:
        """All of the application, at most 20."""
        return Response(WebhookSerializer(self.own(), many=True).data)  # type: ignore[arg-type]  # the stubs know one row only

    @extend_schema(operation_id="read_webhook", summary="Read a webhook", responses=WebhookSerializer)
    def retrieve(self, request: Request, webhook: int) -> Response:
        """Its filters, and how it is doing."""
        return Response(WebhookSerializer(self.find(webhook)).data)

    @extend_schema(
        operation_id="change_webhook",
        summary="Change a webhook",
        request=WebhookChangeSerializer,
        responses=WebhookSerializer,
    )
    def change(self, request: Request, webhook: int) -> Response:
        """Messages that wait go to the new address, in the form they have."""
        row, values = self.find(webhook), self.checked(WebhookChangeSerializer, partial=True)
        return Response(WebhookSerializer(subscriptions.change(row, values, by=self.person)).data)

    @extend_schema(operation_id="delete_webhook", summary="Delete a webhook", responses={204: None})
    def delete_one(self, request: Request, webhook: int) -> Response:
        """With its deliveries. The feed of changes still has the events."""
        subscriptions.delete(self.find(webhook), by=self.person)
        return Response(status=204)

    @extend_schema(
        operation_id="rotate_webhook_secret",
        summary="Take a new secret",
        request=None,
        responses=WebhookSecretSerializer,
    )
    def rotate(self, request: Request, webhook: int) -> Response:
        """For a day messages carry two signatures, one with each secret."""
        return Response(WebhookSecretSerializer(subscriptions.rotate(self.find(webhook), by=self.person)).data)


class WebhookDeliveries(WebhookResource):
    """What was sent to a webhook."""

    scopes = dict.fromkeys(("test", "list", "replay", "resend"), Scope.WEBHOOKS_MANAGE)
    serializer_class = DeliverySerializer
    pagination_class = NewestFirst
    queryset = Delivery.objects.none()

    @extend_schema(
        operation_id="list_webhook_deliveries", summary="List deliveries", parameters=[DeliveriesQuerySerializer]
    )
    def list(self, request: Request, webhook: int) -> Response:
        """Every message with every try, the newest first; `status=dead` shows what was given up."""
        wanted = DeliveriesQuerySerializer(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        rows = Delivery.objects.filter(subscription=self.find(webhook), **wanted.validated_data)
        rows = rows.prefetch_related(Prefetch("tries", Attempt.objects.order_by("pk")))
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(DeliverySerializer(page, many=True).data)  # type: ignore[arg-type]  # the stubs know one row only

    @extend_schema(
        operation_id="test_webhook", summary="Send a test", request=None, responses={202: DeliverySerializer}
    )
    def test(self, request: Request, webhook: int) -> Response:
        """A message of the type `webhook.test` through the same way as all others; see the deliveries.

        This is how a message leaves the sandbox: a test, or one that is sent again. It has one try.
        """
        return Response(DeliverySerializer(subscriptions.test(self.find(webhook))).data, status=202)

    @extend_schema(
        operation_id="replay_webhook",
        summary="Send again from a date",
        request=ReplaySerializer,
        responses={202: ReplayedSerializer},
    )
    def replay(self, request: Request, webhook: int) -> Response:
        """Everything since then that passes the filters, under the ids it had: drop what you know already."""
        count = subscriptions.replay(self.find(webhook), self.checked(ReplaySerializer)["since"])
        return Response({"count": count}, status=202)

    @extend_schema(
        operation_id="resend_webhook_delivery",
        summary="Send one message again",
        request=None,
        responses={202: DeliverySerializer},
    )
    def resend(self, request: Request, webhook: int, message_id: str) -> Response:
        """Also one that was given up: it is tried anew from the beginning, under the id it has."""
        return Response(DeliverySerializer(subscriptions.send_again(self.find(webhook), message_id)).data, status=202)
