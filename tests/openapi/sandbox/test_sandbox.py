"""A partner's own akimat: nothing leaks in or out, time passes, everything begins anew."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Role, User
from appeals.models import Appeal, AppealEvent, EventKind
from common import realm
from common.realm_storage import RealmStorage
from notifications.models import Notification
from openapi import usage_report
from openapi.examples import EXAMPLES
from openapi.models import (
    Application,
    Attempt,
    Delivery,
    FeedEntry,
    FiledAppeal,
    IdempotentRequest,
    Sandbox,
    Subscription,
    UsageHour,
)
from openapi.models.applications import Environment
from openapi.sandbox import databases, people, worlds
from openapi.tasks import append_feed, prepare_sandboxes, store_usage
from openapi.webhooks import sending
from tests.factories import make_reference
from tests.openapi.api import FILING, Program, make_application
from tests.openapi.examples.calls import fits, same, schema_of_answer, send
from tests.openapi.open311.api import send as report
from tests.openapi.test_pages import signed_in
from tests.openapi.v1.test_appeals import STATUTORY
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def make_tester(**values: Any) -> Program:
    return Program(make_application(environment=Environment.SANDBOX, **values))


def in_the_sandbox(program: Program) -> Any:
    return worlds.entered(program.application)


def test_seed_is_made_before_the_first_partner_comes(monkeypatch):
    filled: list[str] = []
    monkeypatch.setattr(databases, "_fill", filled.append)
    monkeypatch.setattr(databases, "seed_mark", lambda: "0" * 64)
    assert not databases.exists(databases.seed_name())
    monkeypatch.setattr(databases, "_drop_old_seeds", lambda *_args, **_named: None)
    name = prepare_sandboxes()
    assert databases.exists(name)
    assert (prepare_sandboxes(), len(filled)) == (name, 1), "once"
    databases.remove(name)


def test_what_is_filed_in_the_sandbox_is_there_and_nowhere_else():
    program = make_tester()
    filed = program.post("appeals", STATUTORY)
    assert filed.status_code == 201, filed.json()
    number = filed.json()["number"]
    assert program.get(f"appeals/{number}").status_code == 200
    assert [row["number"] for row in program.get("appeals").json()["results"]] == [number]
    for model in (Appeal, AppealEvent, FiledAppeal, IdempotentRequest, Notification):
        assert not model._default_manager.exists(), model
    with in_the_sandbox(program):
        assert Appeal.objects.get().number == number
        assert Notification.objects.exists()
    assert not mail.outbox


def test_live_appeals_are_not_seen_from_the_sandbox_and_the_other_way_round():
    make_reference()
    live, program = Program(make_application()), make_tester()
    for _ in range(2):
        there = live.post("appeals", FILING).json()
    here = program.post("appeals", FILING).json()
    assert here["number"] != there["number"]
    assert program.get(f"appeals/{there['number']}", Tracking_Code=there["tracking_code"]).status_code == 404
    stranger = Program(make_application())  # not the one that filed the live appeal which has the same number
    assert stranger.get(f"appeals/{here['number']}", Tracking_Code=here["tracking_code"]).status_code == 404
    assert Appeal.objects.count() == 2


def test_open311_with_a_key_of_the_sandbox_stays_inside(client, monkeypatch):
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("a call left the sandbox")

    monkeypatch.setattr("openapi.open311.media.outgoing.request", refuse)
    program = make_tester()
    fields = {"service_code": "water-outage", "media_url": "https://photos.example/1"}
    first = report(program, fields).json()[0]
    number = first["service_request_id"]
    assert "media_url" in first["service_notice"]
    assert not Appeal.objects.exists()
    with in_the_sandbox(program):
        assert Appeal.objects.get().number == number
        token = IdempotentRequest.objects.get().key.removeprefix("open311:")
    inside = {"api_key": program.key}
    for path in (f"requests/{number}", "requests", f"tokens/{token}"):
        address = f"/open311/v2/{path}.json"
        assert [row["service_request_id"] for row in client.get(address, inside).json()] == [number]
        assert not [row for row in client.get(address).json() if "code" not in row], "the real world has none"
    assert "water-outage" in client.get("/open311/v2/services.xml", inside).content.decode()
    program.post("sandbox/clock", {"hours": 2})
    assert report(program, fields).json()[0]["service_request_id"] != number, "its clock counts"


def test_events_of_the_sandbox_are_in_its_feed_and_are_never_sent(monkeypatch):
    """Deliveries are recorded for the partner to look at; no call is made, whichever task is run."""

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("a call left the sandbox")

    monkeypatch.setattr(sending.outgoing, "request", refuse)
    program = make_tester()
    made = program.post("webhooks", {"url": "https://hook.example.kz/"}, key=None).json()
    number = program.post("appeals", FILING).json()["number"]
    assert program.post(f"webhooks/{made['id']}/test", key=None).json()["status"] == "recorded"
    assert {row["number"] for row in program.get("changes").json()["results"]} == {number}
    rows = program.get(f"webhooks/{made['id']}/deliveries").json()["results"]
    assert {row["status"] for row in rows} == {"recorded"}
    assert {"webhook.test", "appeal.received"} <= {row["type"] for row in rows}
    program.post("sandbox/clock", {"days": 3})
    with in_the_sandbox(program):
        assert sending.send_due() == 0
        assert not Attempt.objects.exists()
    for model in (FeedEntry, Subscription, Delivery):
        assert not model.objects.exists(), model


def test_stream_and_pages_of_a_sandbox_show_what_is_its_own():
    """The same owner has a live application: neither world shows what belongs to the other."""
    make_reference()
    program = make_tester()
    owner = program.application.owner
    live = Program(make_application(owner))
    for one in (live, live, program):
        made = one.post("webhooks", {"url": f"https://hook.example.kz/{one.application.environment}"}, key=None)
        assert made.status_code == 201
    for one in (live, live, program):
        one.post("appeals", FILING)
    append_feed()
    streamed = b"".join(program.get("changes/stream", {"cursor": 0}).streaming_content).decode()
    feeds = [{row["number"] for row in one.get("changes").json()["results"]} for one in (program, live)]
    assert {number for number in feeds[0] | feeds[1] if number in streamed} == feeds[0]
    assert streamed.count("data: ") == len(program.get("changes").json()["results"])
    client = signed_in(owner)
    pages = []
    for one in (program, live):
        shown = client.get(f"/developers/applications/{one.application.pk}/webhooks/").content.decode()
        pages.append(("hook.example.kz/sandbox" in shown, shown.count("hook.example.kz/live")))
    assert pages == [(True, 0), (False, 2)]
    with in_the_sandbox(program):
        webhook = Subscription.objects.get()
        message = Delivery.objects.latest("pk")
    root = f"/developers/applications/{program.application.pk}/webhooks/{webhook.pk}/"
    assert client.post(f"{root}test/").status_code == 302
    assert client.post(f"{root}deliveries/{message.pk}/again/").status_code == 302
    assert client.post(f"{root}pause/").status_code == 302
    assert set(Subscription.objects.values_list("state", flat=True)) == {Subscription.State.ON}, "live ones go on"
    with in_the_sandbox(program):
        assert set(Delivery.objects.values_list("status", flat=True)) == {Delivery.Status.RECORDED}
        assert Subscription.objects.get().state == Subscription.State.OFF


def test_examples_of_the_sandbox_are_true():
    program = make_tester()
    for operation in ("read_sandbox", "list_sandbox_messages", "move_sandbox_clock", "reset_sandbox"):
        example = EXAMPLES[operation]
        answer = send(program, operation, example, {}, {})
        assert answer.status_code == example.status, answer.content.decode()
        fits(schema_of_answer(operation, answer), answer.json())
        same(example.answer, answer.json())


def test_two_partners_have_two_worlds():
    first, second = make_tester(), make_tester()
    first.post("appeals", FILING)
    assert second.get("appeals").json()["results"] == []
    second.post("sandbox/clock", {"days": 3})
    assert first.get("sandbox").json()["ahead_seconds"] == 0


def test_caches_files_and_clock_are_its_own():
    program = make_tester()
    cache.set("word", "live")
    program.post("sandbox/clock", {"days": 10})
    before = timezone.now()
    with in_the_sandbox(program):
        assert cache.get("word") is None
        cache.set("word", "sandbox")
        assert (timezone.now() - before).days == 10
        assert realm.media_folder().startswith("realms/sandbox-")
    assert cache.get("word") == "live"
    assert (timezone.now() - before).days == 0


def test_time_that_passes_fires_what_was_due():
    program = make_tester()
    number = program.post("appeals", FILING).json()["number"]
    answer = program.post("sandbox/clock", {"days": 40})
    assert answer.status_code == 200, answer.json()
    with in_the_sandbox(program):
        kinds = list(AppealEvent.objects.filter(appeal__number=number).order_by("seq").values_list("kind", flat=True))
        times = list(
            AppealEvent.objects.filter(appeal__number=number).order_by("seq").values_list("occurred_at", flat=True)
        )
    assert EventKind.REMINDED in kinds
    assert EventKind.ESCALATED in kinds
    assert list(times) == sorted(times)
    assert len({moment.date() for moment in times}) > 2, "each at its own moment, not all at the end"


def test_clock_does_not_run_back_or_too_far():
    program = make_tester()
    assert program.post("sandbox/clock", {"days": 0}).status_code == 422
    assert program.post("sandbox/clock", {"days": 401}).status_code == 400
    assert program.post("sandbox/clock", {"days": 400}).status_code == 200
    assert program.post("sandbox/clock", {"hours": 1}).status_code == 422


def test_clock_that_has_much_to_do_stops_on_the_way_and_says_so(monkeypatch):
    program = make_tester()
    program.post("appeals", FILING)
    monkeypatch.setattr(worlds, "MOST_SECONDS", 0.0)
    answer = program.post("sandbox/clock", {"days": 40})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert 0 < program.get("sandbox").json()["ahead_seconds"] < 40 * 86_400


def test_reset_begins_anew():
    program = make_tester()
    program.post("appeals", FILING)
    program.post("sandbox/clock", {"hours": 5})
    assert program.post("sandbox/reset").json()["ahead_seconds"] == 0
    assert program.get("appeals").json()["results"] == []


@pytest.mark.parametrize("meanwhile", ["moved", "reset"])
def test_clock_that_somebody_else_set_meanwhile_is_left_alone(monkeypatch, meanwhile):
    """Two that move it at once would set it back by turns; one that goes on after a reset would spoil the first day."""
    program, next_stop = make_tester(), worlds._next_stop
    owner = program.application.owner

    def stop(sandbox: Sandbox, target: timedelta) -> timedelta:
        monkeypatch.setattr(worlds, "_next_stop", next_stop)
        if meanwhile == "reset":
            worlds.reset(owner)
        else:
            Sandbox.objects.filter(owner=owner).update(ahead=timedelta(days=9))
        return next_stop(sandbox, target)

    monkeypatch.setattr(worlds, "_next_stop", stop)
    answer = program.post("sandbox/clock", {"days": 30})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    expected = timedelta() if meanwhile == "reset" else timedelta(days=9)
    assert Sandbox.objects.get(owner=owner).ahead == expected


def test_reset_that_was_cut_off_leaves_a_sandbox_that_the_next_one_makes(monkeypatch):
    program = make_tester()
    program.post("appeals", FILING)

    def cut_off(*_args: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(databases, "copy_seed", cut_off)
        assert program.post("sandbox/reset").status_code == 500
    answer = program.get("appeals")
    assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_webhooks_follow_the_role_in_which_the_application_acts():
    """The table of the sandbox says whose events they are; it must know of a role that was changed afterwards."""
    program = make_tester(files_for_others=False)
    made = program.post("webhooks", {"url": "https://hooks.example.kz/"}, key=None).json()
    Application.objects.filter(pk=program.application.pk).update(acts_as=Role.OPERATOR)
    number = program.post("appeals", {"text": FILING["text"], "applicant": {"email": "a@example.kz"}}).json()["number"]
    rows = program.get(f"webhooks/{made['id']}/deliveries").json()["results"]
    assert {json.loads(row["body"])["data"]["number"] for row in rows} == {number}


def test_first_requests_at_once_find_one_world(monkeypatch):
    """Whoever comes second must not begin anew what the first one has filed in already."""
    program = make_tester()
    copied: list[str] = []
    copy = databases.copy_seed
    monkeypatch.setattr(databases, "copy_seed", lambda seed, name: (copied.append(name), copy(seed, name)))
    states = together([lambda: worlds.ready(program.application.owner).state] * 3)
    assert states == [Sandbox.State.READY] * 3
    assert len(copied) == 1
    worlds.reset(program.application.owner)
    assert len(copied) == 2, "by button it begins anew, whatever it is like"


def test_files_go_with_the_world_they_were_uploaded_in(settings):
    on_disk = {"default": {"BACKEND": "common.realm_storage.RealmStorage"}}
    settings.STORAGES = settings.STORAGES | on_disk
    program, other = make_tester(), make_tester()
    for one in (program, other):
        with in_the_sandbox(one):
            default_storage.save("a.txt", ContentFile(b"sandbox"))
    default_storage.save("a.txt", ContentFile(b"live"))
    program.post("sandbox/reset")
    with in_the_sandbox(program):
        assert not default_storage.exists("a.txt")
        default_storage.save("a.txt", ContentFile(b"sandbox"))
    User.objects.filter(pk=program.application.owner_id).update(is_active=False)
    worlds.remove_unused(timezone.now())
    kept = sorted(str(path.relative_to(settings.MEDIA_ROOT)) for path in settings.MEDIA_ROOT.rglob("a.txt"))
    assert kept == ["a.txt", f"realms/sandbox-{other.application.owner_id}/a.txt"]


def test_messages_that_would_have_gone_out_are_shown():
    program = make_tester()
    program.post("appeals", STATUTORY)
    told = program.get("sandbox/messages").json()
    assert told
    assert {"transport", "address", "body"} <= set(told[0])
    assert not Notification.objects.exists()


@pytest.mark.parametrize("role", [people.RESIDENT, Role.OPERATOR, Role.HEAD])
def test_application_acts_as_the_invented_person_of_its_role(role):
    program = make_tester(acts_as="" if role == people.RESIDENT else role)
    with in_the_sandbox(program) as inside:
        assert inside.person.username == f"sandbox.{role}"
    assert not User.objects.filter(username__startswith="sandbox.").exists()


def test_live_key_opens_no_sandbox():
    assert Program(make_application()).get("sandbox").json()["code"] == "not_allowed"


def test_world_is_left_even_when_the_work_fails():
    program = make_tester()
    real = connection.settings_dict["NAME"]
    with pytest.raises(RuntimeError), in_the_sandbox(program):
        assert connection.settings_dict["NAME"] == databases.name_of(program.application.owner_id)
        raise RuntimeError
    assert connection.settings_dict["NAME"] == real
    assert realm.current() is None


def test_files_of_a_realm_cannot_be_named_from_outside(tmp_path, settings):
    store = RealmStorage(location=tmp_path)
    store.save("a.txt", ContentFile(b"live"))
    with realm.inside(realm.Realm(name="sandbox-1", database=connection.settings_dict["NAME"])):
        store.save("a.txt", ContentFile(b"sandbox"))
        assert store.open("a.txt").read() == b"sandbox"
    assert store.open("a.txt").read() == b"live"
    with pytest.raises(ValueError, match="inside"):
        store.open("realms/sandbox-1/a.txt")


def test_sandbox_whose_owner_comes_back_while_it_is_dropped_is_kept(monkeypatch):
    worlds.remove_unused(timezone.now())
    program = make_tester()
    program.get("appeals")
    owner, atomic = program.application.owner, transaction.atomic
    Sandbox.objects.filter(owner=owner).update(state=Sandbox.State.FAILED)

    def come_back(*args: Any, **more: Any) -> Any:
        """At the last moment: it was marked already."""
        monkeypatch.setattr(worlds.transaction, "atomic", atomic)
        worlds.ready(owner)
        return atomic(*args, **more)

    monkeypatch.setattr(worlds.transaction, "atomic", come_back)
    assert worlds.remove_unused(timezone.now()) == 0
    assert program.post("appeals", FILING).status_code == 201


def test_sandbox_that_nobody_enters_is_dropped_and_comes_back_as_on_the_first_day():
    worlds.remove_unused(timezone.now())  # those of owners that other tests had
    tester, other = make_tester(), make_tester()
    tester.post("appeals", FILING)
    other.post("appeals", FILING)
    now = timezone.now()
    long_ago = now - worlds.KEPT_UNUSED - timedelta(days=1)
    Sandbox.objects.filter(owner=tester.application.owner).update(
        created_at=long_ago, reset_at=long_ago, last_used_at=long_ago
    )
    assert worlds.remove_unused(now) == 1
    assert not databases.exists(databases.name_of(tester.application.owner_id))
    assert len(other.get("appeals").json()["results"]) == 1
    assert tester.get("appeals").json()["results"] == []
    User.objects.filter(pk=other.application.owner_id).update(is_active=False)
    assert worlds.remove_unused(now) == 1
    assert worlds.remove_unused(now) == 0


def test_calls_in_the_sandbox_and_live_ones_are_counted_apart():
    """Of one owner; the counts of the sandbox stand outside of it and do not go when it begins anew."""
    program = make_tester()
    live = Program(make_application(program.application.owner))
    live.get("reference/topics")
    for _ in range(3):
        assert program.get("reference/topics").status_code == 200
    assert program.post("sandbox/reset").status_code == 200
    for _ in range(2):  # as they are counted, and as they are stored
        assert [_calls(live), _calls(program)] == [1, 4]
        store_usage()
    assert program.get("usage", {"of": "application"}).json()["totals"]["calls"] == 4
    counted = UsageHour.objects.filter(operation="reference-topics.get").values_list("key", "calls")
    assert dict(counted) == {live.new.row.pk: 1, program.new.row.pk: 3}
    with in_the_sandbox(program):
        assert not UsageHour.objects.exists()


def _calls(program: Program) -> int:
    now = timezone.now()
    since = usage_report.begin_of(now, hours=2)
    return usage_report.report(program.application.pk, since=since, now=now, hourly=True).totals.calls


def test_a_job_leaves_the_seed_to_whoever_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it holds a worker for minutes, and no message goes out."""
    monkeypatch.setattr(databases, "_exists", lambda *_args: pytest.fail("it has waited for the lock or does not look"))
    with databases._server() as maker:
        maker.execute("SELECT pg_advisory_lock(%s)", [databases.SEEDING])
        assert prepare_sandboxes() == databases.seed_name()
