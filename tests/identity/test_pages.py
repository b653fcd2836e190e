"""The pages of an identity: who may open them, what they show and hide, and the way through the forms."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from appeals.models import Feedback, Verdict
from identity import challenges, iin, levels
from identity.levels import CAPABILITIES, Level
from identity.models import IdentityRecord, ProvenIdentity, SignatureChallenge
from tests.appeals.test_feedback import answered
from tests.factories import make_appeal, make_identified_applicant, make_reference, make_user
from tests.identity.ncanode_double import MAN, WOMAN, key_for_firm, key_of
from tests.identity.signing import IDENTITY, make_confirmed_user, proven_user, signed_challenge
from tools.eds.signatures import sign

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-of-a-test"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def reauthenticated(user):
    """Signed in, and the password typed once more."""
    user.set_password(PASSWORD)
    user.save()
    client = signed_in(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def refresh(user):
    return User.objects.get(pk=user.pk)


OWN_PAGES = ["/my/id/", "/my/id/iin/", "/my/id/signature/", "/my/id/signature/1/", "/my/id/signature/1/file/"]


@pytest.mark.parametrize("url", OWN_PAGES)
def test_a_visitor_is_sent_to_sign_in(client, url):
    response = client.get(url)
    assert response.status_code == 302 and response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_civic_id_opens_for_a_new_account_in_each_language(client, language):
    client.cookies["django_language"] = language
    client.force_login(make_user(first_name="", last_name="", email="", phone=""))
    response = client.get("/my/id/")
    assert response.status_code == 200
    with translation.override(language):
        page = response.content.decode()
        for row in CAPABILITIES:
            assert str(row.label).replace("'", "&#x27;") in page


def test_the_page_shows_no_number_or_address_in_full():
    user = make_confirmed_user(email="aigul@example.kz", phone="+77010000001", iin=MAN, iin_hash=iin.hash_of(MAN))
    page = signed_in(user).get("/my/id/").content.decode()
    for secret in (MAN, "aigul@example.kz", "7010000001", "701 000 00 01"):
        assert secret not in page
    assert "••••••••0019" in page and "a•••@example.kz" in page


def buttons(user):
    page = signed_in(refresh(user)).get("/my/id/").content.decode()
    ladder = page.split('class="id-ladder"')[1].split("</ol>")[0]
    return re.findall(r'<a [^>]*href="([^"]+)"', ladder)


def test_the_ladder_offers_the_next_rung_only(ncanode):
    user = make_user()
    assert buttons(user) == [reverse("signin:contacts")]
    user = make_confirmed_user()
    assert buttons(user) == ["/my/id/iin/"]
    iin.give_iin(user, iin=MAN)
    assert buttons(user) == ["/my/id/signature/"]
    assert buttons(proven_user()) == []


def test_without_ncanode_there_is_no_dead_button(settings):
    settings.NCANODE_URL = ""
    user = make_confirmed_user(iin=MAN, iin_hash=iin.hash_of(MAN))
    assert buttons(user) == []
    client = reauthenticated(user)
    page = client.get("/my/id/signature/").content.decode()
    assert 'name="purpose"' not in page
    client.post("/my/id/signature/", {"purpose": "identity"})
    assert not SignatureChallenge.objects.exists()


def test_a_resting_level_says_why():
    user = make_user(iin=MAN, iin_hash=iin.hash_of(MAN))
    now = timezone.now()
    ProvenIdentity.objects.create(user=user, iin_hash=user.iin_hash, proven_at=now, renewed_at=now, valid_until=now)
    client = signed_in(user)
    client.cookies["django_language"] = "en"
    assert "Your level rests" in client.get("/my/id/").content.decode()


def test_activity_counts_what_the_person_did_with_appeals():
    make_reference()
    user = make_confirmed_user()
    appeal, _clerk = answered(applicant=make_identified_applicant(user_id=user.pk))
    make_appeal(applicant=make_identified_applicant(user_id=user.pk))
    make_appeal()
    Feedback.objects.create(appeal=appeal, reply=appeal.replies.get(), verdict=Verdict.SOLVED, rating=4)
    client = signed_in(user)
    client.cookies["django_language"] = "en"
    page = client.get("/my/id/").content.decode()
    values = re.findall(r'ui-stat-label">([^<]+)</span><span class="ui-stat-value">([^<]+)<', page)
    assert values == [
        ("Submitted", "2"),
        ("Answered", "1"),
        ("Solved by your word", "1"),
        ("Answers disputed", "0"),
        ("Ratings given", "1"),
    ]
    assert f"You called {appeal.number} solved" in page and "4.0 of 5" in page


# The IIN


def test_a_first_number_is_given_without_the_password():
    user = make_confirmed_user()
    client = signed_in(user)
    assert client.post("/my/id/iin/", {"iin": "000101300010"}).status_code == 422
    assert client.post("/my/id/iin/", {"iin": "000101 300 019"}).status_code == 303
    assert levels.level_of(refresh(user)) == Level.IIN


def test_a_change_of_the_number_needs_the_password():
    user = make_confirmed_user(password=PASSWORD)
    iin.give_iin(user, iin=MAN)
    client = signed_in(user)
    for response in (client.get("/my/id/iin/"), client.post("/my/id/iin/", {"iin": WOMAN})):
        assert response.status_code == 302 and "reauthenticate" in response.url
    assert refresh(user).iin == MAN
    client = reauthenticated(user)
    assert client.post("/my/id/iin/", {"iin": WOMAN}).status_code == 303
    assert refresh(user).iin == WOMAN


def answer_to(number):
    user = make_confirmed_user(first_name="Айгүл", last_name="Серікова")
    client = signed_in(user)
    response = client.post("/my/id/iin/", {"iin": number}, follow=True)
    page = re.sub(r'(nonce|csrf\w*|value|datetime|title)="[^"]*"', "", response.content.decode())
    page = page.replace(f"{user.pk:08d}", "").replace(number[-4:], "")
    return response.redirect_chain, page


def test_the_answer_does_not_tell_whether_somebody_has_the_number(ncanode):
    """Proven by another account, typed by another account, unknown: the pages are the same to the letter."""
    proven_user(key_of(MAN))
    iin.give_iin(make_user(), iin=WOMAN)
    of_proven, of_typed, of_nobody = answer_to(MAN), answer_to(WOMAN), answer_to("000101301805")
    assert of_proven[1].splitlines() == of_nobody[1].splitlines()
    assert of_proven == of_typed == of_nobody


# The signature


def open_challenge(client, purpose="identity"):
    response = client.post("/my/id/signature/", {"purpose": purpose})
    assert response.status_code == 303
    return response.url


def upload(client, url, signature, name="text.cms"):
    return client.post(url, {"signature": SimpleUploadedFile(name, signature)})


def test_the_way_through_the_pages(ncanode):
    user = make_confirmed_user()
    client = reauthenticated(user)
    assert client.get("/my/id/signature/").status_code == 200
    url = open_challenge(client)
    text = client.get(url + "file/")
    assert text.headers["Content-Disposition"].startswith("attachment")
    response = upload(client, url, sign(text.content, key_of()))
    assert (response.status_code, response.url) == (303, "/my/id/")
    assert levels.level_of(refresh(user)) == Level.EDS
    page = client.get("/my/id/").content.decode()
    assert "Тестов Тест Тестович" in page


def test_starting_needs_the_password_once_more(ncanode):
    client = signed_in(make_confirmed_user(password=PASSWORD))
    response = client.post("/my/id/signature/", {"purpose": "identity"})
    assert response.status_code == 302 and "reauthenticate" in response.url
    assert not SignatureChallenge.objects.exists()


def test_the_challenge_of_somebody_else_is_not_there(ncanode):
    challenge = challenges.open_challenge(make_confirmed_user(), IDENTITY)
    client = signed_in(make_confirmed_user())
    for url in (f"/my/id/signature/{challenge.pk}/", f"/my/id/signature/{challenge.pk}/file/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/my/id/signature/{challenge.pk}/again/").status_code == 404


@pytest.mark.parametrize(
    ("content", "status"), [(b"", 422), (b"hello", 422), (b"\x30\x03\x02\x01\x03", 422), (sign(b"x", key_of()), 422)]
)
def test_what_is_not_the_right_signature_comes_back_with_the_reason(ncanode, content, status):
    client = reauthenticated(make_confirmed_user())
    response = upload(client, open_challenge(client), content)
    assert response.status_code == status
    assert b"error" in response.content or b"ui-tone-bad" in response.content


def test_an_outage_offers_to_check_again(ncanode):
    user = make_confirmed_user()
    client = reauthenticated(user)
    url = open_challenge(client)
    signature = sign(client.get(url + "file/").content, key_of())
    ncanode.fault = "error"
    response = upload(client, url, signature)
    assert response.status_code == 503 and f'action="{url}again/"' in response.content.decode()
    assert client.post(url + "again/").status_code == 503
    ncanode.fault = ""
    assert client.post(url + "again/").status_code == 303
    assert levels.level_of(refresh(user)) == Level.EDS


def test_the_second_account_of_a_person_is_led_to_the_first(ncanode):
    proven_user(email="first@example.kz")
    client = reauthenticated(make_confirmed_user())
    url = open_challenge(client)
    response = upload(client, url, sign(client.get(url + "file/").content, key_of()))
    page = response.content.decode()
    assert response.status_code == 409 and "f•••@example.kz" in page and reverse("account_logout") in page
    assert "first@example.kz" not in page


def test_a_used_text_says_so(ncanode):
    user = make_confirmed_user()
    client = reauthenticated(user)
    url = open_challenge(client)
    signature = sign(client.get(url + "file/").content, key_of())
    upload(client, url, signature)
    again = upload(client, url, signature)
    assert again.status_code == 422
    assert 'name="signature"' not in client.get(url).content.decode()
    assert IdentityRecord.objects.filter(method="signature").count() == 1


def test_only_the_page_of_the_signature_may_talk_to_ncalayer(ncanode, settings):
    client = reauthenticated(make_confirmed_user())
    policy = client.get(open_challenge(client)).headers["Content-Security-Policy"]
    assert f"connect-src 'self' {settings.NCALAYER_URL}" in policy
    for url in ("/my/id/", "/my/id/signature/", "/my/id/iin/"):
        assert settings.NCALAYER_URL not in client.get(url).headers["Content-Security-Policy"]


def test_an_organization_is_added_and_shown(ncanode):
    user = proven_user()
    client = reauthenticated(user)
    url = open_challenge(client, "organization")
    upload(client, url, sign(client.get(url + "file/").content, key_for_firm()))
    assert "«СЫНАҚ» ЖШС" in client.get("/my/id/").content.decode()


def test_names_and_iin_are_fixed_after_the_signature(ncanode):
    user = proven_user()
    client = reauthenticated(user)
    client.post("/my/profile/", {"language": "ru", "last_name": "Другой", "first_name": "Другой"})
    assert (refresh(user).last_name, refresh(user).language) == ("Тестов", "ru")
    assert client.get("/my/id/iin/").status_code == 302
    client.post("/my/id/iin/", {"iin": WOMAN})
    assert refresh(user).iin == MAN


def test_the_menu_shows_my_id_to_whoever_is_signed_in(client):
    assert b"/my/id/" not in client.get("/").content
    assert b"/my/id/" in signed_in(make_user()).get("/").content


def test_the_page_is_not_kept_by_anybody(ncanode):
    client = signed_in(make_confirmed_user())
    assert "no-store" in client.get("/my/id/").headers["Cache-Control"]


def test_a_signature_waiting_to_be_checked_is_the_persons_own(ncanode):
    challenge = signed_challenge(make_confirmed_user())
    assert signed_in(make_confirmed_user()).post(f"/my/id/signature/{challenge.pk}/again/").status_code == 404
