"""Take something down: asked by anybody, gone everywhere at once, decided with a ground, told on time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Role, User
from appeals.models import Appeal
from appeals.selectors.history import nameable_to_applicant
from common.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from notifications.models import Notification
from privacy import escalation, takedowns
from privacy.models import CaseEvent, TakedownRequest
from tests.factories import make_appeal, make_user
from tests.privacy.people import make_duties, make_own_appeal
from tests.races.together import Meeting, failures, together, without_row_locks

pytestmark = pytest.mark.django_db
REASON = "Бұл жерде менің мекенжайым көрінеді"


def ask(appeal: Appeal, **values: Any) -> TakedownRequest:
    found = takedowns.ask("appeal", appeal.number, reason=REASON, **values)
    assert found is not None
    return found


def where_shown(client: Client, number: str) -> list[str]:
    """Every public way on which a number can be seen."""
    csv = b"".join(client.get("/appeals/appeals.csv").streaming_content).decode()
    places = {
        "front page": number in client.get("/").content.decode(),
        "list": number in client.get("/appeals/").content.decode(),
        "csv": number in csv,
        "card": client.get(f"/appeals/{number}/").status_code == 200,
        "search": client.get("/appeals/", {"number": number}).status_code == 302,
        "filtered list": number in client.get("/appeals/", {"period": "30"}).content.decode(),
        "named to others": number in nameable_to_applicant(make_appeal(), {number}),
    }
    return [place for place, is_shown in places.items() if is_shown]


def test_hidden_item_is_gone_everywhere_at_once_and_back_when_it_stays(client: Client) -> None:
    officer = make_duties()
    appeal = make_appeal()
    takedown = ask(appeal)
    assert len(where_shown(client, appeal.number)) == 7
    takedowns.hide(takedown.pk, actor=officer)
    assert where_shown(client, appeal.number) == []
    card = client.get(f"/appeals/{appeal.number}/")
    assert card.status_code == 410
    assert client.get(f"/privacy/takedown/appeal/{appeal.number}/").status_code == 404
    takedowns.decide(takedown.pk, upheld=False, ground_slug="nothing_personal", answer="", actor=officer)
    assert len(where_shown(client, appeal.number)) == 7
    kinds = list(appeal.events.values_list("kind", flat=True))
    assert kinds.count("taken_down") == kinds.count("shown_again") == 1


def test_author_still_follows_what_was_taken_down(client: Client) -> None:
    officer = make_duties()
    user = make_user()
    appeal = make_own_appeal(user, closed=False)
    takedowns.hide(ask(appeal).pk, actor=officer)
    client.force_login(user)
    assert client.get(f"/track/{appeal.number}/").status_code == 200


def test_decision_stops_the_clock_and_is_told_in_the_language_of_who_asked() -> None:
    officer = make_duties()
    takedown = ask(make_appeal(), contact="aigul@example.kz")
    TakedownRequest.objects.update(language="ru")
    takedowns.decide(takedown.pk, upheld=True, ground_slug="personal_data", answer="Спасибо.", actor=officer)
    takedown.refresh_from_db()
    assert takedown.state == "upheld" and takedown.done_at and takedown.next_mark_at is None
    told = Notification.objects.get(template="privacy_takedown")
    assert told.address == "aigul@example.kz" and "Основание personal_data" in told.body and "Спасибо." in told.body


def test_restored_item_is_public_again_and_says_why(client: Client) -> None:
    officer = make_duties()
    appeal = make_appeal()
    takedown = ask(appeal)
    takedowns.decide(takedown.pk, upheld=True, ground_slug="personal_data", answer="", actor=officer)
    with pytest.raises(ValidationFailed):
        takedowns.restore(takedown.pk, reason="жоқ", actor=officer)
    takedowns.restore(takedown.pk, reason="Қате шешім болды", actor=officer)
    assert client.get(f"/appeals/{appeal.number}/").status_code == 200
    assert CaseEvent.objects.filter(case_ref=takedown.ref, note="Қате шешім болды").exists()


@pytest.mark.parametrize(("is_hidden_by_another", "words"), [(False, "снова в открытом"), (True, "По другой причине")])
def test_asker_is_told_that_the_item_was_restored(is_hidden_by_another: bool, words: str) -> None:
    officer, appeal = make_duties(), make_appeal()
    with translation.override("ru"):
        takedown = takedowns.ask("appeal", appeal.number, reason="Мой адрес в тексте", contact="aigul@example.kz")
    assert takedown is not None
    if is_hidden_by_another:
        takedowns.hide(ask(appeal).pk, actor=officer)
    takedowns.decide(takedown.pk, upheld=True, ground_slug="personal_data", answer="", actor=officer)
    takedowns.restore(takedown.pk, reason="Адреса в тексте нет", actor=officer)
    told = Notification.objects.filter(subject_ref=takedown.ref, template="privacy_takedown").order_by("pk")
    assert len(told) == 2
    assert words in told[1].body and "Адреса в тексте нет" in told[1].body


def test_item_that_another_request_hides_stays_hidden(client: Client) -> None:
    officer = make_duties()
    appeal = make_appeal()
    first, second = ask(appeal), ask(appeal)
    for takedown in (first, second):
        takedowns.hide(takedown.pk, actor=officer)
    takedowns.decide(first.pk, upheld=False, ground_slug="nothing_personal", answer="", actor=officer)
    assert client.get(f"/appeals/{appeal.number}/").status_code == 410
    takedowns.decide(second.pk, upheld=False, ground_slug="nothing_personal", answer="", actor=officer)
    assert client.get(f"/appeals/{appeal.number}/").status_code == 200


@pytest.mark.parametrize(("upheld", "ground"), [(True, "nothing_personal"), (False, "personal_data"), (True, "")])
def test_ground_fits_the_decision(upheld: bool, ground: str) -> None:
    officer = make_duties()
    takedown = ask(make_appeal())
    with pytest.raises(ValidationFailed):
        takedowns.decide(takedown.pk, upheld=upheld, ground_slug=ground, answer="", actor=officer)


def test_only_what_is_public_can_be_asked_about() -> None:
    make_duties()
    for kind, item in (("appeal", make_appeal(is_confidential=True).number), ("appeal", "x"), ("petition", "1")):
        with pytest.raises(NotFound):
            takedowns.ask(kind, item, reason=REASON)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HEAD, Role.AKIM, Role.METHODOLOGIST, ""])
def test_others_hide_nothing(role: str) -> None:
    make_duties()
    takedown = ask(make_appeal())
    with pytest.raises(NotAllowed):
        takedowns.hide(takedown.pk, actor=make_user(role))


def test_requests_about_one_item_and_of_one_visitor_are_bounded(client: Client) -> None:
    make_duties()
    appeal = make_appeal()
    asked = [takedowns.ask("appeal", appeal.number, reason=REASON) for _number in range(7)]
    assert len([row for row in asked if row]) == takedowns.MOST_OPEN_PER_ITEM
    url = f"/privacy/takedown/appeal/{appeal.number}/"
    statuses = [client.post(url, {"reason": REASON}).status_code for _number in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 429]


@pytest.mark.parametrize("values", [{"reason": "қысқа"}, {"reason": ""}, {"reason": REASON, "contact": "not@"}])
def test_form_keeps_what_was_typed_and_says_what_is_wrong(client: Client, values: dict[str, str]) -> None:
    make_duties()
    url = f"/privacy/takedown/appeal/{make_appeal().number}/"
    response = client.post(url, values)
    assert response.status_code == 422
    assert values["reason"] in response.content.decode()
    assert not TakedownRequest.objects.exists()


def test_terms_are_told_at_half_most_and_all_and_to_the_leadership_from_most_on() -> None:
    officer, akim = make_duties(), make_user(Role.AKIM)
    takedown = ask(make_appeal())
    monday = timezone.make_aware(dt.datetime(2026, 11, 23, 9, 0))
    TakedownRequest.objects.update(received_at=monday)
    escalation.recompute()
    told = Notification.objects.filter(transport="inbox", subject_ref__startswith=f"{takedown.ref}:").exclude(
        subject_ref=f"{takedown.ref}:new"
    )
    for moment, expected in (
        (dt.datetime(2026, 11, 23, 12, 0), []),
        (dt.datetime(2026, 11, 23, 18, 31), [(officer.pk, 50)]),
        (dt.datetime(2026, 11, 24, 15, 30), [(officer.pk, 80), (akim.pk, 80)]),
        (dt.datetime(2026, 11, 25, 0, 0), [(officer.pk, 100), (akim.pk, 100)]),
        (dt.datetime(2026, 12, 1, 0, 0), []),
    ):
        before = set(told.values_list("pk", flat=True))
        for _tick in range(2):
            escalation.tell_due(timezone.make_aware(moment))
        new = [(row.user_id, int(row.subject_ref.rpartition(":")[2])) for row in told.exclude(pk__in=before)]
        assert sorted(new) == sorted(expected), moment
    assert TakedownRequest.objects.get().is_late


def test_officer_hides_and_decides_on_his_page(client: Client) -> None:
    officer = make_duties()
    appeal = make_appeal()
    takedown = ask(appeal)
    client.force_login(officer)
    url = f"/staff/privacy/takedowns/{takedown.pk}/"
    assert REASON in client.get(url).content.decode()
    assert takedown.item in client.get("/staff/privacy/takedowns/").content.decode()
    assert client.post(url, {"action": "hide"}).status_code == 303
    assert client.post(url, {"action": "decide", "upheld": "yes", "ground": "nothing_personal"}).status_code == 422
    assert client.post(url, {"action": "decide", "upheld": "yes", "ground": "personal_data"}).status_code == 303
    assert client.post(url, {"action": "restore", "reason": "Қате шешім болды"}).status_code == 303
    takedown.refresh_from_db()
    assert takedown.state == "rejected"


# Two officers at once


def decided_at_once() -> tuple[TakedownRequest, list[Any]]:
    officer, second = make_duties(), make_user(Role.ADMINISTRATOR)
    takedown = ask(make_appeal())
    choices = ((officer.pk, True, "personal_data"), (second.pk, False, "nothing_personal"))
    works = [
        lambda pk=pk, upheld=upheld, ground=ground: takedowns.decide(
            takedown.pk, upheld=upheld, ground_slug=ground, answer="", actor=User.objects.get(pk=pk)
        )
        for pk, upheld, ground in choices
    ]
    return takedown, together(works)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_decide_once() -> None:
    takedown, results = decided_at_once()
    assert [type(failure) for failure in failures(results)] == [Conflict]
    takedown.refresh_from_db()
    assert Appeal.objects.get(number=takedown.item).is_taken_down == (takedown.state == "upheld")


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    without_row_locks(monkeypatch)
    meeting, lock = Meeting(), takedowns.lock

    def both_have_looked(takedown_id: int) -> TakedownRequest:
        row = lock(takedown_id)
        meeting.wait()
        return row

    monkeypatch.setattr(takedowns, "lock", both_have_looked)
    takedown, _results = decided_at_once()
    assert CaseEvent.objects.filter(case_ref=takedown.ref, kind="decided").count() == 2
