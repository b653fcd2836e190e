"""A resident's whole story through public entry points: file, confirm, follow, answer back, judge, dispute."""

import re

import pytest

from appeals import dialogue, replies, routing, workqueue
from appeals.models import Appeal, AppealEvent, EventKind, Regime, Status
from notifications.models import Notification
from tests.appeals.cases import fresh, make_unit
from tests.appeals.test_replies import GOOD
from tests.factories import make_area, make_department, make_reference, make_topic

pytestmark = pytest.mark.django_db

TEXT = "Көшемізде үш күннен бері су жоқ, балалар мен қарттар қиналып отыр."
COMMON = {
    "text": TEXT,
    "phone": "8 701 000 00 00",
    "answer_language": "kk",
    "applicant_type": "individual",
    "consent": "on",
}


def file_through_the_form(client, **values):
    page = client.get("/appeals/new/").content.decode()
    token = re.search(r'name="token" value="([0-9a-f]{32})"', page)[1]
    response = client.post("/appeals/new/", COMMON | {"token": token, "regime": "request"} | values, follow=True)
    assert response.status_code == 200
    return Appeal.objects.latest("id"), response.content.decode()


def code_sent():
    body = Notification.objects.filter(template="contact_code").latest("id").text
    return re.search(r"\b\d{6}\b", body)[0]


def case_page(client, appeal):
    return client.get(f"/track/{appeal.number}/").content.decode()


def test_from_the_form_to_a_second_look_by_another_unit(client, run_tasks):
    make_reference()
    control = make_department("control", reviews_disputes=True)
    unit = make_unit()
    appeal, receipt = file_through_the_form(client, topic=make_topic().pk, area=make_area().pk)
    code = code_sent()
    run_tasks()
    assert appeal.number in receipt
    assert appeal.tracking_code in receipt

    client.post(f"/track/{appeal.number}/code/", {"code": code})
    assert fresh(appeal).applicant.contact_confirmed_at

    routing.assign_unit(appeal.pk, department=unit.department, actor=unit.inspector)
    workqueue.claim(appeal.pk, actor=unit.executor)
    dialogue.ask(appeal.pk, actor=unit.executor, text="Үйіңіздің нөмірін жазыңызшы.")
    run_tasks()
    page = case_page(client, appeal)
    assert unit.department.name_kk in page
    assert "Үйіңіздің нөмірін жазыңызшы." in page
    assert unit.executor.last_name not in page

    client.post(f"/track/{appeal.number}/messages/", {"token": "a" * 32, "text": "Тәуке хан даңғылы, 24-үй."})
    assert fresh(appeal).status == Status.IN_PROGRESS

    replies.send_reply(appeal.pk, actor=unit.executor, content=GOOD, version=0)
    run_tasks()
    assert "Жарылған құбыр ауыстырылды" in case_page(client, appeal)

    judgement = {
        "verdict": "not_solved",
        "reasons": ["not_specific"],
        "comment": "Су әлі жоқ",
        "wants_second_look": "on",
    }
    client.post(f"/track/{appeal.number}/judgement/", judgement)
    run_tasks()
    disputed = fresh(appeal)
    assert (disputed.status, disputed.department, disputed.is_disputed) == (Status.REOPENED, control, True)
    assert control.name_kk in case_page(client, appeal)
    kinds = set(AppealEvent.objects.filter(appeal=appeal).values_list("kind", flat=True))
    assert {EventKind.CONTACT_CONFIRMED, EventKind.INFO_RECEIVED, EventKind.DISPUTED, EventKind.REOPENED} <= kinds


def test_official_appeal_is_registered_by_the_code_and_closed_as_solved(client, run_tasks):
    make_reference()
    unit = make_unit()
    appeal, receipt = file_through_the_form(
        client, regime=Regime.APPEAL, kind="application", applicant_name="Серікова Айгүл Маратқызы",
        identifier="000101300019", postal_address="Түркістан қаласы, Тәуке хан даңғылы, 1",
    )  # fmt: skip
    assert appeal.status == Status.RECEIVED
    assert "Серікова Айгүл Маратқызы" in receipt
    client.post(f"/track/{appeal.number}/code/", {"code": code_sent()})
    run_tasks()
    assert fresh(appeal).status == Status.REGISTERED

    routing.assign_unit(appeal.pk, department=unit.department, actor=unit.inspector)
    workqueue.claim(appeal.pk, actor=unit.executor)
    content = replies.ReplyContent(
        **{**vars(GOOD), "text": f"{GOOD.text} ӘРПК-нің 91-бабына сәйкес бұл жауапқа шағымдануға құқығыңыз бар."}
    )
    replies.send_reply(
        appeal.pk, actor=unit.executor, content=content, version=0, ground="Бапқа сілтеме мәтінде бар, тексерілді"
    )
    client.post(f"/track/{appeal.number}/judgement/", {"verdict": "solved", "rating": "5"})
    run_tasks()
    assert fresh(appeal).status == Status.CLOSED
    public = client.get(f"/appeals/{appeal.number}/").content.decode()
    assert TEXT not in public
    assert "Серікова" not in public


def test_anonymous_request_is_followed_by_number_and_code_alone(client, run_tasks):
    make_reference()
    appeal, receipt = file_through_the_form(client, is_anonymous="on", phone="", consent="")
    run_tasks()
    assert not Notification.objects.filter(subject_ref=f"appeal:{appeal.pk}").exclude(transport="inbox").exists()
    assert 'id="code"' not in receipt
    client.cookies.clear()
    opened = client.post("/track/", {"number": appeal.number, "code": appeal.tracking_code}, follow=True)
    assert TEXT in opened.content.decode()
