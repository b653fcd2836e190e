"""A request from the person to the answer: states, grounds, the job that carries it out, two officers at once."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from appeals.models import Appeal, Applicant
from appeals.personal_data import redaction
from audit.models import AuditRecord
from common.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from identity.models import IdentityRecord, ProvenIdentity, Representation
from notifications.models import Notification
from privacy import consents, erasing, holds, notices, requests, restrictions
from privacy.holdings import erasure
from privacy.models import CaseEvent, DataRequest, Decision, Restriction
from privacy.models.request import ExportFile
from privacy.registries import Subject, erasures
from privacy.requests import Line
from signin.models import TrustedDevice
from tests.factories import make_user
from tests.privacy.people import make_duties, make_own_appeal, make_resident, subject_of
from tests.races.together import Meeting, failures, together, without_row_locks

pytestmark = pytest.mark.django_db

KIND, STATE = DataRequest.Kind, DataRequest.State
ANONYMISE = Line("anonymise")


def ask(user: User, kind: str = KIND.DELETE, **values: object) -> DataRequest:
    values.setdefault("closes_account", kind == KIND.DELETE)
    return requests.open_request(subject_of(user), kind, language="ru", **values)


def decided(request: DataRequest, officer: User, **lines: Line) -> DataRequest:
    chosen = dict.fromkeys(requests.look(request), ANONYMISE) | lines
    return requests.decide(request.pk, chosen, actor=officer)


def test_second_request_of_a_kind_is_the_first_one_while_it_is_open() -> None:
    make_duties()
    user = make_resident()
    first = ask(user)
    assert ask(user).pk == first.pk
    requests.cancel(first.pk, user=user)
    assert ask(user).pk != first.pk


def test_officers_are_told_of_a_request_without_anything_personal() -> None:
    officer = make_duties()
    user = make_resident()
    ask(user, wish="Менің құпиям")
    told = Notification.objects.filter(user=officer)
    assert told.count() == 1
    assert "құпиям" not in told.get().body and user.full_name not in told.get().body


def test_each_kind_has_its_term() -> None:
    make_duties()
    user = make_resident()
    assert {kind: ask(user, kind).working_days for kind in KIND.values} == dict.fromkeys(KIND.values, 1)


def test_only_the_person_takes_a_request_back_and_only_before_the_decision() -> None:
    officer = make_duties()
    user, stranger = make_resident(), make_resident("Болат")
    request = ask(user)
    with pytest.raises(NotFound):
        requests.cancel(request.pk, user=stranger)
    requests.refuse(request.pk, actor=officer, answer="Заң бойынша болмайды.")
    with pytest.raises(Conflict):
        requests.cancel(request.pk, user=user)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.METHODOLOGIST, Role.AKIM, Role.HEAD, ""])
def test_others_than_officers_decide_nothing(role: str) -> None:
    make_duties()
    user, other = make_resident(), make_user(role)
    request = ask(user)
    for step in (
        lambda: requests.refuse(request.pk, actor=other, answer="Заң бойынша болмайды."),
        lambda: requests.decide(request.pk, {}, actor=other),
        lambda: requests.grant(ask(user, KIND.CORRECT).pk, actor=other, answer="Түзетілді, рахмет."),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_every_kind_of_record_must_be_decided() -> None:
    officer = make_duties()
    user = make_resident()
    make_own_appeal(user)
    request = ask(user)
    with pytest.raises(ValidationFailed) as refused:
        requests.decide(request.pk, {"account": ANONYMISE}, actor=officer)
    assert refused.value.field == "action-service_requests"


@pytest.mark.parametrize("line", [Line("keep"), Line("keep", "unknown"), Line("delete"), Line("shred")])
def test_what_stays_has_a_ground_and_what_goes_goes_as_it_can(line: Line) -> None:
    officer = make_duties()
    user = make_resident()
    make_own_appeal(user)
    with pytest.raises(ValidationFailed):
        decided(ask(user), officer, service_requests=line)


def test_database_knows_no_kept_record_without_a_ground() -> None:
    make_duties()
    request = ask(make_resident())
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(request=request, record_type="account", action="keep")


def test_deletion_anonymises_what_may_go_and_names_the_ground_of_what_stays() -> None:
    officer = make_duties()
    user = make_resident()
    gone, still_open = make_own_appeal(user), make_own_appeal(user, closed=False)
    statutory = make_own_appeal(user, statutory=True)
    request = decided(ask(user, closes_account=True), officer)
    erasing.execute_due()
    request.refresh_from_db()
    assert request.state == STATE.DONE and request.done_at
    assert Appeal.objects.get(pk=gone.pk).anonymised_at
    assert not Appeal.objects.get(pk=still_open.pk).anonymised_at
    assert not Appeal.objects.get(pk=statutory.pk).anonymised_at
    lines = {line.record_type: line for line in request.decisions.select_related("ground")}
    assert (lines["service_requests"].changed, lines["service_requests"].kept) == (1, 1)
    assert lines["service_requests"].ground.slug == "open_appeal"
    assert (lines["statutory_appeals"].changed, lines["statutory_appeals"].ground.slug) == (0, "statutory_period")


def test_person_is_answered_in_his_language_with_the_ground_and_the_way_to_complain() -> None:
    officer = make_duties()
    user = make_resident()
    make_own_appeal(user, closed=False)
    decided(ask(user), officer)
    erasing.execute_due()
    answer = Notification.objects.get(template="privacy_answer")
    assert answer.language == "ru"
    assert "Основание open_appeal; № 1" in answer.body
    assert "суд" in answer.body
    assert answer.address == user.email, "the address was kept although the account is gone by now"


def test_page_of_a_decision_says_in_the_readers_language_what_will_be_done(client: Client) -> None:
    officer, user = make_duties(), make_resident()
    make_own_appeal(user)
    row = decided(ask(user), officer)
    client.force_login(officer)
    client.cookies["django_language"] = "ru"
    text = client.get(f"/staff/privacy/requests/{row.pk}/").content.decode()
    assert str(KIND(row.kind)) == "delete" and row.state == STATE.DECIDED
    assert "Обезличить" in text
    assert "nothing was left to do" not in text and "ничего делать не потребовалось" not in text


def test_statutory_appeal_beyond_its_period_may_go() -> None:
    officer = make_duties()
    user = make_resident()
    old = make_own_appeal(user, statutory=True)
    Appeal.objects.filter(pk=old.pk).update(closed_at=timezone.now() - dt.timedelta(days=5 * 366))
    decided(ask(user), officer)
    erasing.execute_due()
    assert Appeal.objects.get(pk=old.pk).anonymised_at


def test_held_appeal_stays_with_the_ground_of_the_hold() -> None:
    officer = make_duties()
    user = make_resident()
    held = make_own_appeal(user)
    holds.place(f"appeal:{held.pk}", ground_slug="legal_hold", note="Сот, № 5", actor=officer)
    request = decided(ask(user), officer)
    erasing.execute_due()
    assert not Appeal.objects.get(pk=held.pk).anonymised_at
    assert request.decisions.get(record_type="service_requests").ground.slug == "legal_hold"


def test_closed_account_cannot_sign_in_and_its_sessions_end(client: Client) -> None:
    officer = make_duties()
    user = make_resident(username="aigul")
    assert EmailAddress.objects.filter(user=user, verified=True).exists()
    client.force_login(user)
    assert client.get("/my/data/").status_code == 200
    decided(ask(user), officer)
    erasing.execute_due()
    assert client.get("/my/data/").status_code == 302
    user.refresh_from_db()
    assert not user.is_active and not user.has_usable_password()
    kept = {user.first_name, user.last_name, user.phone, user.email, user.iin, user.iin_hash, user.postal_address}
    assert kept == {""}
    assert not EmailAddress.objects.filter(user=user).exists()
    assert not client.login(username="aigul", password="bir-eki-ush-tort")


@pytest.mark.django_db(transaction=True)
def test_closed_account_leaves_nothing_in_tables_that_belong_to_it_alone() -> None:
    """What may still name the account is written down here by hand: a new table fails until somebody decides."""
    make_duties()
    user = make_resident()
    now = timezone.now()
    proven = {"proven_at": now, "valid_until": now + dt.timedelta(days=300)}
    IdentityRecord.objects.create(user=user, method="signature", level=3, iin_hash="f" * 64)
    ProvenIdentity.objects.create(user=user, iin_hash="f" * 64, renewed_at=now, signature="CMS", **proven)
    Representation.objects.create(user=user, bin="123456789012", organization="ЖК Айгүл", post="CEO", **proven)
    TrustedDevice.objects.create(user=user, token_hash="a", address="10.0.0.1", expires_at=now)
    SocialAccount.objects.create(user=user, provider="x", uid="17", extra_data={"name": "Айгүл"})
    copy = ask(user, KIND.KNOW).export
    ExportFile.objects.filter(pk=copy.pk).update(state="ready", key="k")
    with transaction.atomic():
        erasure.close_account(user)
    kept = {
        relation.related_model._meta.label
        for relation in User._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
        and relation.field.name in {"user", "owner"}
        and relation.related_model._base_manager.filter(**{relation.field.name: user}).exists()
    }
    assert kept == {"identity.IdentityRecord", "privacy.DataRequest"}, "proofs without a name, and the request itself"
    copy.refresh_from_db()
    assert (copy.state, copy.key) == ("expired", "")


def test_account_stays_open_where_nobody_asked_to_close_it() -> None:
    officer = make_duties()
    user = make_resident()
    make_own_appeal(user)
    request = ask(user, closes_account=False)
    assert "account" not in requests.look(request)
    decided(request, officer, account=ANONYMISE)
    erasing.execute_due()
    user.refresh_from_db()
    assert user.is_active and user.first_name
    assert not request.decisions.filter(record_type="account").exists()


def test_account_of_an_employee_is_not_closed_by_a_request() -> None:
    officer = make_duties()
    employee = make_user(Role.EXECUTOR)
    request = decided(ask(employee), officer, account=Line("keep", "staff_account"))
    erasing.execute_due()
    employee.refresh_from_db()
    assert employee.is_active
    assert request.decisions.get(record_type="account").ground.slug == "staff_account"


def test_nobody_elses_records_are_touched() -> None:
    officer = make_duties()
    user, neighbour = make_resident(), make_resident("Болат", phone="+77010000001")
    make_own_appeal(user)
    other = make_own_appeal(neighbour)
    decided(ask(user), officer)
    erasing.execute_due()
    assert not Appeal.objects.get(pk=other.pk).anonymised_at
    assert Applicant.objects.get(pk=other.applicant_id).full_name
    neighbour.refresh_from_db()
    assert neighbour.is_active and neighbour.phone


def test_job_killed_in_the_middle_goes_on_and_does_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = make_duties()
    user = make_resident()
    appeals = [make_own_appeal(user) for _number in range(3)]
    request = decided(ask(user), officer)
    real, calls = redaction.anonymise, []

    def killed(appeal_id: int, **values: object) -> bool:
        calls.append(appeal_id)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(appeal_id, **values)

    monkeypatch.setattr(redaction, "anonymise", killed)
    with pytest.raises(KeyboardInterrupt):
        erasing.execute(request.pk)
    erasing.execute(request.pk)
    erasing.execute(request.pk)
    request.refresh_from_db()
    assert request.state == STATE.DONE
    assert request.decisions.get(record_type="service_requests").changed == 3
    for appeal in appeals:
        assert appeal.events.filter(kind="personal_data_removed").count() == 1
    assert Notification.objects.filter(template="privacy_answer").count() == 1
    assert CaseEvent.objects.filter(case_ref=request.ref, kind="executed").count() == 1


def test_kind_of_record_that_fails_leaves_the_others_to_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = make_duties()
    user = make_resident()
    make_own_appeal(user)
    request = decided(ask(user), officer)
    kind = erasures.get("account")
    broken = type(kind)(**{**vars(kind), "erase": lambda *_: 1 / 0})
    monkeypatch.setitem(erasures._entries, "account", broken)
    erasing.execute_due()
    request.refresh_from_db()
    assert request.state == STATE.DECIDED
    assert request.decisions.get(record_type="service_requests").done_at
    monkeypatch.setitem(erasures._entries, "account", kind)
    erasing.execute_due()
    request.refresh_from_db()
    assert request.state == STATE.DONE


def test_restriction_hides_from_the_public_list_until_it_is_lifted(client: Client) -> None:
    officer = make_duties()
    user = make_resident()
    appeal = make_own_appeal(user)
    url = f"/appeals/{appeal.number}/"
    assert client.get(url).status_code == 200
    requests.grant(ask(user, KIND.RESTRICT).pk, actor=officer, answer="")
    restrictions.restricted_users.clear()
    assert client.get(url).status_code == 404
    assert appeal.number not in client.get("/appeals/").content.decode()
    restrictions.lift(user, actor=officer)
    restrictions.restricted_users.clear()
    assert client.get(url).status_code == 200


def test_correction_says_what_was_corrected() -> None:
    officer = make_duties()
    request = ask(make_resident(), KIND.CORRECT, wish="Тегім басқа")
    with pytest.raises(ValidationFailed):
        requests.grant(request.pk, actor=officer, answer="ok")
    requests.grant(request.pk, actor=officer, answer="Тегіңіз түзетілді.")
    assert "Тегіңіз түзетілді." in Notification.objects.get(template="privacy_answer").body


def test_refusal_needs_reasons_and_reaches_the_person() -> None:
    officer = make_duties()
    request = ask(make_resident())
    with pytest.raises(ValidationFailed):
        requests.refuse(request.pk, actor=officer, answer="жоқ")
    requests.refuse(request.pk, actor=officer, answer="Отказ по статье 9.")
    body = Notification.objects.get(template="privacy_answer").body
    assert "Отказ по статье 9." in body and "суд" in body


def test_withdrawn_consent_of_a_filing_opens_a_request(client: Client) -> None:
    make_duties()
    user = make_resident()
    appeal = make_own_appeal(user, closed=False, consent="2026-11 kk")
    client.force_login(user)
    page = client.get("/my/consents/").content.decode()
    assert appeal.number in page
    data = {"purpose": consents.FILING, "about": f"appeal:{appeal.pk}"}
    assert client.get("/my/consents/withdraw/", data).status_code == 200
    response = client.post("/my/consents/withdraw/", data)
    request = DataRequest.objects.get(user=user, kind=KIND.WITHDRAW)
    assert response["Location"] == f"/my/data/{request.pk}/"
    assert client.post("/my/consents/withdraw/", data).status_code == 404, "it is withdrawn already"
    assert AuditRecord.objects.filter(action="consent_changed", actor=user).count() == 1


def test_consent_is_not_withdrawn_where_no_request_comes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker killed between the two would leave a withdrawal that nobody decides and nobody can repeat."""
    make_duties()
    user = make_resident()
    appeal = make_own_appeal(user, closed=False, consent="2026-11 kk")
    client = Client(raise_request_exception=False)
    client.force_login(user)
    data = {"purpose": consents.FILING, "about": f"appeal:{appeal.pk}"}
    with monkeypatch.context() as patch:
        patch.setattr(requests, "_tell_officers", lambda request: 1 / 0)
        assert client.post("/my/consents/withdraw/", data).status_code == 500
    assert client.post("/my/consents/withdraw/", data).status_code == 303
    assert DataRequest.objects.filter(user=user, kind=KIND.WITHDRAW).count() == 1


def test_earlier_answers_are_forgotten_with_the_account() -> None:
    officer = make_duties()
    user = make_resident()
    earlier = requests.refuse(ask(user, KIND.CORRECT).pk, actor=officer, answer="Құпиябеков по статье 9.")
    Notification.objects.filter(subject_ref=earlier.ref).update(status="sent")
    last = decided(ask(user), officer)
    erasing.execute_due()
    told = Notification.objects.filter(subject_ref=earlier.ref, template="privacy_answer").get()
    assert (told.address, told.subject, told.body) == ("", "", "")
    assert Notification.objects.get(subject_ref=last.ref, template="privacy_answer").address == user.email


# Two officers at once


def in_parallel() -> tuple[DataRequest, list[object]]:
    officer = make_duties()
    second = make_user(Role.ADMINISTRATOR)
    request = ask(make_resident())
    works = [
        lambda: requests.refuse(request.pk, actor=User.objects.get(pk=officer.pk), answer="Отказ по статье 9."),
        lambda: requests.refuse(request.pk, actor=User.objects.get(pk=second.pk), answer="Отказ по статье 10."),
    ]
    return request, together(works)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_decide_once() -> None:
    request, results = in_parallel()
    assert [type(failure) for failure in failures(results)] == [Conflict]
    assert CaseEvent.objects.filter(case_ref=request.ref, kind="refused").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    without_row_locks(monkeypatch)
    meeting, check = Meeting(), requests._check_new

    def both_have_looked(request: DataRequest, kinds: tuple[str, ...]) -> None:
        check(request, kinds)
        meeting.wait()

    monkeypatch.setattr(requests, "_check_new", both_have_looked)
    request, results = in_parallel()
    assert not failures(results)
    assert CaseEvent.objects.filter(case_ref=request.ref, kind="refused").count() == 2


def test_restriction_is_kept_once() -> None:
    officer = make_duties()
    user = make_resident()
    for _time in range(2):
        restrictions.restrict(user, request=None, actor=officer)
    assert Restriction.objects.count() == 1


def test_taking_a_request_back_is_asked_once_more(client: Client) -> None:
    make_duties()
    user = make_resident()
    request = requests.open_request(subject_of(user), "delete", language="kk")
    client.force_login(user)
    client.cookies["django_language"] = "en"
    page = f"/my/data/{request.pk}/"
    assert f'href="{page}cancel/"' in client.get(page).content.decode()
    assert "Take the request back?" in client.get(f"{page}cancel/").content.decode()
    request.refresh_from_db()
    assert request.state == "new"
    assert client.post(f"{page}cancel/")["Location"] == page
    request.refresh_from_db()
    assert request.state == "cancelled"
    assert client.get(f"{page}cancel/").status_code == 303


@pytest.mark.parametrize("path", ["/my/data/", "/my/consents/"])
def test_pages_of_my_data_belong_to_my_id_in_the_navigation(path: str, client: Client) -> None:
    make_duties()
    client.force_login(make_resident())
    page = client.get(path).content.decode()
    marked = re.findall(r"<a [^>]*aria-current[^>]*>", page)
    assert marked and all('href="/my/id/"' in link for link in marked), marked


def test_an_address_nobody_has_confirmed_is_told_nothing() -> None:
    """It may be written wrongly, and then it is a stranger's."""
    make_duties()
    user = make_user(email="typo@example.kz", phone="+77010000009", phone_confirmed_at=timezone.now())
    subject = Subject(ref=f"user:{user.pk}", user=user)
    assert [way.address for way in notices.ways_of(subject)] == [user.phone]
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    assert [way.address for way in notices.ways_of(subject)] == [user.email, user.phone]


def test_officer_sees_once_more_what_will_go_before_it_goes(client: Client) -> None:
    officer = make_duties()
    user = make_resident()
    make_own_appeal(user)
    request = ask(user)
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    page = f"/staff/privacy/requests/{request.pk}/"
    form = client.get(page).context["form"]
    typed = dict.fromkeys(form.fields, "") | {"answer": "Орындалды, рахмет.", "action": "decide"}
    for item in form.rows():
        choices = [value for value, _label in item["action"].field.choices]
        assert item["action"].initial == (choices[0] if len(choices) == 1 else None)
        typed[item["action"].name] = choices[0]
        typed[item["ground"].name] = item["held"].ground
    asked = client.post(page, typed)
    assert asked.status_code == 200
    text = asked.content.decode()
    assert "cannot be brought back" in text
    assert "Орындалды, рахмет." in text
    request.refresh_from_db()
    assert request.state == "new"
    assert client.post(page, typed | {"sure": "1"}).status_code == 303
    request.refresh_from_db()
    assert request.state == "decided"
