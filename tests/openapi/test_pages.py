"""The way in as pages: register, get a key once, be approved, refused, suspended; nobody touches what is another's."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from audit.models import AuditRecord
from notifications.models import Notification
from openapi import keys
from openapi.applications import mark_of
from openapi.models import ApiKey, Application
from openapi.models.applications import Environment, State
from openapi.scopes import Scope
from tests.factories import make_reference, make_user
from tests.openapi.api import make_application, make_program

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "Aikey",
    "purpose": "Files what the contact centre heard.",
    "organization_name": "Aikey",
    "contact": "it@aikey.example.kz",
    "scopes": ["reference:read", "appeals:file"],
    "networks": "203.0.113.7\r\n198.51.100.0/24",
}
ALLOWED = {"channel": "call109", "files_for_others": "on", "rate": "120"}
KEY = re.compile(r"hub_[a-z0-9]{10}_[A-Za-z0-9_-]{43}")


@pytest.fixture(autouse=True)
def reference():
    make_reference()


def signed_in(user: User, *, proved: bool = True) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    record = session["account_authentication_methods"][-1]
    record |= {"at": time.time(), "reauthenticated": True} if proved else {"at": 1}
    session.save()
    return client


@pytest.fixture
def owner() -> User:
    return make_user(password="x", email="owner@example.kz", language="ru")


@pytest.fixture
def client(owner):
    return signed_in(owner)


@pytest.fixture
def desk():
    return signed_in(make_user(Role.ADMINISTRATOR, password="x"))


def key_on(page: Any) -> str:
    found = KEY.search(page.content.decode())
    assert found
    return found[0]


def make_key(client: Client, application: Application, **given: str) -> Any:
    address = f"/developers/applications/{application.pk}/keys/new/"
    seen = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    assert seen
    return client.post(address, {"seen": seen[1]} | given)


def test_sandbox_application_works_at_once(client, owner):
    answer = client.post("/developers/new/sandbox/", GIVEN | {"acts_as": "executor"})
    application = Application.objects.get()
    assert answer["Location"] == f"/developers/applications/{application.pk}/"
    assert (application.state, application.environment) == (State.APPROVED, Environment.SANDBOX)
    assert application.networks == ["203.0.113.7/32", "198.51.100.0/24"]
    assert (application.owner, application.acts_as) == (owner, "executor")
    row = AuditRecord.objects.get(action="application_changed")
    assert row.details["what"] == "registered"


def test_live_application_waits_and_gets_no_key(client):
    client.post("/developers/new/live/", GIVEN)
    application = Application.objects.get()
    assert application.state == State.WAITING
    answer = make_key(client, application)
    assert answer["Location"] == f"/developers/applications/{application.pk}/"
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [{"scopes": []}, {"scopes": ["cases:read"]}, {"scopes": ["sandbox"]}, {"networks": "everywhere"}, {"name": ""},
     {"contact": "nobody"}],
)  # fmt: skip
def test_bad_live_application_is_refused_and_kept(client, bad):
    answer = client.post("/developers/new/live/", GIVEN | bad)
    assert answer.status_code == 422
    assert GIVEN["purpose"] in answer.content.decode()
    assert not Application.objects.exists()


def test_sandbox_scope_must_fit_the_invented_person(client):
    wanted = GIVEN | {"scopes": ["cases:reply"]}
    assert client.post("/developers/new/sandbox/", wanted).status_code == 422
    assert client.post("/developers/new/sandbox/", wanted | {"acts_as": "head"}).status_code == 302


def test_key_is_shown_once_and_a_page_loaded_again_makes_none(client, owner):
    application = make_application(owner)
    address = f"/developers/applications/{application.pk}/"
    page = make_key(client, application)
    key = key_on(page)
    assert keys.find(key)
    assert "no-store" in page["Cache-Control"]
    again = client.post(f"{address}keys/new/", {"seen": "none"})
    assert again["Location"] == address
    assert ApiKey.objects.count() == 1
    secret = key.split("_", 2)[2]
    for path in ("", "keys/new/", "change/"):
        assert secret not in client.get(address + path).content.decode()
    assert secret not in str(list(AuditRecord.objects.values()))


def test_key_ends_with_the_last_day(client, owner, time_machine):
    time_machine.move_to("2026-11-27T12:00:00+05:00", tick=False)
    client = signed_in(owner)
    make_key(client, make_application(owner), last_day="2026-12-01")
    ends = ApiKey.objects.get().expires_at
    assert ends and ends.isoformat() == "2026-12-01T19:00:00+00:00"  # midnight in the city


def test_last_day_in_the_past_is_refused(client, owner):
    assert make_key(client, make_application(owner), last_day="2020-01-01").status_code == 422
    assert not ApiKey.objects.exists()


def test_rotation_shows_the_new_key_and_ends_the_old_one_later(client, owner):
    application = make_application(owner)
    old = keys.issue(application, by=owner)
    address = f"/developers/applications/{application.pk}/keys/{old.row.pk}/rotate/"
    page = client.post(address, {"seen": old.row.prefix, "days": "7"})
    new = key_on(page)
    assert new != old.key and keys.find(new)
    old.row.refresh_from_db()
    assert old.row.expires_at
    client.post(address, {"seen": old.row.prefix, "days": "7"})
    assert ApiKey.objects.count() == 2


def test_revoking_asks_first(client, owner):
    application = make_application(owner)
    new = keys.issue(application, by=owner)
    address = f"/developers/applications/{application.pk}/keys/{new.row.pk}/revoke/"
    assert client.get(address).status_code == 200
    new.row.refresh_from_db()
    assert new.row.revoked_at is None
    client.post(address)
    new.row.refresh_from_db()
    assert new.row.revoked_at and new.row.revoked_by == owner


@pytest.mark.parametrize("path", ["change/", "keys/new/", "keys/{key}/rotate/"])
def test_what_gives_access_asks_for_a_fresh_proof(owner, path):
    application = make_application(owner)
    key = keys.issue(application, by=owner).row
    client = signed_in(owner, proved=False)
    answer = client.post(f"/developers/applications/{application.pk}/{path.format(key=key.pk)}", {"seen": key.prefix})
    assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("path", ["", "change/", "keys/new/", "keys/{key}/rotate/", "keys/{key}/revoke/"])
def test_applications_of_others_are_not_there(client, path):
    application = make_application()
    key = keys.issue(application, by=application.owner).row
    address = f"/developers/applications/{application.pk}/{path.format(key=key.pk)}"
    assert client.get(address).status_code == 404
    assert client.post(address, {"seen": key.prefix, "days": "0"}).status_code in (404, 405)
    key.refresh_from_db()
    assert key.revoked_at is None and ApiKey.objects.count() == 1


def test_key_of_another_application_is_not_reached_through_ones_own(client, owner):
    foreign = make_application()
    key = keys.issue(foreign, by=foreign.owner).row
    own = make_application(owner)
    assert client.post(f"/developers/applications/{own.pk}/keys/{key.pk}/revoke/").status_code == 404


def test_page_of_the_application_says_when_and_from_where_a_key_was_used(client, owner):
    application = make_application(owner)
    key = keys.issue(application, by=owner).row
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=key.created_at, last_used_address="203.0.113.9")
    page = client.get(f"/developers/applications/{application.pk}/").content.decode()
    assert "203.0.113.9" in page and key.prefix in page


def test_approval_gives_channel_and_rate_and_tells_the_owner(desk, owner):
    application = make_application(owner, state=State.WAITING, files_for_others=False)
    address = f"/staff/applications/{application.pk}/"
    desk.post(f"{address}approve/", ALLOWED | {"seen": mark_of(application)})
    application.refresh_from_db()
    assert application.state == State.APPROVED
    assert (application.channel, application.files_for_others, application.rate) == ("call109", True, 120)
    notice = Notification.objects.get(template="application_approved")
    assert (notice.address, notice.language) == ("owner@example.kz", "ru")
    assert "одобрено" in notice.text and f"/developers/applications/{application.pk}/" in notice.text
    again = desk.post(f"{address}refuse/", {"reason": "no"})
    assert again["Location"] == address
    application.refresh_from_db()
    assert application.state == State.APPROVED


@pytest.mark.parametrize(
    "asked",
    [{"purpose": "Something else."}, {"scopes": ["appeals:file"]}, {"organization_name": "Another"}, {"name": "B"}],
)
def test_nothing_is_approved_that_was_not_read(desk, owner, asked):
    """Until it is approved the owner may change what he asks for, at the last moment too."""
    application = make_application(owner, Scope.REFERENCE_READ, state=State.WAITING)
    address = f"/staff/applications/{application.pk}/"
    page = desk.get(f"{address}approve/").content.decode()
    assert application.purpose in page and mark_of(application) in page
    Application.objects.filter(pk=application.pk).update(**asked)
    for seen in ({"seen": mark_of(application)}, {}):
        assert desk.post(f"{address}approve/", ALLOWED | seen)["Location"] == address
        assert Application.objects.get().state == State.WAITING
    present = mark_of(Application.objects.get())
    assert present in desk.get(f"{address}approve/").content.decode()
    desk.post(f"{address}approve/", ALLOWED | {"seen": present})
    assert Application.objects.get().state == State.APPROVED


def test_refusal_needs_a_reason_and_may_be_asked_again(desk, client, owner):
    application = make_application(owner, state=State.WAITING)
    address = f"/staff/applications/{application.pk}/refuse/"
    assert desk.post(address, {"reason": " "}).status_code == 422
    desk.post(address, {"reason": "Which data?"})
    application.refresh_from_db()
    assert (application.state, application.decision_reason) == (State.REFUSED, "Which data?")
    assert "Which data?" in client.get(f"/developers/applications/{application.pk}/").content.decode()
    client.post(f"/developers/applications/{application.pk}/change/", GIVEN)
    application.refresh_from_db()
    assert application.state == State.WAITING


def test_suspension_stops_the_keys_until_it_is_resumed(desk, owner):
    application = make_application(owner)
    key = keys.issue(application, by=owner).key
    call = {"path": "/api/v1/reference/topics", "headers": {"Authorization": f"Bearer {key}"}}
    assert Client().get(**call).status_code == 200
    desk.post(f"/staff/applications/{application.pk}/suspend/", {"reason": "Floods the hub."})
    assert Client().get(**call).json()["code"] == "application_closed"
    desk.post(f"/staff/applications/{application.pk}/resume/")
    assert Client().get(**call).status_code == 200
    told = set(Notification.objects.values_list("template", flat=True))
    assert told == {"application_suspended", "application_resumed"}


def test_approved_application_shrinks_but_does_not_grow(client, owner):
    application = make_application(owner, networks=[])
    kept = GIVEN | {"name": application.name, "purpose": application.purpose, "organization_name": ""}
    Application.objects.filter(pk=application.pk).update(scopes=["reference:read", "appeals:file"])
    address = f"/developers/applications/{application.pk}/change/"
    more = client.post(address, kept | {"scopes": ["reference:read", "appeals:read"]})
    assert more.status_code == 422
    assert client.post(address, kept | {"purpose": "Something else"}).status_code == 422
    assert client.post(address, kept | {"scopes": ["reference:read"]}).status_code == 302
    application.refresh_from_db()
    assert (application.scopes, application.state) == (["reference:read"], State.APPROVED)
    assert application.networks == ["203.0.113.7/32", "198.51.100.0/24"]


def test_waiting_ones_come_first_for_the_staff(desk, owner):
    waiting = make_application(owner, name="Waits", state=State.WAITING)
    make_application(owner, name="Works")
    make_application(owner, name="Waits for less long", state=State.WAITING)
    make_application(owner, name="Newest")
    page = desk.get("/staff/applications/").content.decode()
    places = [page.index(f">{name}<") for name in ("Waits", "Waits for less long", "Newest", "Works")]
    assert places == sorted(places)
    assert "Works" not in desk.get("/staff/applications/?state=waiting").content.decode()
    assert desk.get(f"/staff/applications/{waiting.pk}/").status_code == 200


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", ["", "errors/", "docs/", "reference/", "cookbook/"])
def test_reading_is_open_to_everybody(path, language):
    answer = Client(headers={"Accept-Language": language}).get(f"/developers/{path}")
    assert answer.status_code == 200
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "https://" not in re.sub(r"https://[^ ]*/api/v1|https?://testserver", "", answer["Content-Security-Policy"])


def test_reference_has_every_operation():
    page = Client().get("/developers/reference/").content.decode()
    from openapi import documents

    paths: Any = documents.load()["paths"]
    names = [operation["operationId"] for item in paths.values() for operation in item.values()]
    assert len(names) > 40
    assert [name for name in names if f'id="{name}"' not in page] == []


def test_owner_reads_the_usage_of_his_application_and_of_no_other(client):
    program, other = make_program(), make_program()
    program.get("reference/topics")
    program.get("appeals/nothing")
    client.force_login(program.application.owner)
    page = client.get(reverse("openapi:usage", args=[program.application.pk]), {"period": "day"})
    assert page.status_code == 200
    assert "list_topics" in page.content.decode()
    assert "not_found" in page.content.decode()
    assert client.get(reverse("openapi:usage", args=[other.application.pk])).status_code == 404


def test_usage_is_downloaded_as_a_table(client):
    program = make_program()
    program.get("reference/topics")
    client.force_login(program.application.owner)
    table = client.get(reverse("openapi:usage", args=[program.application.pk]), {"format": "csv"}).content.decode()
    header, line = table.removeprefix("\ufeff").split()
    assert header.startswith("hour,key,operation,status,code,calls,ms_5")
    assert f",{program.new.row.prefix},list_topics,200,,1," in line


def test_whoever_manages_the_api_sees_the_usage_of_any(client):
    program = make_program()
    program.get("reference/topics")
    client.force_login(make_user(Role.ADMINISTRATOR))
    page = client.get(reverse("openapi:staff_usage", args=[program.application.pk]), {"key": program.new.row.prefix})
    assert "list_topics" in page.content.decode()
