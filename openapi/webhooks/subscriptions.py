"""Make, change and delete webhooks; let what was missed be sent again."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from common import realm
from common.errors import Conflict, NotFound, ValidationFailed
from common.network_addresses import is_public
from common.text import storable
from openapi import feed
from openapi.models import Application, Delivery, Subscription
from openapi.webhooks import by_hand, outbox, sending
from openapi.webhooks.signature import new_secret

MOST = 20
OVERLAP = timedelta(hours=24)
REPLAY_REACHES = timedelta(days=30)
REPLAY_BATCH, REPLAY_MOST = 500, 20_000


@transaction.atomic
def create(application: Application, values: dict[str, Any], *, by: User) -> Subscription:
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if application.webhooks.count() >= MOST:
        raise Conflict(_("An application can have 20 webhooks."), code="too_many")
    check_url(values["url"])
    row = Subscription.objects.create(application=application, secret=new_secret(), **values)
    _record(row, by, "created")
    return row


@transaction.atomic
def change(row: Subscription, values: dict[str, Any], *, by: User) -> Subscription:
    """Switching on, and another address, forget past failures; what waited is tried at once."""
    row = _locked(row)
    is_elsewhere = values.get("url", row.url) != row.url
    if "url" in values:
        check_url(values["url"])
    for name, value in values.items():
        setattr(row, name, value)
    if is_elsewhere or values.get("state") == Subscription.State.ON:
        row.failures, row.failing_since, row.rests_until = 0, None, None
        row.deliveries.filter(status=Delivery.Status.WAITING, attempts__gt=0).update(next_try_at=timezone.now())
    row.save()
    _record(row, by, "changed", sorted(values))
    return row


@transaction.atomic
def delete(row: Subscription, *, by: User) -> None:
    _record(row, by, "deleted")
    row.delete()


@transaction.atomic
def rotate(row: Subscription, *, by: User) -> Subscription:
    """A new secret; for a day everything is signed with both."""
    row = _locked(row)
    row.old_secret, row.old_secret_until = row.secret, timezone.now() + OVERLAP
    row.secret = new_secret()
    row.save(update_fields=["secret", "old_secret", "old_secret_until"])
    _record(row, by, "rotated")
    return row


@transaction.atomic
def test(row: Subscription) -> Delivery:
    _wake(row)
    return _asked_for(outbox.write_test(row))


@transaction.atomic
def send_again(row: Subscription, message_id: str) -> Delivery:
    """One message once more from the first try on, whatever became of it; under the id it has."""
    _wake(row)
    message_id = storable(message_id)
    if not outbox.again(row.deliveries.filter(message_id=message_id)):
        raise NotFound
    return _asked_for(row.deliveries.get(message_id=message_id))


def _asked_for(delivery: Delivery) -> Delivery:
    """From a sandbox nothing goes out but this."""
    if realm.current():
        by_hand.ask(delivery)
    return delivery


@transaction.atomic
def replay(row: Subscription, since: datetime) -> int:
    """Send everything recorded since then that passes the filters, under the ids it had; how much there is.

    An event may have happened long before the hub heard of it: a letter that was registered late, an appeal that
    another system kept while it was offline.
    """
    _wake(row)
    if since < timezone.now() - REPLAY_REACHES:
        raise ValidationFailed(_("Replay reaches back 30 days at most."), code="too_far_back", field="since")
    entries = feed.recorded_since(row.application, since).order_by("seq")
    if entries[REPLAY_MOST:].exists():
        raise ValidationFailed(
            _("That is too much to replay: choose a later date, or read the feed."), code="too_much", field="since"
        )
    written, cursor = 0, 0
    while page := list(entries.filter(seq__gt=cursor).select_related("appeal")[:REPLAY_BATCH]):
        written += outbox.write_again(row, page)
        cursor = page[-1].seq
    return written


def check_url(url: str) -> None:
    """What can be refused at once; names are looked up and checked at every try."""
    try:
        parts = urlsplit(url)
        may_be_private = sending.may_be_private(url)
        is_fine = parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
        is_fine = is_fine and parts.port != 0 and (parts.scheme == "https" or may_be_private)
        is_fine = is_fine and bool(httpx.URL(url).host)  # what calls it must be able to read it
    except (ValueError, httpx.InvalidURL):
        is_fine = may_be_private = False
    if not is_fine or not (may_be_private or _may_be_public(parts.hostname or "")):
        raise ValidationFailed(
            _("Give the https address of a public server, without a password in it."),
            code="webhook_address",
            field="url",
        )


def _may_be_public(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host.strip(".") and not host.endswith((".local", ".localhost", ".internal"))
    return is_public(host)


def _locked(row: Subscription) -> Subscription:
    """Against other changes, not against deliveries that are written at the same moment."""
    rows = Subscription.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("application").get(pk=row.pk)


def _wake(row: Subscription) -> None:
    """Who asks for messages wants them now: an address that rests after a failure is tried at once."""
    if row.state != Subscription.State.ON:
        raise Conflict(_("The webhook is switched off. Switch it on first."), code="switched_off")
    Subscription.objects.filter(pk=row.pk).update(rests_until=None)


def _record(row: Subscription, by: User, what: str, fields: Iterable[str] = ()) -> None:
    trail.record(
        action=Action.WEBHOOK_CHANGED,
        actor=by,
        subject_ref=f"application:{row.application_id}",
        fields=tuple(fields),
        details={"webhook": row.pk, "what": what, "host": urlsplit(row.url).hostname},
    )
