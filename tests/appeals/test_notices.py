"""Notices to the applicant and the staff: who, by which way, in which words, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Role
from appeals import events, intake, notice_texts, notices, routing, staff_notices, terms
from appeals.models import (
    Appeal,
    AppealEvent,
    Channel,
    EventKind,
    Message,
    Outcome,
    Question,
    Reply,
    Status,
    Timer,
    TimerCode,
)
from notifications import delivery, preferences
from notifications.models import Notification, Preference
from notifications.transports.base import Undeliverable, transports
from notifications.transports.sms import parts_of
from tests.factories import make_appeal, make_department, make_organization, make_user

pytestmark = pytest.mark.django_db
E = EventKind
TELEGRAM = intake.IncomingApplicant(
    full_name="Айгүл", thread_key="telegram:111", email="a@mail.kz", phone="+77010000000", contact_confirmed=True
)
BY_EMAIL = intake.IncomingApplicant(full_name="Айгүл", email="a@mail.kz", phone="+77010000000", contact_confirmed=True)
UNCONFIRMED = intake.IncomingApplicant(full_name="Айгүл", phone="+77010000000")


@pytest.fixture(autouse=True)
def own_address(settings: Any) -> None:
    settings.PUBLIC_URL = "https://uni.turkistan.gov.kz"


def record(appeal: Appeal, kind: EventKind, **values: Any) -> AppealEvent:
    return events.record(Appeal.objects.get(pk=appeal.pk), kind, is_public=True, **values)


def received(appeal: Appeal) -> AppealEvent:
    return AppealEvent.objects.get(appeal=appeal, kind=E.RECEIVED)


def told(event: AppealEvent) -> Notification | None:
    notices.tell_applicant(event.pk)
    return Notification.objects.filter(dedupe_key__startswith=f"notice:{event.pk}:applicant").order_by("-pk").first()


# Ways


@pytest.mark.parametrize(
    ("channel", "applicant", "ways"),
    [
        (Channel.TELEGRAM, TELEGRAM, ["telegram", "email", "sms"]),
        (Channel.WEB, BY_EMAIL, ["email", "sms"]),
        (Channel.CALL109, BY_EMAIL, ["sms", "email"]),
        (Channel.CALL109, UNCONFIRMED, ["sms"]),
        (Channel.WEB, UNCONFIRMED, []),
        (Channel.WEB, intake.IncomingApplicant(), []),
    ],
)
def test_channel_of_origin_comes_first(channel: Channel, applicant: intake.IncomingApplicant, ways: list[str]) -> None:
    appeal = make_appeal(channel=channel, applicant=applicant)
    assert [contact.transport for contact in notices.contacts_of(appeal)] == ways


def test_notice_goes_once_by_the_first_way() -> None:
    event = received(make_appeal(channel=Channel.TELEGRAM, applicant=TELEGRAM))
    assert [notices.tell_applicant(event.pk) for _ in range(3)] == [True, False, False]
    note = Notification.objects.get()
    assert (note.transport, note.address) == ("telegram", "111")


def test_way_that_failed_for_good_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def blocked(*args: Any) -> str:
        raise Undeliverable("403 Forbidden: bot was blocked by the user")

    settings.TELEGRAM_BOT_TOKEN = "1:T"
    monkeypatch.setattr(transports.get("telegram"), "send", blocked, raising=False)
    notices.tell_applicant(received(make_appeal(channel=Channel.TELEGRAM, applicant=TELEGRAM)).pk)
    delivery.send_due()
    delivery.send_due()
    assert list(Notification.objects.order_by("pk").values_list("transport", "status")) == [
        ("telegram", "failed"),
        ("email", "sent"),
    ]


@pytest.mark.parametrize(
    ("kind", "media", "way"),
    [
        (E.INFO_REQUESTED, {}, "email"),
        (E.INFO_REQUESTED, {"resident_owed": ["sms"]}, "sms"),
        (E.INFO_REQUESTED, {"resident_owed": ["telegram"]}, "email"),
        (E.REOPENED, {"resident_progress": ["sms"]}, "sms"),
        (E.REOPENED, {"resident_progress": []}, None),
    ],
)
def test_applicant_with_an_account_chooses_the_way(
    kind: EventKind, media: dict[str, list[str]], way: str | None
) -> None:
    user = make_user()
    Preference.objects.create(user=user, media=media)
    appeal = make_appeal(applicant=replace(BY_EMAIL, user_id=user.pk))
    note = told(record(appeal, kind))
    assert (note.transport if note else None) == way


def test_every_notice_belongs_to_one_group_of_the_page() -> None:
    """Other apps have groups of their own on the page; those are not looked at here."""
    for audience, kinds in (
        (preferences.RESIDENT, notice_texts.SUBJECTS),
        (preferences.STAFF, staff_notices.CHOOSERS),
    ):
        groups = [group for _slug, group in preferences.groups if group.audience == audience]
        named = [kind for group in groups for kind in group.templates if kind in kinds]
        assert sorted(named) == sorted(kinds)


def test_anonymous_applicant_is_told_nothing() -> None:
    assert told(received(make_appeal(applicant=intake.IncomingApplicant()))) is None


def test_whole_way_from_event_to_transport(run_tasks: Callable[[], list[str]], mailoutbox: list[Any]) -> None:
    appeal = make_appeal(applicant=BY_EMAIL)
    run_tasks()
    (mail,) = mailoutbox
    assert mail.subject.startswith(f"[№ {appeal.number}]")
    assert mail.to == ["a@mail.kz"]
    assert mail.extra_headers["Message-ID"].startswith(f"<{appeal.number}.1.")
    assert appeal.tracking_code in mail.body
    assert f"https://uni.turkistan.gov.kz/track/{appeal.number}/" in mail.body


# Secrets


def test_tracking_code_goes_only_to_a_confirmed_contact() -> None:
    own = make_appeal(applicant=BY_EMAIL)
    typed_by_operator = make_appeal(channel=Channel.CALL109, applicant=UNCONFIRMED)
    assert own.tracking_code in told(received(own)).body
    assert typed_by_operator.tracking_code not in told(received(typed_by_operator)).body


def test_code_is_never_part_of_an_address() -> None:
    appeal = make_appeal(applicant=BY_EMAIL)
    body = told(received(appeal)).body
    assert all(appeal.tracking_code not in word for word in body.split() if word.startswith("http"))


def test_notices_hold_no_identifier_and_no_name() -> None:
    person = intake.IncomingApplicant(
        full_name="Серікова Айгүл",
        identifier="000101300019",
        email="a@mail.kz",
        contact_confirmed=True,
        postal_address="Тәуке хан 1",
    )
    note = told(received(make_appeal(applicant=person)))
    assert "000101300019" not in note.body
    assert "Серікова" not in note.body


# Words


def make_reply(appeal: Appeal, **values: Any) -> Reply:
    defaults = {"language": "kk", "text": "Құбыр ауыстырылды.", "outcome": "satisfied", "sent_at": timezone.now()}
    return Reply.objects.create(appeal=appeal, **(defaults | values))


def every_notice(appeal: Appeal) -> list[AppealEvent]:
    """One event of every kind that an applicant may be told of."""
    unit = make_department("water")
    message = Message.objects.create(appeal=appeal, direction="out", channel="web", text="Қай үй?")
    reply = make_reply(appeal)
    interim = make_reply(appeal, is_interim=True)
    return [
        received(appeal),
        record(appeal, E.REGISTERED),
        record(appeal, E.PROMOTED),
        record(appeal, E.ASSIGNED, data={"department": unit.pk}),
        record(appeal, E.INFO_REQUESTED, reason="Қай үйде?", data={"until": timezone.now() + timedelta(days=3)}),
        record(appeal, E.MESSAGE_SENT, data={"message": message.pk}),
        record(appeal, E.FORWARDED, reason="Құзыреті бойынша", data={"department": unit.pk}),
        record(appeal, E.TERM_EXTENDED, reason="Сараптама қажет"),
        record(appeal, E.TERM_RECALCULATED, reason="Наурыз"),
        record(appeal, E.REPLY_SENT, data={"reply": interim.pk, "interim": True}),
        record(appeal, E.REPLY_SENT, data={"reply": reply.pk}),
        record(appeal, E.DISPUTED),
        record(appeal, E.REOPENED),
        record(appeal, E.CLOSED, reason="Шешілді"),
        record(appeal, E.CLOSED, data={"why": "silent"}),
    ]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_notice_has_words_in_every_language(language: str) -> None:
    appeal = make_appeal(applicant=BY_EMAIL, answer_language=language)
    seen = set()
    for event in every_notice(appeal):
        note = told(event)
        assert note is not None, event.kind
        assert (note.transport, note.language) == ("email", language)
        assert appeal.number in note.body
        assert "%(" not in note.body + note.subject
        assert "\n\n\n" not in note.body
        seen.add(note.template)
    assert seen == set(notice_texts.SUBJECTS)


def test_languages_differ() -> None:
    bodies = set()
    for language in ("kk", "ru", "en"):
        bodies.add(told(received(make_appeal(applicant=BY_EMAIL, answer_language=language))).body.splitlines()[0])
    assert len(bodies) == 3


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_sms_keeps_within_two_parts(language: str) -> None:
    appeal = make_appeal(channel=Channel.CALL109, applicant=BY_EMAIL, answer_language=language)
    for event in every_notice(appeal):
        note = told(event)
        if note.transport == "sms":
            assert parts_of(note.body) <= 2, f"{len(note.body)}: {note.body}"
            assert "\n" not in note.body


def test_sms_is_only_for_what_matters() -> None:
    appeal = make_appeal(channel=Channel.CALL109, applicant=UNCONFIRMED)
    assert told(record(appeal, E.ASSIGNED, data={"department": make_department().pk})) is None
    assert told(record(appeal, E.INFO_REQUESTED, reason="Қай үйде?")).transport == "sms"


def test_answer_comes_with_its_text_and_buttons_to_judge_it() -> None:
    appeal = make_appeal(channel=Channel.TELEGRAM, applicant=TELEGRAM)
    reply = make_reply(appeal, measures="Құбырдың 12 метрі ауыстырылды", done_by="Су арнасы")
    note = told(record(appeal, E.REPLY_SENT, data={"reply": reply.pk}))
    assert "Құбыр ауыстырылды." in note.body
    assert "12 метрі" in note.body
    data = [row[0]["callback_data"] for row in note.headers["reply_markup"]["inline_keyboard"]]
    assert data == [f"v:{reply.pk}:solved", f"v:{reply.pk}:partly", f"v:{reply.pk}:not_solved"]
    assert all(len(value.encode()) <= 64 for value in data)


def test_what_people_write_is_not_taken_for_markup() -> None:
    appeal = make_appeal(applicant=BY_EMAIL)
    note = told(record(appeal, E.INFO_REQUESTED, reason='<b>Қай "үй"</b> & пәтер?'))
    assert '<b>Қай "үй"</b> & пәтер?' in note.body


def test_unit_is_told_once_and_not_with_every_person_of_it() -> None:
    appeal, unit = make_appeal(applicant=BY_EMAIL), make_department()
    first = record(appeal, E.ASSIGNED, data={"department": unit.pk})
    second = record(appeal, E.ASSIGNED, data={"department": unit.pk, "user": 5})
    assert unit.name in told(first).body
    assert told(second) is None


def test_matter_settled_on_the_phone_needs_no_notice() -> None:
    appeal = make_appeal(channel=Channel.CALL109, applicant=BY_EMAIL)
    Appeal.objects.update(outcome=Outcome.FIRST_CONTACT, status=Status.CLOSED, closed_at=timezone.now())
    assert told(received(appeal)) is None
    assert told(record(appeal, E.CLOSED)) is None


def test_appeal_that_waits_for_confirmation_says_so() -> None:
    applicant = intake.IncomingApplicant(
        full_name="А", identifier="000101300019", postal_address="x", email="a@mail.kz"
    )
    appeal = make_appeal(channel=Channel.FRONT_OFFICE, regime="appeal", applicant=applicant)
    assert "растаңыз" in told(received(appeal)).body


def test_receipt_follows_when_the_contact_is_confirmed() -> None:
    appeal = make_appeal(applicant=UNCONFIRMED)
    assert told(received(appeal)) is None
    intake.confirm_contact(appeal.pk, address="+7 701 ••• •• 00")
    note = told(AppealEvent.objects.get(kind=E.CONTACT_CONFIRMED))
    assert appeal.tracking_code in note.body


# The duty to tell of an extension


def test_duty_ends_when_the_notice_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    appeal = make_appeal(applicant=BY_EMAIL)
    _start_duty(appeal)
    notices.tell_applicant(record(appeal, E.TERM_EXTENDED, reason="x").pk)
    assert _duty(appeal).stopped_at is None
    delivery.send_due()
    assert _duty(appeal).stopped_at is not None


def test_duty_ends_at_once_when_there_is_nobody_to_write_to() -> None:
    appeal = make_appeal(applicant=intake.IncomingApplicant())
    _start_duty(appeal)
    notices.tell_applicant(record(appeal, E.TERM_EXTENDED, reason="x").pk)
    assert _duty(appeal).stopped_at is not None


def _start_duty(appeal: Appeal) -> None:
    from appeals import timers

    timers.start(Appeal.objects.get(pk=appeal.pk), TimerCode.EXTENSION_NOTICE, at=timezone.now())


def _duty(appeal: Appeal) -> Timer:
    return Timer.objects.get(appeal=appeal, code=TimerCode.EXTENSION_NOTICE)


# Staff


def test_assignment_is_told_to_the_unit_in_inbox_and_by_mail() -> None:
    unit = make_department()
    head, executor = make_user(Role.HEAD, department=unit), make_user(Role.EXECUTOR, department=unit)
    make_user(Role.EXECUTOR, department=make_department("roads"))
    appeal = make_appeal()
    routing.assign_unit(appeal.pk, department=unit, actor=make_user(Role.INSPECTOR))
    event = AppealEvent.objects.get(kind=E.ASSIGNED)
    assert staff_notices.tell_staff(event.pk) == 4
    assert staff_notices.tell_staff(event.pk) == 0
    inbox = Notification.objects.filter(transport="inbox")
    assert set(inbox.values_list("user", flat=True)) == {head.pk, executor.pk}
    link = f"/staff/appeals/{appeal.number}/"
    assert not [row for row in inbox if link in row.body]
    assert all(link in row.body for row in Notification.objects.filter(transport="email"))


@pytest.mark.parametrize("kind", [E.RATED, E.WITHDRAWN, E.NOTICE_FAILED])
def test_words_of_the_applicant_stay_in_the_hub(kind: EventKind) -> None:
    executor = make_user(Role.EXECUTOR, department=make_department())
    Preference.objects.create(user=executor, media={"staff_cases": ["email"]})
    appeal = make_appeal()
    Appeal.objects.update(department=executor.role_assignments.get().department, executor=executor)
    staff_notices.tell_staff(record(appeal, kind, reason="Мен Ахметова, 5-пәтер").pk)
    mail, inbox = (Notification.objects.get(transport=way) for way in ("email", "inbox"))
    assert "Ахметова" not in mail.body
    assert "Ахметова" in inbox.body


@pytest.mark.parametrize("kind", list(staff_notices.CHOOSERS))
def test_notice_in_the_inbox_speaks_the_language_of_its_reader(kind: EventKind) -> None:
    user = make_user(Role.INSPECTOR, language="ru")
    appeal = make_appeal()
    event = record(appeal, kind, data={"user": user.pk, "share": 50}, reason="Себебі")
    row = Notification(template=f"staff_{kind}", headers=notice_texts.staff_data(event, user.pk))
    said = {}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            line = notice_texts.inbox_line(row)
        assert line.number == appeal.number
        assert line.details[-1].endswith("Себебі")
        said[language] = line.sentence
    assert len(set(said.values())) == 3


def test_notice_from_before_shows_no_address() -> None:
    body = (
        "Берілді\n№ TRK-26-0000001-0 — Су\nЖауап мерзімі: 3 желтоқсан\n\nhttps://uni.turkistan.gov.kz/staff/appeals/1/"
    )
    with translation.override("en"):
        row = Notification(template="staff_appeal_assigned", subject="[№ 1] Берілді", body=body)
        line = notice_texts.inbox_line(row)
    assert line == notice_texts.StaffLine(
        "", "The appeal was given to your unit.", ("Су", "Жауап мерзімі: 3 желтоқсан")
    )


def test_who_did_it_needs_not_be_told_and_mail_can_be_declined() -> None:
    unit = make_department()
    head, executor = make_user(Role.HEAD, department=unit), make_user(Role.EXECUTOR, department=unit)
    Preference.objects.create(user=executor, media={"staff_work": []})
    appeal = make_appeal()
    Appeal.objects.update(department=unit)
    event = record(appeal, E.ASSIGNED, data={"department": unit.pk}, actor=head)
    assert staff_notices.tell_staff(event.pk) == 1
    note = Notification.objects.get()
    assert (note.transport, note.user) == ("inbox", executor)


def test_person_complained_about_is_never_told() -> None:
    unit = make_department()
    named = make_user(Role.EXECUTOR, department=unit)
    appeal = make_appeal(complaint_user_id=named.pk)
    Appeal.objects.update(department=unit, executor=named)
    assert staff_notices.recipients_of(record(appeal, E.MESSAGE_RECEIVED)) == []


def test_confidential_appeal_is_told_only_to_those_who_may_see_it() -> None:
    unit = make_department()
    head = make_user(Role.HEAD, department=unit)
    make_user(Role.EXECUTOR, department=unit)
    appeal = make_appeal(is_confidential=True)
    Appeal.objects.update(department=unit)
    assert staff_notices.recipients_of(record(appeal, E.REOPENED)) == [head]


@pytest.mark.parametrize("as_question", [False, True])
def test_more_people_cost_no_more_queries(as_question: bool) -> None:
    unit, other = make_department(), make_department("roads")
    appeal = make_appeal()
    Appeal.objects.update(department=other if as_question else unit)
    question = Question.objects.create(appeal=appeal, position=1, text="?", department=unit) if as_question else None
    counted = []
    terms.topics()
    for people in (2, 12):
        for _place in range(people):
            make_user(Role.EXECUTOR, department=unit, email="")
        event = record(appeal, E.ASSIGNED, data={"department": unit.pk}, question=question)
        with CaptureQueriesContext(connection) as queries:
            told = staff_notices.tell_staff(event.pk)
        counted.append((told, len(queries)))
    assert [told for told, _queries in counted] == [2, 14]
    assert counted[0][1] == counted[1][1]


def test_ladder_names_the_people() -> None:
    unit = make_department()
    executor, head = make_user(Role.EXECUTOR, department=unit), make_user(Role.HEAD, department=unit)
    deputy = make_user(Role.DEPUTY_AKIM)
    appeal = make_appeal()
    Appeal.objects.update(department=unit, executor=executor)
    rungs = {
        ("executor",): [executor],
        ("head",): [head],
        ("deputy_akim",): [deputy],
        ("executor", "head"): [executor, head],
    }
    for roles, people in rungs.items():
        event = record(appeal, E.ESCALATED, data={"roles": list(roles), "share": 100})
        assert staff_notices.recipients_of(event) == people


@pytest.mark.parametrize("kind", list(staff_notices.CHOOSERS))
def test_every_event_for_the_staff_finds_somebody_or_nobody_without_an_error(kind: EventKind) -> None:
    appeal = make_appeal()
    staff_notices.tell_staff(record(appeal, kind).pk)


def test_reactions_and_notices_agree() -> None:
    from appeals.reactions import REACTIONS, TELL_APPLICANT, TELL_STAFF

    assert {kind for kind, tasks in REACTIONS.items() if TELL_APPLICANT in tasks} == set(notices.WRITERS)
    assert {kind for kind, tasks in REACTIONS.items() if TELL_STAFF in tasks} == set(staff_notices.CHOOSERS)


# To another body


def test_forwarded_case_goes_to_the_body_with_what_it_needs(mailoutbox: list[Any]) -> None:
    body = make_organization("police", kind="external", email="post@police.example")
    unit = make_department("police", organization=body, is_external=True)
    appeal = make_appeal(applicant=BY_EMAIL)
    event = record(appeal, E.FORWARDED, reason="Полицияның құзыреті", data={"department": unit.pk})
    assert [staff_notices.deliver_forwarded(event.pk) for _ in range(2)] == [True, False]
    delivery.send_due()
    (mail,) = mailoutbox
    assert mail.to == ["post@police.example"]
    assert appeal.text in mail.body
    assert "Полицияның құзыреті" in mail.body
    assert "References" not in mail.extra_headers


def test_body_without_a_mailbox_gets_nothing() -> None:
    unit = make_department("police", organization=make_organization("police", kind="external"), is_external=True)
    event = record(make_appeal(), E.FORWARDED, data={"department": unit.pk})
    assert staff_notices.deliver_forwarded(event.pk) is False


# Words


def test_nothing_that_is_missing_leaves_a_hole_in_the_text() -> None:
    appeal = make_appeal(applicant=BY_EMAIL, answer_language="ru")
    for event in (record(appeal, E.REOPENED), record(appeal, E.CLOSED), received(appeal)):
        body = told(event).body
        assert ": ." not in body
        assert ".." not in body
