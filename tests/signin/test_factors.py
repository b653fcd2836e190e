"""Apps that make codes, passkeys, recovery codes: spent once, encrypted, never the last one of the staff."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta
from importlib import import_module
from urllib.parse import quote

import pyotp
import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role, User
from common.phones import mask_phone
from notifications.models import Notification
from signin import factors, recovery_codes, totp_codes
from signin.mfa_adapter import MFAAdapter, is_own_origin, relying_party
from signin.mfa_forms import PasskeySignInForm, refuse_foreign_origin, refuse_unverified
from signin.models import Throttle
from tests.factories import make_department, make_user
from tests.races.together import Meeting, failures, together, without_row_locks
from tests.signin.by_form import give_password
from tests.signin.people import add_app, make_person, prove_again, signed_in

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SECOND = "/accounts/2fa/authenticate/"
ADD_APP = "/accounts/2fa/totp/activate/"
CODES = "/accounts/2fa/recovery-codes/"


def proved(user) -> Client:
    client = signed_in(user)
    prove_again(client)
    return client


def add_by_page(client: Client) -> pyotp.TOTP:
    page = client.get(ADD_APP)
    app = pyotp.TOTP(page.context["form"].secret)
    answer = client.post(ADD_APP, {"code": app.now()})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return app


# Apps


def test_an_app_is_added_with_picture_and_key_and_then_asked_for():
    user = make_person()
    client = proved(user)
    page = client.get(ADD_APP)
    text = page.content.decode()
    assert "<svg" in text
    assert "data:image" not in text
    assert "".join(page.context["secret_groups"]) == page.context["form"].secret
    app = add_by_page(client)
    fresh = Client()
    assert give_password(fresh, user.username)["Location"] == SECOND
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        assert fresh.post(SECOND, {"code": app.now()}).status_code == 302
        assert fresh.get("/accounts/security/").status_code == 200


def test_the_code_with_which_an_app_was_added_is_spent():
    user = make_person()
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        app = add_by_page(proved(user))
        fresh = Client()
        give_password(fresh, user.username)
        assert fresh.post(SECOND, {"code": app.now()}).status_code == 200


def test_a_wrong_code_adds_nothing():
    client = proved(make_person())
    client.get(ADD_APP)
    answer = client.post(ADD_APP, {"code": "000000"})
    assert answer.status_code == 200
    assert "prove in another way" not in str(answer.context["form"].errors)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("contacts", "shown"),
    [
        ({"email": "aigul@example.kz", "phone": "+77010000001"}, "a•••@example.kz"),
        ({"email": "", "phone": "+77010000001"}, mask_phone("+77010000001")),
        ({"email": "", "phone": ""}, "r7a59"),
    ],
)
def test_the_app_names_the_account_by_what_its_owner_knows(contacts, shown):
    user = User(pk=1, username="r7a59", **contacts)
    assert quote(shown) in MFAAdapter().build_totp_url(user, SECRET)
    assert MFAAdapter().get_public_key_credential_user_entity(user)["name"] == shown


@pytest.mark.parametrize(("off", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(off, accepted):
    user = make_person()
    app = add_app(user)
    now = 1_800_000_000
    code = app.at(now + off)
    assert (totp_codes.step_of(app.secret, code, now) is not None) is accepted


@given(st.text(max_size=20))
def test_nothing_but_a_code_is_a_code(text):
    step = totp_codes.step_of(SECRET, text, 1_800_000_000)
    codes = {pyotp.TOTP(SECRET).at(1_800_000_000 + off) for off in (-30, 0, 30)}
    assert (step is not None) == ("".join(sign for sign in text if sign.isdecimal()) in codes)


def test_a_code_is_good_once_even_when_the_cache_forgets():
    user = make_person()
    app = add_app(user)
    row = Authenticator.objects.get()
    with time_machine.travel(timezone.now(), tick=False):
        code = app.now()
        assert totp_codes.use(row, code)
        cache.clear()
        assert not totp_codes.use(row, code)
    with time_machine.travel(timezone.now() + timedelta(seconds=30), tick=False):
        assert not totp_codes.use(row, code), "still within the tolerance, and spent"


def test_a_code_older_than_the_last_one_is_refused():
    app = add_app(make_person())
    row = Authenticator.objects.get()
    with time_machine.travel(timezone.now(), tick=False):
        before = app.at(timezone.now() - timedelta(seconds=30))
        assert totp_codes.use(row, app.now())
        assert not totp_codes.use(row, before)


@pytest.mark.django_db(transaction=True)
def test_two_with_one_code_at_once_and_one_gets_in():
    app = add_app(make_person())
    row, code = Authenticator.objects.get(), app.now()
    results = together([lambda: totp_codes.use(row, code)] * 4)
    assert not failures(results)
    assert sorted(results) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_get_in(monkeypatch):
    """The control: all have read the row before any of them writes."""
    app = add_app(make_person())
    row, code = Authenticator.objects.get(), app.now()
    meeting, step_of = Meeting(2), totp_codes.step_of

    def slowly(*args):
        meeting.wait()
        return step_of(*args)

    without_row_locks(monkeypatch)
    monkeypatch.setattr(totp_codes, "step_of", slowly)
    assert together([lambda: totp_codes.use(row, code)] * 2) == [True, True]


def test_seeds_are_encrypted_at_rest():
    user = make_person()
    app = add_by_page(proved(user))
    stored = {row.type: row.data for row in Authenticator.objects.all()}
    assert app.secret not in json.dumps(stored)
    assert stored["totp"]["secret"].startswith("gAAAA")


def test_recovery_codes_are_hashed_like_passwords_at_rest():
    client = proved(make_person())
    codes = make_codes(client)
    stored = Authenticator.objects.get().data
    assert set(stored) == {"salt", "hashes", "viewed_at"}
    assert len(stored["salt"]) == 32
    assert all(any(check_password(code, kept) for kept in stored["hashes"]) for code in codes)
    assert not any(code in json.dumps(stored) for code in codes)
    assert not any(code in json.dumps(dict(client.session.items()), default=str) for code in codes)


def test_codes_that_nobody_has_seen_open_nothing():
    row = RecoveryCodes.activate(make_person()).instance
    unseen = RecoveryCodes(row).get_unused_codes()
    assert not row.wrap().validate_code(unseen[0])
    assert recovery_codes.HashedRecoveryCodes(row).reveal() == unseen
    assert recovery_codes.HashedRecoveryCodes(row).reveal() is None, "once"
    assert row.wrap().validate_code(unseen[0])


def test_codes_of_before_are_hashed_by_the_migration():
    hash_codes = import_module("signin.migrations.0004_hash_recovery_codes").hash_codes
    row = RecoveryCodes.activate(make_person()).instance
    codes = RecoveryCodes(row).get_unused_codes()
    row.data |= {"viewed_at": 1.0, "used_mask": 1}
    row.save()
    hash_codes(apps, None)
    row.refresh_from_db()
    assert "seed" not in row.data
    assert not row.wrap().validate_code(codes[0]), "used before"
    assert row.wrap().validate_code(codes[1])
    assert recovery_codes.HashedRecoveryCodes(Authenticator.objects.get()).count_left() == 8


def test_too_many_wrong_codes_are_refused_even_before_a_right_one():
    user = make_person()
    app = add_app(user)
    client = Client()
    give_password(client, user.username)
    for _try in range(12):
        client.post(SECOND, {"code": "000000"})
    assert client.post(SECOND, {"code": app.now()}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_codes_of_an_app_are_counted_as_those_that_are_sent():
    """All day, whatever the cache forgets; the owner in his own browser has tries of his own and learns of it."""
    user = make_person()
    app = add_app(user)
    home = Client()
    give_password(home, user.username)
    assert home.post(SECOND, {"code": app.now()}).status_code == 302
    home.post("/accounts/logout/")
    thief = Client()
    for quarter in range(8):
        with time_machine.travel(timezone.now() + timedelta(minutes=16 * quarter), tick=False):
            give_password(thief, user.username)
            for _try in range(5):
                thief.post(SECOND, {"code": "000000"})
            cache.clear()
    counts = Throttle.objects.filter(key__startswith="code-day:").values_list("count", flat=True)
    assert max(counts) == 40
    assert Notification.objects.filter(template="password_known").exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=150), tick=False):
        give_password(thief, user.username)
        assert thief.post(SECOND, {"code": app.now()}).status_code == 200, "twenty a day are enough"
        give_password(home, user.username)
        assert home.post(SECOND, {"code": app.now()}).status_code == 302


# Who may add and remove


def test_whoever_confirmed_no_contact_adds_no_factor():
    user = make_user(password="сауран-самал-2026")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    client = signed_in(user)
    prove_again(client)
    for path in (ADD_APP, "/accounts/2fa/webauthn/add/", f"{CODES}generate/"):
        assert client.get(path)["Location"] == "/accounts/security/", path
        client.post(path, {"code": "123456"})
    assert not Authenticator.objects.exists()


def make_key(user, name="Кілт") -> Authenticator:
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


@pytest.mark.parametrize(
    ("role", "email", "may"), [(Role.EXECUTOR, "", False), (Role.EXECUTOR, "a@b.kz", True), ("", "", True)]
)
def test_the_last_second_step_of_the_staff_stays(role, email, may):
    user = make_person(role, department=make_department() if role else None, email=email)
    add_app(user)
    row = Authenticator.objects.get()
    assert factors.may_remove(row) is may
    client = proved(user)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(pk=row.pk).exists() is not may


def test_the_last_passkey_of_the_staff_stays():
    user = make_person(Role.EXECUTOR, department=make_department(), email="")
    row = make_key(user)
    client = proved(user)
    path = f"/accounts/2fa/webauthn/keys/{row.pk}/remove/"
    assert client.get(path)["Location"] == "/accounts/2fa/webauthn/"
    client.post(path)
    assert Authenticator.objects.filter(pk=row.pk).exists()
    add_app(user)
    client.post(path)
    assert not Authenticator.objects.filter(pk=row.pk).exists()


def test_a_passkey_is_renamed_and_only_its_own():
    mine, theirs = make_person(), make_person()
    row, foreign = make_key(mine), make_key(theirs)
    client = proved(mine)
    assert client.post(f"/accounts/2fa/webauthn/keys/{row.pk}/edit/", {"name": "Телефон"}).status_code == 302
    assert "Телефон" in client.get("/accounts/2fa/webauthn/").content.decode()
    for action in ("edit", "remove"):
        assert client.get(f"/accounts/2fa/webauthn/keys/{foreign.pk}/{action}/").status_code == 404
        assert client.post(f"/accounts/2fa/webauthn/keys/{foreign.pk}/{action}/", {"name": "x"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.data["name"] == "Кілт"


@pytest.mark.parametrize(
    ("public", "party", "origin", "own"),
    [
        ("https://uni.kz", "uni.kz", "https://uni.kz", True),
        ("https://uni.kz", "uni.kz", "https://evil.uni.kz", False),
        ("https://uni.kz", "uni.kz", "http://uni.kz", False),
        ("https://uni.kz", "uni.kz", "https://uni.kz:8443", False),
        ("https://uni.kz", "uni.kz", "https://uni.kz.evil.example", False),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000", True),
        ("http://127.0.0.1:8000", "localhost", "http://evil.example", False),
    ],
)
def test_passkeys_answer_from_the_public_address_only(settings, public, party, origin, own):
    settings.PUBLIC_URL = public
    assert relying_party() == party
    assert is_own_origin(origin) is own
    data = base64.urlsafe_b64encode(json.dumps({"origin": origin}).encode()).decode().rstrip("=")
    if own:
        refuse_foreign_origin({"response": {"clientDataJSON": data}})
    else:
        with pytest.raises(ValidationError):
            refuse_foreign_origin({"response": {"clientDataJSON": data}})


NAMES = st.sampled_from(["response", "clientDataJSON", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=5,
)


@given(JSON)
def test_whatever_stands_in_a_credential_is_refused_and_never_an_error(value):
    with pytest.raises(ValidationError):
        refuse_foreign_origin(value)


@pytest.mark.parametrize("credential", ["", "null", "[]", "{}", '{"response": {"clientDataJSON": "e30"}}', "nonsense"])
def test_a_foreign_passkey_signs_nobody_in(client, credential):
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("flags", "is_enough"), [(0x05, True), (0x01, False), (0x41, False)])
def test_a_key_that_has_not_seen_its_owner_is_no_passkey(flags, is_enough):
    """Whatever the session had asked for: the page of a pending sign-in is content with a touch."""
    signed = base64.urlsafe_b64encode(bytes(32) + bytes([flags]) + bytes(4)).decode()
    credential = {"response": {"authenticatorData": signed}}
    if is_enough:
        refuse_unverified(credential)
    else:
        with pytest.raises(ValidationError):
            refuse_unverified(credential)
    assert refuse_unverified in PasskeySignInForm().fields["credential"].validators


def test_options_for_a_passkey_name_no_account(client):
    make_key(make_person())
    answer = client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    assert not answer["request_options"]["publicKey"].get("allowCredentials")
    assert answer["request_options"]["publicKey"]["userVerification"] == "required"


# Recovery codes


def make_codes(client: Client) -> list[str]:
    answer = client.post(f"{CODES}generate/", follow=True)
    found: list[str] = answer.context["codes"]
    return found


def test_codes_are_made_without_app_or_passkey_and_shown_once():
    user = make_person()
    client = proved(user)
    assert client.get(f"{CODES}generate/").status_code == 200
    assert not Authenticator.objects.exists(), "asking makes none"
    codes = make_codes(client)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"\d{8}", code) for code in codes)
    assert client.get(CODES).context["codes"] == codes, "the same quarter of an hour"
    with time_machine.travel(timezone.now() + timedelta(minutes=14)):
        assert codes[0][:4] in client.get(f"{CODES}sheet/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        prove_again(client)
        assert client.get(CODES).context["codes"] is None
        assert client.get(f"{CODES}sheet/").status_code == 302
        assert client.get(f"{CODES}download/").status_code == 302


def test_another_session_never_sees_them():
    user = make_person()
    codes = make_codes(proved(user))
    other = proved(user)
    assert other.get(CODES).context["codes"] is None
    assert codes[3] not in other.get(CODES).content.decode()


def test_sheet_and_file_speak_three_languages_and_are_kept_by_nobody():
    user = make_person()
    client = proved(user)
    codes = make_codes(client)
    for path in ("sheet/", "download/"):
        answer = client.get(CODES + path)
        text = answer.content.decode()
        for words in ("Резервтік кодтар", "Резервные коды", "Recovery codes"):
            assert words in text
        assert all(f"{code[:4]} {code[4:]}" in text for code in codes)
        assert "no-store" in answer["Cache-Control"]
    assert "attachment" in answer["Content-Disposition"]


def test_new_codes_make_the_old_ones_void():
    user = make_person()
    client = proved(user)
    old = make_codes(client)
    new = make_codes(client)
    assert not set(old) & set(new)
    row = Authenticator.objects.get()
    assert not row.wrap().validate_code(old[0])
    assert row.wrap().validate_code(new[0])
    assert not Authenticator.objects.get().wrap().validate_code(new[0]), "once"


def test_few_codes_left_are_told():
    user = make_person()
    client = proved(user)
    codes = make_codes(client)
    for code in codes[:7]:
        assert Authenticator.objects.get().wrap().validate_code(code)
    page = client.get("/accounts/security/")
    assert recovery_codes.count_left(user) == 3
    assert any("3" in item.text for item in page.context["advice"])


# The page


def test_the_page_leads_from_weak_to_strong():
    user = make_person(email="")
    client = signed_in(user)
    assert client.get("/accounts/security/").context["strength"]["tone"] == "bad"
    user.email = "a@b.kz"
    user.save()
    EmailAddress.objects.create(user=user, email="a@b.kz", verified=True, primary=True)
    assert client.get("/accounts/security/").context["strength"]["tone"] == "info"
    add_app(user)
    make_codes(proved(user))
    page = client.get("/accounts/security/")
    assert page.context["strength"]["tone"] == "good"
    assert page.context["advice"] == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_opens_in_three_languages(language):
    user = make_person()
    key = make_key(user)
    client = proved(user)
    client.cookies["django_language"] = language
    make_codes(client)
    paths = [
        "/accounts/security/", "/accounts/sessions/", ADD_APP, CODES, f"{CODES}generate/", f"{CODES}sheet/",
        "/accounts/2fa/webauthn/", f"/accounts/2fa/webauthn/keys/{key.pk}/edit/",
        f"/accounts/2fa/webauthn/keys/{key.pk}/remove/", "/accounts/not-me/", "/accounts/reauthenticate/",
        "/accounts/sessions/end-others/", "/accounts/sessions/end-all/",
    ]  # fmt: skip
    for path in paths:
        assert client.get(path).status_code == 200, path
    assert client.get("/accounts/2fa/")["Location"] == "/accounts/security/"
    add_app(user)
    for path in ("/accounts/2fa/totp/deactivate/", "/accounts/2fa/reauthenticate/"):
        assert client.get(path).status_code == 200, path
