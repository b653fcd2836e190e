"""The pages of webhooks: everything the API can do with them, for the owner alone, the secret once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from standardwebhooks import Webhook

from accounts.models import User
from openapi.models import Application, Attempt, Delivery, Subscription
from openapi.models.applications import State
from openapi.scopes import Scope
from openapi.tasks import append_feed, send_webhooks
from tests.factories import make_area, make_reference, make_topic, make_user
from tests.openapi.api import FILING, Program, make_application
from tests.openapi.receiver import Receiver, receiving
from tests.openapi.test_pages import signed_in

pytestmark = pytest.mark.django_db
S, D = Subscription.State, Delivery.Status
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


@pytest.fixture
def owner() -> User:
    make_reference()
    return make_user(password="x", email="owner@example.kz", language="en")


@pytest.fixture
def client(owner: User) -> Client:
    found = signed_in(owner)
    found.cookies["django_language"] = "en"
    return found


@pytest.fixture
def application(owner: User) -> Application:
    return make_application(owner)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_ALLOWED = ["127.0.0.1"]
    with receiving() as found:
        yield found


def _url(name: str, application: Application, *more: int) -> str:
    return reverse(f"openapi:{name}", args=[application.pk, *more])


def _make(application: Application, url: str = "https://hook.example.kz/", **values: Any) -> Subscription:
    return Subscription.objects.create(application=application, url=url, secret="whsec_" + "YWFh" * 8, **values)


def test_webhook_is_made_and_its_secret_shown_once(client, application, receiver):
    topic, area = make_topic(), make_area()
    sent = {"url": receiver.url, "types": ["appeal.received"], "topics": [topic.pk], "areas": [area.pk]}
    answer = client.post(_url("webhook_new", application), sent)
    (secret,) = SECRET.findall(answer.content.decode())
    row = Subscription.objects.get()
    assert (row.url, row.types, row.topics, row.areas) == (receiver.url, ["appeal.received"], [topic.pk], [area.pk])
    for name in ("webhook", "webhook_change"):
        page = client.get(_url(name, application, row.pk)).content.decode()
        assert secret not in page
        assert receiver.url in page
    Program(application).post("appeals", FILING | {"topic": topic.slug, "area": area.slug})
    append_feed()
    send_webhooks()
    ((_path, headers, body),) = receiver.received
    assert Webhook(secret).verify(body, headers)["type"] == "appeal.received"


@pytest.mark.parametrize("url", ["http://hook.example.kz/", "https://10.0.0.1/", "", "https://localhost/"])
def test_wrong_address_is_refused_beside_what_was_typed(client, application, url):
    answer = client.post(_url("webhook_new", application), {"url": url, "types": ["appeal.closed"]})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'value="{url}"' in page or not url
    assert re.search(r'value="appeal.closed"[^>]*checked', page)
    assert not Subscription.objects.exists()


def test_change_pause_resume_and_delete(client, application):
    row = _make(application, failures=3, failing_since=timezone.now())
    changed = {"url": "https://new.example.kz/", "types": ["appeal.answered"]}
    assert client.post(_url("webhook_change", application, row.pk), changed).status_code == 302
    client.post(_url("webhook_pause", application, row.pk))
    row.refresh_from_db()
    assert (row.url, row.types, row.state) == ("https://new.example.kz/", ["appeal.answered"], S.OFF)
    assert "Switch on" in client.get(_url("webhook", application, row.pk)).content.decode()
    client.post(_url("webhook_resume", application, row.pk))
    row.refresh_from_db()
    assert (row.state, row.failures, row.failing_since) == (S.ON, 0, None)
    assert client.get(_url("webhook_delete", application, row.pk)).status_code == 200
    assert Subscription.objects.exists(), "asking deletes nothing"
    client.post(_url("webhook_delete", application, row.pk))
    assert not Subscription.objects.exists()


def test_new_secret_is_shown_once_beside_the_old_one(client, application):
    row = _make(application)
    old = row.secret
    assert SECRET.search(client.get(_url("webhook_secret", application, row.pk)).content.decode()) is None
    (shown,) = SECRET.findall(client.post(_url("webhook_secret", application, row.pk)).content.decode())
    row.refresh_from_db()
    assert (row.secret, row.old_secret) == (shown, old)
    assert shown != old


def test_messages_are_shown_with_their_tries_and_sent_again(client, application, receiver):
    row = _make(application, receiver.url)
    number = Program(application).post("appeals", FILING).json()["number"]
    append_feed()
    receiver.plan = [500] * 10
    send_webhooks()
    Delivery.objects.update(status=D.DEAD)
    page = client.get(_url("webhook", application, row.pk), {"status": "dead"}).content.decode()
    assert number in page
    assert "500" in page
    assert number not in client.get(_url("webhook", application, row.pk), {"status": "waiting"}).content.decode()
    message = Delivery.objects.earliest("pk")
    url = _url("webhook_delivery", application, row.pk, message.pk)
    assert message.message_id in client.get(url).content.decode()
    receiver.plan.clear()
    assert client.post(_url("webhook_again", application, row.pk, message.pk)).headers["Location"] == url
    send_webhooks()
    message.refresh_from_db()
    assert (message.status, Attempt.objects.filter(delivery=message).count()) == (D.DELIVERED, 2)


def test_older_messages_are_on_further_pages(client, application):
    row = _make(application)
    body = '{"data": {"number": "HQ-%s"}}'
    rows = [Delivery(subscription=row, message_id=f"evt_{n}", type="appeal.rated", body=body % n) for n in range(30)]
    Delivery.objects.bulk_create(rows)
    first = client.get(_url("webhook", application, row.pk)).content.decode()
    before = re.search(r"\?before=(\d+)", first)
    assert before
    second = client.get(_url("webhook", application, row.pk), {"before": before[1]}).content.decode()
    seen = [re.findall(r"HQ-\d+", page) for page in (first, second)]
    assert [len(page) for page in seen] == [25, 5]
    assert len({*seen[0], *seen[1]}) == 30
    assert 'rel="next"' in first
    assert 'rel="next"' not in second


def test_test_and_replay(client, application, receiver):
    row = _make(application, receiver.url, types=["appeal.received"])
    answer = client.post(_url("webhook_test", application, row.pk))
    message = Delivery.objects.get()
    assert answer.headers["Location"] == _url("webhook_delivery", application, row.pk, message.pk)
    client.post(_url("webhook_pause", application, row.pk))
    Program(application).post("appeals", FILING)
    append_feed()
    client.post(_url("webhook_resume", application, row.pk))
    today, long_ago = timezone.localdate(), timezone.localdate() - timedelta(days=40)
    refused = client.post(_url("webhook_replay", application, row.pk), {"since": long_ago.isoformat()})
    assert refused.status_code == 422
    assert client.post(_url("webhook_replay", application, row.pk), {"since": ""}).status_code == 422
    assert client.post(_url("webhook_replay", application, row.pk), {"since": today.isoformat()}).status_code == 302
    send_webhooks()
    assert sorted(headers["webhook-id"][:4] for _, headers, _ in receiver.received) == ["evt_", "test"]


def test_first_possible_day_of_a_replay_is_possible_at_any_hour(client, application):
    row = _make(application)
    day = timezone.localdate() - timedelta(days=30)
    assert client.post(_url("webhook_replay", application, row.pk), {"since": day.isoformat()}).status_code == 302


WRITING = ("webhook_change", "webhook_pause", "webhook_resume", "webhook_secret", "webhook_test", "webhook_replay")


def test_nobody_else_reaches_them(application):
    row, stranger = _make(application), signed_in(make_user(password="x"))
    message = Delivery.objects.create(subscription=row, message_id="evt_1", type="appeal.rated", body='{"data": {}}')
    for name in ("webhooks", "webhook_new"):
        assert stranger.get(_url(name, application)).status_code == 404
    for name in (*WRITING, "webhook_delete"):
        assert stranger.post(_url(name, application, row.pk)).status_code == 404
    for name in ("webhook_delivery", "webhook_again"):
        ask = stranger.get if name == "webhook_delivery" else stranger.post
        assert ask(_url(name, application, row.pk, message.pk)).status_code == 404
    other = make_application(application.owner)
    owner = signed_in(application.owner)
    assert owner.get(_url("webhook", other, row.pk)).status_code == 404, "of another application of the same owner"


@pytest.mark.parametrize("lack", ["scope", "state"])
def test_pages_ask_what_the_api_asks_of_a_key(client, application, lack):
    row = _make(application)
    if lack == "scope":
        application.scopes = [Scope.EVENTS_READ.value]
    else:
        application.state = State.SUSPENDED
    application.save()
    for name in WRITING:
        assert client.post(_url(name, application, row.pk), {"url": "https://x.example.kz/"}).status_code == 409
    assert client.post(_url("webhook_new", application), {"url": "https://x.example.kz/"}).status_code == 409
    assert client.get(_url("webhooks", application)).status_code == 200
    assert "Send a test" not in client.get(_url("webhook", application, row.pk)).content.decode()
    row.refresh_from_db()
    assert (row.url, row.state) == ("https://hook.example.kz/", S.ON)


@pytest.mark.parametrize("name", ["webhook_new", "webhook_secret", "webhook_change"])
def test_secret_and_address_need_a_fresh_proof(owner, application, name):
    row = _make(application)
    client = signed_in(owner, proved=False)
    answer = client.post(
        _url(name, application, *([] if name == "webhook_new" else [row.pk])), {"url": "https://x.kz/"}
    )
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
