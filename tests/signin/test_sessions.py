"""Open sessions: what their owner sees, how they end, and that an ended one is over for every process at once."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.conf import settings as configured
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.contrib.sessions.models import Session
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, RoleAssignment
from audit.models import AuditRecord
from common.crypto import decrypt
from common.errors import NotFound
from signin import session_store, sessions
from signin.models import OpenSession
from tests.factories import make_department
from tests.signin.people import CHROME, PASSWORD, PHONE, make_person, prove_again, signed_in

pytestmark = pytest.mark.django_db

LIST = "/accounts/sessions/"


def is_in(client: Client) -> bool:
    return client.get(LIST).status_code == 200


@pytest.mark.parametrize(
    ("kind", "age", "unused", "over"),
    [
        ("staff", timedelta(hours=11, minutes=59), timedelta(), False),
        ("staff", timedelta(hours=12), timedelta(), True),
        ("staff", timedelta(hours=2), timedelta(minutes=59), False),
        ("staff", timedelta(hours=2), timedelta(minutes=60), True),
        ("resident", timedelta(days=13), timedelta(days=12), False),
        ("resident", timedelta(days=14), timedelta(), True),
    ],
)
def test_a_session_ends_by_its_age_and_by_not_being_used(kind, age, unused, over):
    now = 1_800_000_000.0
    began, seen = now - age.total_seconds(), now - unused.total_seconds()
    assert sessions.is_over(began=began, seen=seen, now=now, limits=sessions.limits_of(kind)) is over


def test_signing_in_makes_a_row_and_signing_out_takes_it(client):
    user = make_person()
    other = signed_in(user, PHONE)
    assert [row.user_id for row in OpenSession.objects.all()] == [user.pk]
    other.post("/accounts/logout/")
    assert not OpenSession.objects.exists()


def test_the_list_names_devices_and_marks_this_one():
    user = make_person()
    phone = signed_in(user, PHONE, REMOTE_ADDR="10.1.2.3")
    here = signed_in(user, CHROME)
    phone.get(LIST), here.get(LIST)
    OpenSession.objects.update(seen_at=timezone.now() - timedelta(minutes=10))
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert phone.get(LIST).status_code == 200
        page = here.get(LIST)
    text = page.content.decode()
    assert "Safari, iOS" in text
    assert "Chrome, Windows" in text
    assert text.index("Chrome, Windows") < text.index("Safari, iOS"), "this device stands first"
    assert [view.is_current for view in page.context["sessions"]] == [True, False]


def test_use_is_noted_every_few_minutes_and_not_with_each_request():
    user = make_person()
    client = signed_in(user)
    row = OpenSession.objects.get()
    first = row.seen_at
    client.get(LIST)
    row.refresh_from_db()
    assert row.seen_at == first
    with time_machine.travel(timezone.now() + timedelta(seconds=sessions.TOUCH_SECONDS + 1)):
        client.get(LIST)
    row.refresh_from_db()
    assert row.seen_at > first
    assert row.user_agent == CHROME
    assert row.address == "127.0.0.1"


def test_one_device_is_signed_out_after_asking():
    user = make_person()
    phone, here = signed_in(user, PHONE), signed_in(user)
    row = OpenSession.objects.get(session_key=phone.session.session_key)
    assert here.get(f"{LIST}{row.pk}/end/").status_code == 200
    assert is_in(phone), "asking alone does nothing"
    here.post(f"{LIST}{row.pk}/end/")
    assert not is_in(phone)
    assert is_in(here)
    assert AuditRecord.objects.filter(action="sessions_ended", subject_ref=f"user:{user.pk}").count() == 1


def test_nobody_ends_the_session_of_another():
    mine, theirs = make_person(), make_person()
    client, other = signed_in(mine), signed_in(theirs)
    row = OpenSession.objects.get(user=theirs)
    assert client.get(f"{LIST}{row.pk}/end/").status_code == 404
    assert client.post(f"{LIST}{row.pk}/end/").status_code == 404
    assert client.post(f"{LIST}999999/end/").status_code == 404, "a foreign row looks like none"
    assert is_in(other)


@pytest.mark.parametrize(("path", "stays"), [("end-others/", True), ("end-all/", False)])
def test_all_others_or_everywhere(path, stays):
    user = make_person()
    elsewhere, here = [signed_in(user, PHONE), signed_in(user)], signed_in(user)
    assert here.get(LIST + path).status_code == 200
    here.post(LIST + path)
    assert [is_in(client) for client in elsewhere] == [False, False]
    assert is_in(here) is stays


def test_two_who_end_the_same_session_end_it_once():
    user = make_person()
    signed_in(user)
    row = OpenSession.objects.get()
    sessions.end_one(user, row.pk)
    with pytest.raises(NotFound):
        sessions.end_one(user, row.pk)


def store(key: str):
    """The session as a web process of its own would open it."""
    return import_module(configured.SESSION_ENGINE).SessionStore(key)


def test_an_ended_session_is_refused_even_when_another_process_has_just_read_it(monkeypatch):
    """It reads the row, the session ends, and only then it writes what it read into the cache."""
    user = make_person()
    client = signed_in(user)
    key = client.session.session_key
    cache.delete(session_store.SessionStore.cache_key_prefix + key)
    slow = store(key)
    read = slow._get_session_from_db

    def read_then_ended():
        row = read()
        sessions.end_all(user)
        return row

    monkeypatch.setattr(slow, "_get_session_from_db", read_then_ended)
    slow.load()
    assert cache.get(session_store.SessionStore.cache_key_prefix + key), "the gap is real: it is in the cache again"
    assert not Session.objects.filter(session_key=key).exists()
    assert store(key).load() == {}
    assert not is_in(client)


def test_a_request_under_way_cannot_save_an_ended_session_back():
    user = make_person()
    client = signed_in(user)
    under_way = store(client.session.session_key)
    under_way["x"] = 1
    sessions.end_all(user)
    with pytest.raises(UpdateError):
        under_way.save()
    assert not is_in(client)


def test_without_the_cache_an_ended_session_is_over_as_well():
    user = make_person()
    client = signed_in(user)
    sessions.end_all(user)
    cache.clear()
    assert not is_in(client)


def test_what_the_cache_keeps_does_not_outlive_the_mark():
    assert session_store.CACHED_SECONDS < session_store.MARK_SECONDS
    client = signed_in(make_person())
    client.get(LIST)
    name = session_store.SessionStore.cache_key_prefix + client.session.session_key
    assert 0 < cache._cache.get_client().ttl(cache.make_key(name)) <= session_store.CACHED_SECONDS


def test_staff_is_signed_out_after_an_hour_without_use_and_told_so():
    user = make_person(Role.EXECUTOR, department=make_department())
    client = signed_in(user)
    assert is_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        answer = client.get(LIST, follow=True)
        assert answer.redirect_chain[0][0].startswith("/accounts/login/")
        assert list(answer.context["messages"])
        assert not OpenSession.objects.exists()


def test_a_page_that_asks_by_itself_keeps_no_session_alive(settings):
    user = make_person(Role.EXECUTOR, department=make_department())
    client = signed_in(user)
    start = timezone.now()
    for minutes in (20, 40, 59):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert client.get(reverse("appeals:queue-count")).status_code == 200
    with time_machine.travel(start + timedelta(minutes=61)):
        assert client.get(reverse("appeals:queue-count")).status_code == 302


def test_a_session_of_staff_ends_after_twelve_hours_however_much_it_is_used():
    user = make_person(Role.EXECUTOR, department=make_department())
    client = signed_in(user)
    start = timezone.now()
    for minutes in range(30, 12 * 60, 30):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert is_in(client), minutes
    with time_machine.travel(start + timedelta(hours=12, minutes=1)):
        assert not is_in(client)


def test_a_new_password_ends_the_other_sessions_and_renews_this_one():
    user = make_person()
    other, here = signed_in(user, PHONE), signed_in(user)
    before = here.session.session_key
    data = {"oldpassword": PASSWORD, "password1": "жаңа-құпия-сөз-7", "password2": "жаңа-құпия-сөз-7"}
    assert here.post("/accounts/password/change/", data).status_code == 302
    assert is_in(here)
    assert here.session.session_key != before
    assert not is_in(other)
    assert [row.session_key for row in OpenSession.objects.all()] == [here.session.session_key]


def test_a_password_set_by_an_administrator_ends_all_sessions():
    user = make_person()
    client = signed_in(user)
    user.set_password("жаңа-құпия-сөз-7")
    user.save()
    assert not is_in(client)
    assert not OpenSession.objects.exists()


def test_a_closed_account_has_no_sessions():
    user = make_person()
    client = signed_in(user)
    user.is_active = False
    user.save()
    assert not is_in(client)
    assert not OpenSession.objects.exists()


def test_roles_that_come_or_go_end_the_sessions_from_before():
    user = make_person()
    client = signed_in(user)
    role = RoleAssignment.objects.create(user=user, role=Role.EXECUTOR, department=make_department())
    assert not is_in(client)
    client = signed_in(user)
    assert is_in(client)
    role.delete()
    assert not is_in(client)


def test_proving_again_gives_the_session_a_new_id():
    user = make_person()
    client = signed_in(user)
    before = client.session.session_key
    prove_again(client)
    after = client.session.session_key
    assert after != before
    assert is_in(client)
    assert [row.session_key for row in OpenSession.objects.all()] == [after]
    old = Client()
    old.cookies[configured.SESSION_COOKIE_NAME] = before
    assert not is_in(old)


def test_signing_in_never_keeps_the_id_of_before(client):
    client.get("/accounts/login/")
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = session.session_key
    before = session.session_key
    client.force_login(make_person())
    assert client.session.session_key != before
    assert store(before).load() == {}


def test_what_is_over_is_cleared_away():
    user = make_person()
    signed_in(user)
    assert sessions.forget_ended() == 0
    assert sessions.forget_ended(timezone.now() + timedelta(days=15)) == 1
    assert not Session.objects.filter(expire_date__lte=timezone.now() + timedelta(days=15)).exists()


def test_a_visitor_is_led_to_sign_in(client):
    for path in (LIST, f"{LIST}1/end/", f"{LIST}end-others/", "/accounts/not-me/", "/accounts/security/"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert "/accounts/login/" in answer["Location"] or "/accounts/" in answer["Location"]


def test_the_list_costs_the_same_for_many_sessions(django_assert_max_num_queries):
    user = make_person()
    clients = [signed_in(user) for _number in range(12)]
    clients[0].get(LIST)
    with django_assert_max_num_queries(10):
        assert len(clients[0].get(LIST).context["sessions"]) == 12


def test_what_waits_in_a_session_is_readable_neither_in_the_database_nor_in_the_cache():
    """What is sent before somebody proves who he is waits in his session; it may be the secret of a system."""
    store = session_store.SessionStore()
    store["account_reauthentication_state"] = {"request": "client_secret=geheim-4711"}
    store.create()
    row = Session.objects.get(session_key=store.session_key)
    kept = caches["default"].get(store.cache_key)
    assert isinstance(kept, str)
    for text in (row.session_data, kept):
        assert "geheim" in str(CachedStore().decode(decrypt(text.encode()).decode()))
        assert not CachedStore().decode(text), "it opens without the key"
    again = session_store.SessionStore(store.session_key)
    assert again["account_reauthentication_state"]["request"].endswith("4711")
    caches["default"].clear()
    assert session_store.SessionStore(store.session_key)["account_reauthentication_state"]


def test_session_from_before_the_encryption_has_ended():
    store = session_store.SessionStore()
    store.create()
    plain = CachedStore().encode({"a": 1})
    Session.objects.filter(session_key=store.session_key).update(session_data=plain)
    caches["default"].clear()
    assert dict(session_store.SessionStore(store.session_key).items()) == {}
