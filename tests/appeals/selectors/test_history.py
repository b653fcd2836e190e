"""What the rows of a history name: other appeals only to those who may know them, units before, values changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Role
from appeals import events, links, notices, routing
from appeals.models import Appeal, AppealEvent, EventKind, LinkKind, Priority
from appeals.selectors import case as case_rows
from appeals.selectors import history
from appeals.views.staff.case import story
from tests.appeals.cases import fresh, make_case, make_unit
from tests.factories import make_appeal, make_department, make_reference, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terms() -> None:
    make_reference()


def told_to_staff(appeal: Appeal, user: Any, kind: EventKind) -> str:
    found = case_rows.case_of(fresh(appeal), user)
    with translation.override("en"):
        items = story.history_of(found, user).items
        return next(item.text for item in items if item.title == str(kind.label))


def told_to_applicant(client: Any, appeal: Appeal) -> str:
    client.post("/track/", {"number": appeal.number, "code": appeal.tracking_code})
    client.cookies["django_language"] = "en"
    html: str = client.get(reverse("appeals:tracking", args=[appeal.number])).content.decode()
    return html


@pytest.mark.parametrize("is_confidential", [False, True])
def test_link_names_a_confidential_appeal_only_to_who_may_see_it(client: Any, is_confidential: bool) -> None:
    unit, inspector = make_unit(), make_user(Role.INSPECTOR)
    source, target = make_case(unit), make_case(unit)
    Appeal.objects.filter(pk=target.pk).update(is_confidential=is_confidential)
    links.link_appeals(source.pk, target.pk, kind=LinkKind.DUPLICATE, actor=inspector)

    assert told_to_staff(source, inspector, EventKind.LINKED) == f"this appeal → № {target.number} (Duplicate)"
    assert told_to_staff(target, inspector, EventKind.LINKED) == f"№ {source.number} → this appeal (Duplicate)"
    assert (target.number in told_to_staff(source, unit.executor, EventKind.LINKED)) is not is_confidential
    assert (target.number in told_to_applicant(client, source)) is not is_confidential
    notice = notices.notice_of(AppealEvent.objects.get(appeal=source, kind=EventKind.LINKED))
    assert notice is not None
    assert (target.number in notice.context["reason"]) is not is_confidential


def test_applicant_is_told_of_his_own_confidential_appeal() -> None:
    source, target = make_appeal(), make_appeal(is_confidential=True)
    assert history.nameable_to_applicant(source, {target.number}) == frozenset()
    Appeal.objects.filter(pk=target.pk).update(applicant=source.applicant)
    assert history.nameable_to_applicant(source, {target.number}) == {target.number}


def test_move_and_forwarding_say_from_where(client: Any) -> None:
    first, second, inspector = make_unit("first"), make_unit("second"), make_user(Role.INSPECTOR)
    body = make_department("police", is_external=True)
    appeal = make_case(first)
    routing.assign_unit(appeal.pk, department=second.department, actor=inspector)
    with translation.override("en"):
        names = [unit.name for unit in (first.department, second.department, body)]
    assert told_to_staff(appeal, inspector, EventKind.ASSIGNED) == f"{names[0]} → {names[1]}"
    routing.forward_appeal(appeal.pk, department=body, ground="Полицияның құзыретінде", actor=inspector)
    assert told_to_staff(appeal, inspector, EventKind.FORWARDED).startswith(f"{names[1]} → {names[2]}")
    html = told_to_applicant(client, appeal)
    assert html.count("Before that it was with") == 2


def test_classification_says_what_was_and_what_is(client: Any) -> None:
    inspector = make_user(Role.INSPECTOR)
    before, after = make_topic("roads-1", name_en="Roads"), make_topic("water-1", name_en="Water")
    appeal = make_appeal(topic_id=before.pk)
    routing.classify_appeal(
        appeal.pk,
        actor=inspector,
        reason="Қызметтік себеп",
        topic=after,
        priority=Priority.URGENT,
        is_confidential=True,
    )
    with translation.override("en"):
        line = f"Topic: {before.name} → {after.name}"
    staff = told_to_staff(appeal, inspector, EventKind.CLASSIFIED)
    assert line in staff
    assert "Confidential: no → yes" in staff
    html = told_to_applicant(client, appeal)
    assert line in html
    assert "Қызметтік себеп" not in html
    assert "Confidential: no" not in html


def test_moved_term_says_from_when_to_when() -> None:
    inspector, appeal = make_user(Role.INSPECTOR), make_appeal()
    days = {"before": "2026-11-10T18:00:00+05:00", "after": "2026-11-11T18:00:00+05:00"}
    events.record(appeal, EventKind.TERM_RECALCULATED, data=days)
    told = told_to_staff(appeal, inspector, EventKind.TERM_RECALCULATED)
    assert told == "10 November 2026 → 11 November 2026"


def test_nonsense_in_the_details_says_nothing() -> None:
    for changes in ({}, {"topic": None}, {"topic": [1]}, {"unknown": [1, 2]}, {"category": ["x", "y"]}):
        assert history.changes_in_words(changes) == []


def test_message_moved_says_from_where_to_where(client: Any) -> None:
    inspector = make_user(Role.INSPECTOR)
    appeal, other = make_appeal(), make_appeal()
    data = {"message": 1, "from": appeal.number, "to": other.number, "undo": False}
    events.record(fresh(appeal), EventKind.MESSAGE_MOVED, data=data)
    events.record(fresh(other), EventKind.MESSAGE_MOVED, data=data)
    assert told_to_staff(appeal, inspector, EventKind.MESSAGE_MOVED) == f"this appeal → № {other.number}"
    assert f"moved to appeal {other.number}" in told_to_applicant(client, appeal)
    assert f"moved here from appeal {appeal.number}" in told_to_applicant(client, other)
