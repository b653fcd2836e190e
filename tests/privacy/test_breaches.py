"""The register of breaches: one working day to tell, the notice, the persons, each once."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Role, User
from audit import trail
from audit.alarm import raise_alarm
from audit.models import AuditRecord
from common.errors import Conflict, NotAllowed, ValidationFailed
from notifications.models import Notification
from privacy import affected, breaches, tasks
from privacy.forms import BreachForm
from privacy.models import AffectedPerson, AffectedQuery, Breach, CaseEvent
from tests.factories import make_appeal, make_identified_applicant, make_user
from tests.privacy.people import make_duties, make_own_appeal, make_resident
from tests.privacy.test_exporting import prove_again

pytestmark = pytest.mark.django_db
WHOLE = {
    "title": "Хат қате жіберілді", "kind": "disclosure", "severity": "high", "what": "Тізім басқа мекенжайға кетті",
    "categories": "аты-жөні, телефон", "measures": "Хат кері шақырылды", "contact_name": "Д. Қасымова",
    "contact_phone": "+77010000009", "contact_email": "d@example.kz",
}  # fmt: skip


def make_breach(officer: User, **values: Any) -> Breach:
    return breaches.open_breach(WHOLE | values, discovered_at=timezone.now() - dt.timedelta(minutes=5), actor=officer)


def test_clock_begins_with_the_discovery_and_stops_with_the_telling() -> None:
    officer = make_duties()
    breach = make_breach(officer)
    assert breach.working_days == 1 and breach.next_mark_at
    at = timezone.now() - dt.timedelta(minutes=1)
    breaches.notified(breach.pk, how="портал, № 5", at=at, actor=officer)
    breach.refresh_from_db()
    assert (breach.state, breach.done_at, breach.next_mark_at) == ("notified", at, None)
    assert Notification.objects.filter(user=officer, subject_ref=f"{breach.ref}:new").exists()


@pytest.mark.parametrize("missing", breaches.NEEDED)
def test_authorised_body_is_not_told_half_a_story(missing: str) -> None:
    officer = make_duties()
    breach = make_breach(officer, **{missing: " "})
    with pytest.raises(ValidationFailed):
        breaches.notified(breach.pk, how="портал", at=timezone.now(), actor=officer)


@pytest.mark.parametrize("hours", [-2, 1])
def test_time_of_the_telling_fits_the_discovery(hours: int) -> None:
    officer = make_duties()
    breach = make_breach(officer)
    with pytest.raises(ValidationFailed):
        breaches.notified(breach.pk, how="x", at=timezone.now() + dt.timedelta(hours=hours), actor=officer)


def test_change_keeps_what_stood_there_and_refuses_what_was_not_seen() -> None:
    officer = make_duties()
    breach = make_breach(officer)
    breaches.change(breach.pk, {"what": "Жаңа мәлімет"}, actor=officer, seen=0)
    event = CaseEvent.objects.get(case_ref=breach.ref, kind="changed")
    assert event.data["before"] == {"what": WHOLE["what"]}
    with pytest.raises(Conflict):
        breaches.change(breach.pk, {"what": "Тағы"}, actor=officer, seen=0)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HEAD, Role.OPERATOR, ""])
def test_breaches_are_the_security_officers(role: str, client: Client) -> None:
    officer = make_duties()
    breach = make_breach(officer)
    other = make_user(role)
    with pytest.raises(NotAllowed):
        breaches.close(breach.pk, conclusion="Бұзушылық болған жоқ", actor=other)
    client.force_login(other)
    assert client.get(f"/staff/privacy/breaches/{breach.pk}/").status_code == 403


def test_broken_chain_opens_a_draft_once() -> None:
    officer = make_duties()
    for _time in range(2):
        raise_alarm(subject_ref="audit:7", why="hash")
    draft = Breach.objects.get()
    assert (draft.state, draft.severity, draft.opened_by) == ("draft", "high", None)
    assert "audit:7" in draft.what
    breaches.change(draft.pk, WHOLE, actor=officer)
    draft.refresh_from_db()
    assert draft.state == "open"


# Persons


def collected(breach: Breach, source: str, officer: User, **params: str) -> list[tuple[str, str, str]]:
    breaches.ask_for_persons(breach.pk, source, params, actor=officer)
    assert tasks.collect_affected() == 1
    return [(row.name, row.iin, row.phone) for row in AffectedPerson.objects.filter(breach=breach)]


def test_everything_an_account_looked_at_between_two_instants() -> None:
    officer, suspect = make_duties(), make_user(Role.OPERATOR, username="suspect")
    seen, unseen, earlier = (
        make_appeal(applicant=make_identified_applicant(full_name=name, identifier="", phone=phone))
        for name, phone in (("Көрген", "+77010000011"), ("Көрмеген", "+77010000012"), ("Ертерек", "+77010000013"))
    )
    for appeal in (seen, earlier):
        trail.record(action="viewed_identity", actor=suspect, subject_ref=f"appeal:{appeal.number}")
    trail.record(action="viewed_identity", actor=officer, subject_ref=f"appeal:{unseen.number}")
    records = AuditRecord.objects.filter(actor=suspect).order_by("pk")
    begin = records[0].at.isoformat()
    breach = make_breach(officer)
    found = collected(breach, "looked_at", officer, account="suspect", since=begin, until=records[0].at.isoformat())
    assert found == [("Көрген", "", "+77010000011")]


def test_person_found_twice_is_listed_once_and_a_killed_search_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = make_duties()
    user = make_resident(iin="000101300019")
    for _number in range(3):
        make_own_appeal(user)
    breach = make_breach(officer)
    breaches.ask_for_persons(breach.pk, "appeals", {}, actor=officer)
    add, calls = affected._add, []

    def killed(*args: Any) -> int:
        calls.append(args)
        added = add(*args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return added

    monkeypatch.setattr(affected, "CHUNK", 1)
    monkeypatch.setattr(affected, "_add", killed)
    with pytest.raises(KeyboardInterrupt):
        tasks.collect_affected()
    tasks.collect_affected()
    assert tasks.collect_affected() == 0
    assert AffectedPerson.objects.count() == 1
    assert AffectedQuery.objects.get().found == 1


def test_list_from_a_file_and_from_accounts() -> None:
    officer = make_duties()
    resident = make_resident(iin="000101300019")
    breach = make_breach(officer)
    lines = "Сәуле,000101300027,\nБолат,,+77010000021\n,,\nСәуле,000101300027,+77010000022\n"
    found = collected(breach, "file", officer, lines=lines)
    assert found == [("Сәуле", "000101300027", ""), ("Болат", "", "+77010000021")]
    collected(breach, "users", officer)
    assert AffectedPerson.objects.filter(breach=breach).count() >= 3
    assert any(row.iin == resident.iin for row in AffectedPerson.objects.all())


def test_list_is_downloaded_with_the_columns_asked_for_and_recorded(client: Client) -> None:
    officer = make_duties()
    breach = make_breach(officer)
    collected(breach, "file", officer, lines="=HYPERLINK(1),000101300019,+77010000021\n")
    client.force_login(officer)
    url = f"/staff/privacy/breaches/{breach.pk}/persons.csv?columns=name&columns=phone"
    assert client.get(url).status_code == 302, "the password comes first"
    prove_again(client)
    text = b"".join(client.get(url).streaming_content).decode().lstrip("\ufeff")
    header, row = list(csv.reader(io.StringIO(text)))
    assert header == ["name", "iin", "phone"]
    assert row[0].startswith("'=") and row[1] == "" and row[2].endswith("77010000021")
    assert AuditRecord.objects.get(action="exported", actor=officer).fields == ["name", "phone"]
    assert CaseEvent.objects.filter(case_ref=breach.ref, kind="listed").exists()


# Pages


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_notice_is_in_both_languages_whatever_the_page_is_in(client: Client, language: str) -> None:
    officer = make_duties()
    breach = make_breach(officer)
    client.force_login(officer)
    client.cookies["django_language"] = language
    page = client.get(f"/staff/privacy/breaches/{breach.pk}/notice/").content.decode()
    assert "Дербес деректер қауіпсіздігінің бұзылуы туралы хабарлама" in page
    assert "Уведомление о нарушении безопасности персональных данных" in page
    assert page.count("481/НҚ") == 2 and WHOLE["contact_phone"] in page and WHOLE["measures"] in page


def test_officer_goes_through_a_breach_by_its_pages(client: Client) -> None:
    officer = make_duties()
    client.force_login(officer)
    at = f"{timezone.localtime() - dt.timedelta(hours=1):%Y-%m-%dT%H:%M}"
    form = {key: value for key, value in WHOLE.items() if key != "measures"} | {"discovered_at": at}
    url = client.post("/staff/privacy/breaches/new/", form)["Location"]
    page = client.get(url).content.decode()
    assert WHOLE["what"] in page
    told = {"notified_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "how": "портал", "seen": "0"}
    assert client.post(f"{url}told/", told).status_code == 422, "measures are missing"
    assert client.post(f"{url}edit/", WHOLE | {"seen": "0"}).status_code == 303
    assert client.post(f"{url}edit/", WHOLE | {"seen": "0"}).status_code == 409
    assert client.get(f"{url}persons/?source=appeals").status_code == 200
    assert client.post(f"{url}persons/", {"source": "file", "lines": "А,,+77010000021"}).status_code == 303
    breach = Breach.objects.get()
    assert client.post(f"{url}told/", told | {"seen": breach.version}).status_code == 303
    breach.refresh_from_db()
    closed = {"conclusion": "Қате түзетілді, нұсқау өтті", "seen": breach.version}
    assert client.post(f"{url}close/", closed).status_code == 303
    assert Breach.objects.get().state == "closed"
    assert client.get("/staff/privacy/breaches/").status_code == 200


def test_form_names_its_empty_choice_and_explains_the_discovery() -> None:
    with translation.override("en"):
        page = str(BreachForm())
    assert "---------" not in page and "Choose the kind" in page
    assert "first knew of it" in page
