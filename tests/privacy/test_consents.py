"""Texts of consent are published once and for good; giving and withdrawing is an append-only story."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from appeals.reference.files import read_rows
from appeals.reference.loader import load_all
from common.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from common.rows import forget_rows
from common.text import sha256_of
from privacy import consents
from privacy.models import ConsentEvent, ConsentPurpose, ConsentText
from privacy.models.consent import PARTS
from tests.factories import make_consent_text, make_user
from tests.privacy.people import make_resident

pytestmark = pytest.mark.django_db

# Whoever changes a shipped text raises its version and writes the new digest here.
SHIPPED = {("appeal", "2026-11"): "d7c331d5b6ab085b", ("survey", "2026-11"): "074983bc28630af0"}


def test_a_shipped_version_has_one_text() -> None:
    words = {
        (row["purpose"], row["version"]): " ".join(
            row[f"{part}_{lang}"] for part in PARTS for lang in ("kk", "ru", "en")
        )
        for row in read_rows("consent_texts.json")
    }
    assert {key: sha256_of(text)[:16] for key, text in words.items()} == SHIPPED


def test_shipped_texts_are_published_and_never_reset() -> None:
    load_all()
    before = list(ConsentText.objects.values())
    assert before and all(row["published_at"] for row in before)
    load_all(overwrite=True)
    assert list(ConsentText.objects.values()) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE privacy_consenttext SET text_kk = 'other'",
        "UPDATE privacy_consenttext SET published_at = NULL",
        "UPDATE privacy_consenttext SET effective_from = '2020-01-01'",
        "DELETE FROM privacy_consenttext",
        "UPDATE privacy_consentevent SET kind = 'withdrawn'",
        "DELETE FROM privacy_consentevent",
    ],
)
def test_database_refuses_to_change_what_was_published_and_agreed(statement: str) -> None:
    make_consent_text(purpose="survey")
    consents.give(make_resident(), "survey", channel="web")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_draft_begins_with_the_newest_words_and_is_published_once() -> None:
    old = make_consent_text("2026-11", text_kk="Ескі мәтін")
    writer = make_user(Role.METHODOLOGIST)
    draft = consents.new_draft(old.purpose_id, version="2027-01", actor=writer)
    assert draft.text_kk == "Ескі мәтін" and draft.published_at is None
    ConsentText.objects.filter(pk=draft.pk).update(text_kk="Жаңа мәтін")
    forget_rows()
    assert consents.version_of("appeal") == "2026-11", "a draft is not in force"
    consents.publish(draft.pk, actor=writer)
    forget_rows()
    assert consents.text_of("appeal").text_kk == "Жаңа мәтін"
    with pytest.raises(Conflict):
        consents.publish(draft.pk, actor=writer)
    with pytest.raises(ValidationFailed):
        consents.new_draft(old.purpose_id, version="2027-01", actor=writer)


def test_text_that_lacks_a_language_is_not_published() -> None:
    writer = make_user(Role.METHODOLOGIST)
    draft = make_consent_text("2027-01", published_at=None, transfer_ru="  ")
    with pytest.raises(ValidationFailed) as refused:
        consents.publish(draft.pk, actor=writer)
    assert refused.value.field == "transfer_ru"


def test_text_is_in_force_from_its_day() -> None:
    make_consent_text("2026-11", effective_from=dt.date(2026, 11, 1))
    make_consent_text("2099-01", effective_from=timezone.localdate() + dt.timedelta(days=1))
    assert consents.version_of("appeal") == "2026-11"


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.EXECUTOR, Role.HEAD, ""])
def test_others_write_no_texts(role: str, client: Client) -> None:
    text = make_consent_text("2027-01", published_at=None)
    user = make_user(role)
    with pytest.raises(NotAllowed):
        consents.publish(text.pk, actor=user)
    client.force_login(user)
    for url in (
        "/staff/privacy/texts/",
        f"/staff/privacy/texts/{text.pk}/",
        f"/staff/privacy/texts/{text.pk}/publish/",
    ):
        assert client.get(url).status_code == 403


def test_purpose_that_nobody_entered_is_asked_for() -> None:
    assert consents.is_asked("appeal") is True
    assert consents.version_of("appeal") == consents.NO_VERSION


def test_giving_twice_is_once_and_withdrawing_ends_it() -> None:
    make_consent_text(purpose="survey")
    user = make_resident()
    assert consents.give(user, "survey", channel="web") is not None
    assert consents.give(user, "survey", channel="web") is None
    assert consents.agrees_to(user, "survey")
    ref = f"user:{user.pk}"
    assert consents.withdraw(user, "survey", ref=ref, channel="web") is not None
    assert consents.withdraw(user, "survey", ref=ref, channel="web") is None
    assert not consents.agrees_to(user, "survey")
    assert [held.withdrawn_at is not None for held in consents.held_by(user)] == [True]
    assert consents.give(user, "survey", channel="web") is not None, "one may change one's mind"
    assert list(ConsentEvent.objects.values_list("kind", flat=True)) == ["given", "withdrawn", "given"]


def test_new_version_is_agreed_to_anew() -> None:
    make_consent_text("2026-11", purpose="survey", effective_from=dt.date(2026, 11, 1))
    user = make_resident()
    consents.give(user, "survey", channel="web")
    make_consent_text("2027-01", purpose="survey", effective_from=dt.date(2026, 11, 2))
    given = consents.give(user, "survey", channel="web")
    assert given is not None and given.version == "2027-01"


def test_nobody_withdraws_what_another_one_gave() -> None:
    make_consent_text(purpose="survey")
    user, stranger = make_resident(), make_resident("Болат")
    consents.give(user, "survey", channel="web")
    with pytest.raises(NotFound):
        consents.withdraw(stranger, "survey", ref=f"user:{user.pk}", channel="web")
    assert consents.agrees_to(user, "survey")


def test_what_is_not_asked_for_is_not_given() -> None:
    make_consent_text(purpose="survey")
    ConsentPurpose.objects.update(is_asked=False)
    forget_rows()
    with pytest.raises(NotFound):
        consents.give(make_resident(), "survey", channel="web")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_page_of_texts_shows_every_version_in_the_language(client: Client, language: str) -> None:
    make_consent_text("2026-11", effective_from=dt.date(2026, 11, 1))
    make_consent_text("2027-01", effective_from=dt.date(2026, 11, 2))
    make_consent_text("draft-1", published_at=None)
    client.cookies["django_language"] = language
    page = client.get("/privacy/consents/").content.decode()
    assert "2026-11" in page and "2027-01" in page and "draft-1" not in page
    assert f"operator {language}" in page


def test_draft_is_edited_previewed_and_published_by_its_pages(client: Client) -> None:
    make_consent_text("2026-11")
    client.force_login(make_user(Role.METHODOLOGIST))
    purpose = ConsentPurpose.objects.get()
    assert client.post("/staff/privacy/texts/", {"purpose": purpose.pk, "version": "2027 01"}).status_code == 422
    response = client.post("/staff/privacy/texts/", {"purpose": purpose.pk, "version": "2027-01"})
    url = response["Location"]
    words = {f"{part}_{lang}": f"жаңа {part}" for part in PARTS for lang in ("kk", "ru", "en")}
    assert client.post(url, {"effective_from": "2026-11-02"} | words).status_code == 303
    assert "жаңа text" in client.get(url).content.decode()
    assert client.get(f"{url}publish/").status_code == 200
    client.post(f"{url}publish/")
    assert ConsentText.objects.get(version="2027-01").published_at
    assert client.post(url, {"effective_from": "2026-11-02"} | words).status_code == 200, "nothing to send any more"
    assert ConsentText.objects.get(version="2027-01").text_kk == "жаңа text"
