"""The webhooks as a connection: when the hub says that they do not work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from common.connectors import ConnectionTrouble, Reason, connectors
from openapi.models import Delivery, Subscription
from tests.openapi.api import make_application

pytestmark = pytest.mark.django_db


def subscribe(**values: Any) -> Subscription:
    return Subscription.objects.create(application=make_application(), url="https://a.kz/", secret="a", **values)


def trouble() -> Reason:
    with pytest.raises(ConnectionTrouble) as caught:
        connectors.get("webhooks").check()
    return caught.value.reason


def test_without_an_address_that_is_on_there_is_no_connection() -> None:
    assert not connectors.get("webhooks").is_configured()
    subscribe(state="paused")
    assert not connectors.get("webhooks").is_configured()
    subscribe()
    assert connectors.get("webhooks").is_configured()


def test_one_receiver_that_is_down_is_the_trouble_of_its_owner() -> None:
    subscribe(failing_since=timezone.now())
    assert trouble() == Reason.UNREACHABLE
    subscribe()
    assert connectors.get("webhooks").check() == "1 of 2 addresses fail"


@pytest.mark.parametrize(("minutes", "rests", "late"), [(5, False, False), (20, False, True), (20, True, False)])
def test_lateness_is_the_trouble_of_the_hub(minutes: int, rests: bool, late: bool) -> None:
    now = timezone.now()
    row = subscribe(rests_until=now + timedelta(hours=1) if rests else None)
    Delivery.objects.create(
        subscription=row, message_id="a", type="appeal.received", body="{}",
        next_try_at=now - timedelta(minutes=minutes),
    )  # fmt: skip
    if late:
        assert trouble() == Reason.BEHIND
    else:
        connectors.get("webhooks").check()
