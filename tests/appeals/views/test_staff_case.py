"""The page of a case: who sees what, what is masked, what a press does, and that nothing typed is lost."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from appeals import dialogue, extension, replies, routing
from appeals.models import Appeal, AppealEvent, Attachment, EventKind, Message, Note, Outcome, Regime, Reply, Status
from appeals.replies import ReplyContent
from audit.models import AuditRecord
from common.files import CheckedFile
from tests.appeals.cases import fresh, make_case, make_claimed_case, make_unit
from tests.appeals.test_replies import EMPTY, GOOD, GROUND
from tests.factories import make_department, make_identified_applicant, make_user

pytestmark = pytest.mark.django_db

PDF = CheckedFile("акт.pdf", b"%PDF-1.4", "application/pdf")


def url(name: str, appeal: Appeal, *more: Any) -> str:
    return reverse(f"appeals:{name}", args=[appeal.number, *more])


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fields(content: ReplyContent, **more: Any) -> dict[str, Any]:
    data = {name: getattr(content, name) or "" for name in replies.CONTENT}
    return data | {"language": "kk", "version": "0", "done_on": content.done_on or ""} | more


# Who sees the page


def test_visitor_is_asked_to_sign_in() -> None:
    appeal = make_case(make_unit())
    response = Client().get(url("case", appeal))
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_whoever_writes_with_a_lost_session_is_told_and_nothing_is_saved() -> None:
    appeal = make_claimed_case(make_unit())
    response = Client().post(url("case-reply-save", appeal), fields(GOOD), headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "data-session-over" in page
    assert url("case-reply", appeal) in page
    assert not Reply.objects.exists()


def test_resident_with_an_account_has_no_business_here() -> None:
    appeal = make_case(make_unit())
    assert as_user(make_user()).get(url("case", appeal)).status_code == 403


@pytest.mark.parametrize(
    ("role", "own_unit", "status"),
    [
        (Role.OPERATOR, False, 200),
        (Role.INSPECTOR, False, 200),
        (Role.EXECUTOR, True, 200),
        (Role.EXECUTOR, False, 404),
        (Role.CO_EXECUTOR, True, 200),
        (Role.CO_EXECUTOR, False, 404),
        (Role.ANALYST, False, 200),
        (Role.METHODOLOGIST, False, 200),
        (Role.HEAD, True, 200),
        (Role.HEAD, False, 404),
        (Role.DEPUTY_AKIM, False, 200),
        (Role.AKIM, False, 200),
        (Role.MODERATOR, False, 200),
        (Role.ADMINISTRATOR, False, 200),
    ],
)
def test_case_page_by_role(role: str, own_unit: bool, status: int) -> None:
    unit = make_unit()
    appeal = make_case(unit)
    scoped = role in (Role.EXECUTOR, Role.CO_EXECUTOR, Role.HEAD)
    department = unit.department if own_unit else make_department("elsewhere")
    user = make_user(role, department=department if scoped else None)
    assert as_user(user).get(url("case", appeal)).status_code == status


def test_official_complained_about_does_not_find_the_case() -> None:
    unit = make_unit()
    appeal = make_case(unit, complaint_user_id=unit.executor.pk)
    assert as_user(unit.executor).get(url("case", appeal)).status_code == 404


def test_unknown_number_is_not_found() -> None:
    assert as_user(make_user(Role.INSPECTOR)).get(reverse("appeals:case", args=["HU-0"])).status_code == 404


@pytest.mark.parametrize(
    ("role", "buttons"),
    [
        (Role.EXECUTOR, {"case-claim", "case-reply", "case-files", "case-hand-back"}),
        (Role.HEAD, {"case-claim", "case-reply", "case-files", "case-assign", "case-extend", "case-close"}),
        (Role.INSPECTOR, {"case-reply", "case-files", "case-assign"}),
        (Role.ANALYST, set()),
        (Role.OPERATOR, set()),
        (Role.AKIM, {"case-assign", "case-extend"}),
    ],
)
def test_buttons_by_role(role: str, buttons: set[str]) -> None:
    unit = make_unit()
    appeal = make_case(unit)
    scoped = role in (Role.EXECUTOR, Role.HEAD)
    page = as_user(make_user(role, department=unit.department if scoped else None)).get(url("case", appeal))
    text = page.content.decode()
    every = {"case-claim", "case-reply", "case-files", "case-assign", "case-hand-back", "case-extend", "case-close"}
    shown = {name for name in every if f'"{url(name, appeal)}"' in text}
    assert buttons <= shown
    if not buttons:
        assert not shown


# What it shows


def test_page_costs_the_same_however_long_the_story(django_assert_max_num_queries: Any) -> None:
    unit = make_unit()
    short = make_claimed_case(unit)
    long = make_claimed_case(unit, applicant=make_identified_applicant())
    for number in range(8):
        dialogue.add_note(long.pk, actor=unit.executor, text=f"Жазба {number}")
        dialogue.send_message(long.pk, actor=unit.executor, text=f"Хабар {number}", files=[PDF])
        dialogue.add_files(long.pk, actor=unit.head, files=[PDF])
    routing.split_questions(long.pk, texts=["Бір?", "Екі?", "Үш?"], actor=unit.inspector)
    replies.save_draft(long.pk, actor=unit.executor, content=GOOD, version=0)
    client = as_user(unit.head)
    client.get(url("case", short))
    counts = []
    for appeal in (short, long):
        with django_assert_max_num_queries(24) as captured:
            assert client.get(url("case", appeal)).status_code == 200
        counts.append(len(captured))
    assert abs(counts[0] - counts[1]) <= 3, counts


def test_applicant_is_masked_until_shown_and_the_view_is_recorded() -> None:
    unit = make_unit()
    appeal = make_case(unit, applicant=make_identified_applicant())
    client = as_user(unit.executor)
    page = client.get(url("case", appeal)).content.decode()
    for secret in ("Серікова Айгүл Маратқызы", "000101300019", "010 00 00", "Тәуке хан даңғылы"):
        assert secret not in page
    assert "Айгүл С." in page

    shown = client.post(url("case-identity", appeal), headers={"HX-Request": "true"}).content.decode()
    assert "Серікова Айгүл Маратқызы" in shown
    assert "000101300019" in shown
    record = AuditRecord.objects.get(subject_ref=f"appeal:{appeal.number}", category="access")
    assert (record.actor, record.action) == (unit.executor, AuditRecord.Action.VIEWED_IDENTITY)
    assert {"full_name", "identifier", "phone"} <= set(record.fields)
    assert "000101300019" not in client.get(url("case", appeal)).content.decode()


def test_without_script_the_whole_page_comes_with_the_identity_once() -> None:
    unit = make_unit()
    appeal = make_case(unit, applicant=make_identified_applicant())
    page = as_user(unit.executor).post(url("case-identity", appeal))
    assert "Серікова Айгүл Маратқызы" in page.content.decode()
    assert "<h1>" in page.content.decode()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR, Role.METHODOLOGIST, Role.ADMINISTRATOR])
def test_roles_without_the_right_never_see_the_identity(role: str) -> None:
    appeal = make_case(make_unit(), applicant=make_identified_applicant())
    assert as_user(make_user(role)).post(url("case-identity", appeal)).status_code == 403
    assert not AuditRecord.objects.filter(category__in=["access", "export"]).exists()


def test_view_of_a_confidential_appeal_is_recorded() -> None:
    unit = make_unit()
    appeal = make_case(unit, is_confidential=True)
    assert as_user(unit.executor).get(url("case", appeal)).status_code == 404
    assert as_user(unit.head).get(url("case", appeal)).status_code == 200
    assert AuditRecord.objects.filter(action=AuditRecord.Action.VIEWED_RESTRICTED).count() == 1


def test_earlier_appeals_of_the_person_are_shown_as_far_as_one_may_see_them() -> None:
    unit, other = make_unit(), make_unit("roads")
    person = make_identified_applicant()
    own = make_case(unit, applicant=person)
    elsewhere = make_case(other, applicant=person)
    appeal = make_case(unit, applicant=person)
    page = as_user(unit.executor).get(url("case", appeal)).content.decode()
    assert own.number in page
    assert elsewhere.number not in page
    assert elsewhere.number in as_user(unit.inspector).get(url("case", appeal)).content.decode()


def test_notes_are_for_those_who_work_on_the_case() -> None:
    unit = make_unit()
    appeal = make_case(unit)
    dialogue.add_note(appeal.pk, actor=unit.executor, text="Ішкі құпия жазба")
    assert "Ішкі құпия жазба" in as_user(unit.executor).get(url("case", appeal)).content.decode()
    assert "Ішкі құпия жазба" not in as_user(make_user(Role.MODERATOR)).get(url("case", appeal)).content.decode()


def test_broken_history_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    client = as_user(unit.executor)
    assert client.get(url("case", appeal)).context["history"].broken == 0
    Appeal.objects.filter(pk=appeal.pk).update(history_head="0" * 64)
    assert client.get(url("case", appeal)).context["history"].broken == appeal.history_seq


def test_print_view_is_masked_and_offers_nothing_to_press() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, applicant=make_identified_applicant())
    page = as_user(unit.executor).get(url("case-print", appeal)).content.decode()
    assert "000101300019" not in page
    assert 'method="post"' not in page.partition("<main")[2].partition("</main>")[0]


# What a press does


def test_claim_from_the_page_and_the_loser_is_told() -> None:
    unit = make_unit()
    appeal = make_case(unit)
    as_user(unit.executor).post(url("case-claim", appeal))
    assert fresh(appeal).executor == unit.executor
    told = as_user(unit.colleague).post(url("case-claim", appeal), follow=True)
    assert [message.level_tag for message in told.context["messages"]] == ["error"]


def test_note_message_and_question_from_the_page() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    client = as_user(unit.executor)
    client.post(url("case-note", appeal), {"text": "Көршісіне де бардым"})
    client.post(url("case-message", appeal), {"text": "Бригада жолда"})
    answer = client.post(url("case-ask", appeal), {"text": "Қай үйдің жанында екенін айтыңызшы"})
    assert answer["Location"].endswith("?sent=ask#conversation")
    assert Note.objects.get().text == "Көршісіне де бардым"
    assert Message.objects.filter(appeal=appeal).count() == 2
    assert fresh(appeal).status == Status.AWAITING_INFO
    client.post(url("case-end-wait", appeal))
    assert fresh(appeal).status == Status.IN_PROGRESS


def test_refused_question_comes_back_as_it_was_typed() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    bad = SimpleUploadedFile("фото.jpg", b"MZ\x90\x00 this is a program", "image/jpeg")
    answer = as_user(unit.executor).post(
        url("case-ask", appeal), {"text": "Қай үйдің жанында екенін айтыңызшы", "uploads": bad}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Қай үйдің жанында екенін айтыңызшы" in page
    assert not Message.objects.exists()


def test_change_in_the_meantime_is_told_and_the_second_press_goes_through() -> None:
    unit = make_unit()
    appeal = make_case(unit)
    client = as_user(unit.head)
    seen = client.get(url("case-assign", appeal)).context["form"]["seen"].value()
    as_user(unit.executor).post(url("case-claim", appeal))

    told = client.post(
        url("case-assign", appeal), {"user": unit.colleague.pk, "seen": seen, "reason": "Өзіңіз біліңіз"}
    )

    assert told.status_code == 409
    assert "Өзіңіз біліңіз" in told.content.decode()
    again = {"user": unit.colleague.pk, "seen": told.context["form"]["seen"].value()}
    assert client.post(url("case-assign", appeal), again).status_code == 302
    assert fresh(appeal).executor == unit.colleague


def test_executor_proposes_and_head_extends_from_the_page() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    until = (timezone.localdate() + dt.timedelta(days=14)).isoformat()
    asked = {"until": until, "ground": "Құбырдың иесін анықтау керек"}
    told = as_user(unit.executor).post(url("case-extend", appeal), asked, follow=True).content.decode()
    assert "Мерзімді ұзарту басшыға ұсынылды" in told  # not that it has been extended
    proposal = extension.open_proposal(appeal)
    head = as_user(unit.head)
    assert url("case-extension-grant", appeal, proposal.pk) in head.get(url("case", appeal)).content.decode()
    head.post(url("case-extension-grant", appeal, proposal.pk))
    assert AppealEvent.objects.filter(appeal=appeal, kind=EventKind.TERM_EXTENDED).exists()


def test_proposal_of_another_case_is_not_granted_by_its_number() -> None:
    unit = make_unit()
    one, other = make_claimed_case(unit), make_claimed_case(unit)
    until = timezone.localdate() + dt.timedelta(days=14)
    proposal = extension.propose(other.pk, actor=unit.executor, until=until, ground="Құбырдың иесін анықтау керек")
    assert as_user(unit.head).post(url("case-extension-grant", one, proposal.pk)).status_code == 404


def test_closing_without_an_answer_from_the_page() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, regime=Regime.APPEAL)
    data = {"ground": "no_substance", "reason": "Мәселе көрсетілмеген, орны да белгісіз"}
    assert as_user(unit.executor).post(url("case-close", appeal), data).status_code == 403
    assert as_user(unit.head).post(url("case-close", appeal), data).status_code == 302
    assert fresh(appeal).outcome == Outcome.LEFT_UNCONSIDERED


def test_co_executor_is_called_in_and_released() -> None:
    unit, other = make_unit(), make_unit("roads")
    appeal = make_claimed_case(unit)
    client = as_user(unit.executor)
    client.post(url("case-co-executors", appeal), {"user": other.executor.pk})
    assert as_user(other.executor).get(url("case", appeal)).status_code == 200
    client.post(url("case-co-executor-release", appeal, other.executor.pk))
    assert as_user(other.executor).get(url("case", appeal)).status_code == 404


# Files


def test_file_is_given_to_those_who_see_the_case_and_the_applicants_own_is_recorded() -> None:
    unit, other = make_unit(), make_unit("roads")
    appeal = make_case(unit, files=[PDF])
    row = Attachment.objects.get(appeal=appeal)
    answer = as_user(unit.executor).get(url("case-file", appeal, row.pk))
    assert b"".join(answer.streaming_content) == PDF.content
    assert "attachment" in answer["Content-Disposition"]
    record = AuditRecord.objects.get(action=AuditRecord.Action.DOWNLOADED)
    assert record.fields == [f"file:{row.pk}"], "the log forgets nothing, and a file may be named after its owner"
    assert as_user(other.executor).get(url("case-file", appeal, row.pk)).status_code == 404
    assert as_user(unit.executor).get(url("case-file", make_case(unit), row.pk)).status_code == 404


# The answer


def test_answer_is_saved_checked_and_sent_from_its_page() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    client = as_user(unit.executor)
    client.post(url("case-reply", appeal), fields(GOOD, action="save"))
    draft = Reply.objects.get(appeal=appeal)
    version = {"version": draft.version, "reply": draft.pk}
    checked = client.post(url("case-reply", appeal), fields(GOOD, action="check", **version))
    assert checked.context["findings"] == []
    sent = client.post(url("case-reply", appeal), fields(GOOD, action="send", **version))
    assert sent["Location"].endswith("?sent=reply#answers")
    twice = client.post(url("case-reply", appeal), fields(GOOD, action="send", **version))
    assert twice.status_code == 302
    assert fresh(appeal).status == Status.ANSWERED
    assert AppealEvent.objects.filter(appeal=appeal, kind=EventKind.REPLY_SENT).count() == 1


def test_finding_is_shown_with_its_quotation_and_asks_for_a_ground() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    client = as_user(unit.executor)
    refused = client.post(url("case-reply", appeal), fields(EMPTY, action="send"))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "<blockquote" in page
    assert "override_ground" in page
    assert EMPTY.text in page

    sent = client.post(url("case-reply", appeal), fields(EMPTY, action="send", override_ground=GROUND))
    assert sent.status_code == 302
    assert GROUND in as_user(unit.head).get(url("case", appeal)).content.decode()


def test_what_was_typed_is_in_the_draft_after_a_refusal() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    client = as_user(unit.executor)
    client.post(url("case-reply", appeal), fields(EMPTY, action="send"))
    left_and_come_back = client.get(url("case-reply", appeal)).content.decode()
    assert EMPTY.text in left_and_come_back
    assert Reply.objects.get(appeal=appeal).sent_at is None


def test_refusal_does_not_overwrite_what_a_colleague_has_written_since() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    as_user(unit.head).post(url("case-reply", appeal), fields(GOOD, action="save"))
    refused = as_user(unit.executor).post(url("case-reply", appeal), fields(EMPTY, action="send"))
    assert EMPTY.text in refused.content.decode()
    assert Reply.objects.get(appeal=appeal).text == GOOD.text


def test_autosave_gives_the_new_version_and_tells_of_another_writer() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    saved = as_user(unit.executor).post(url("case-reply-save", appeal), fields(ReplyContent(text="Бас")))
    assert 'name="version" value="1"' in saved.content.decode()
    told = as_user(unit.colleague).post(url("case-reply-save", appeal), fields(ReplyContent(text="Басқа")))
    assert str(unit.executor) in told.content.decode()
    assert Reply.objects.get().text == "Бас"


def test_second_writer_sees_both_texts_and_decides() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    as_user(unit.executor).post(url("case-reply", appeal), fields(ReplyContent(text="Бірінші мәтін"), action="save"))
    client = as_user(unit.colleague)
    told = client.post(url("case-reply", appeal), fields(ReplyContent(text="Екінші мәтін"), action="save"))
    page = told.content.decode()
    assert told.status_code == 409
    assert "Бірінші мәтін" in page
    assert "Екінші мәтін" in page
    version = told.context["form"]["version"].value()
    client.post(url("case-reply", appeal), fields(ReplyContent(text="Екінші мәтін"), action="save", version=version))
    assert Reply.objects.get().text == "Екінші мәтін"


def test_file_can_be_left_out_of_the_answer_without_losing_the_text() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    row = dialogue.add_files(appeal.pk, actor=unit.executor, files=[PDF])[0]
    client = as_user(unit.executor)
    answer = client.post(url("case-reply", appeal), fields(GOOD, leave_out=row.pk))
    assert answer.status_code == 302
    assert fresh(row).purpose == Attachment.Purpose.INTERNAL
    assert Reply.objects.get(appeal=appeal).text == GOOD.text
    assert client.post(url("case-reply", appeal), fields(GOOD, leave_out=0, version=1)).status_code == 404


def test_question_is_answered_by_the_unit_that_has_it() -> None:
    unit, roads = make_unit(), make_unit("roads")
    appeal = make_claimed_case(unit)
    _, question = routing.split_questions(appeal.pk, texts=["Су қашан?", "Жол қашан?"], actor=unit.inspector)
    routing.assign_question(question.pk, department=roads.department, actor=unit.inspector)
    assert as_user(unit.executor).get(url("case-question", appeal, question.pk)).status_code == 200
    data = {"text": "Жол 25 қарашада жөнделеді, мердігер бар"}
    assert as_user(unit.executor).post(url("case-question", appeal, question.pk), data).status_code == 302
    assert fresh(question).answered_at


def test_unit_that_had_only_a_question_lands_on_its_queue() -> None:
    unit, roads = make_unit(), make_unit("roads")
    appeal = make_claimed_case(unit)
    _, question = routing.split_questions(appeal.pk, texts=["Су қашан?", "Жол қашан?"], actor=unit.inspector)
    routing.assign_question(question.pk, department=roads.department, actor=unit.inspector)
    client = as_user(roads.executor)
    data = {"text": "Жол 25 қарашада жөнделеді, мердігер бар"}
    answer = client.post(url("case-question", appeal, question.pk), data, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[0][0] == reverse("appeals:queue")
