"""Anonymised appeals: nothing of the person is left, and the history is still proved."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from appeals import events, feedback, intake, tasks, threads
from appeals.models import (
    Appeal,
    AppealEvent,
    Applicant,
    Attachment,
    EventKind,
    Leftover,
    Message,
    RawDelivery,
    Reply,
    Verdict,
)
from appeals.personal_data import leftovers, redaction
from common.errors import Conflict
from common.files import CheckedFile
from notifications.models import Notification
from tests.appeals.cases import make_unit
from tests.appeals.test_events import make_answered_appeal, without_triggers
from tests.factories import make_appeal, make_identified_applicant

pytestmark = pytest.mark.django_db

SECRET = "Құпиябеков"  # stands wherever a person may be named


def make_full_case() -> Appeal:
    """A closed appeal with the secret in every place a person may write or be named."""
    appeal = make_answered_appeal()
    with transaction.atomic():
        threads.attach(lock(appeal), CheckedFile(f"{SECRET}.pdf", b"%PDF-1.4", "application/pdf"), message=None)
    judgement = feedback.Judgement(Verdict.SOLVED, rating=5, comment=f"Рахмет, {SECRET}")
    feedback.give_feedback(appeal.pk, judgement)
    Applicant.objects.filter(pk=appeal.applicant_id).update(
        full_name=SECRET, phone="+77015554433", thread_key="telegram:9"
    )
    for model in (Message, Reply):
        assert model.objects.filter(appeal=appeal).exists()
    delivered = {"channel": "telegram", "external_id": str(appeal.pk), "status": "processed"}
    RawDelivery.objects.create(payload=SECRET, appeal=appeal, **delivered)
    Notification.objects.create(
        dedupe_key=f"x{appeal.pk}", transport="sms", address="+77015554433", body=SECRET, template="received",
        subject_ref=f"appeal:{appeal.pk}", status="sent",
    )  # fmt: skip
    return Appeal.objects.get(pk=appeal.pk)


def lock(appeal: Appeal) -> Appeal:
    return Appeal.objects.select_related("applicant").select_for_update(of=("self",)).get(pk=appeal.pk)


def everything_stored() -> str:
    """Every row of every table of the hub as text, decrypted where it was encrypted."""
    from django.apps import apps

    found = []
    for model in apps.get_models():
        if model._meta.app_label in {"appeals", "notifications", "audit", "privacy"} and model._meta.managed:
            for row in model._default_manager.all():
                values = {field.name: getattr(row, field.attname) for field in model._meta.concrete_fields}
                found.append(json.dumps(values, default=str, ensure_ascii=False))
    return "\n".join(found)


def test_nothing_that_names_the_person_is_left(django_capture_on_commit_callbacks: Any) -> None:
    appeal = make_full_case()
    path = Attachment.objects.get(appeal=appeal, purpose="appeal").file.name
    assert SECRET in everything_stored() and "77015554433" in everything_stored()
    with django_capture_on_commit_callbacks(execute=True):
        assert redaction.anonymise(appeal.pk, ground="request", cause="test") is True
        assert default_storage.exists(path), "no transaction brings a file back: it goes after the commit"
    left = everything_stored()
    assert SECRET not in left
    assert "77015554433" not in left
    assert not default_storage.exists(path)
    now = Appeal.objects.get(pk=appeal.pk)
    assert (now.subject, now.address, now.latitude, now.search) == ("", "", None, None)
    assert (now.topic_id, now.status, now.closed_at) == (appeal.topic_id, appeal.status, appeal.closed_at)


def test_the_history_holds_before_and_after_and_says_what_happened() -> None:
    appeal = make_full_case()
    assert proved(appeal)
    redaction.anonymise(appeal.pk, ground="request", cause="request:7")
    assert proved(appeal)
    last = AppealEvent.objects.filter(appeal=appeal).order_by("-seq").first()
    assert last is not None and last.kind == EventKind.REDACTED
    assert (last.data["ground"], last.data["cause"]) == ("request", "request:7")
    call_command("verify_history")


def proved(appeal: Appeal) -> bool:
    return not list(events.broken_links([appeal.pk])) and not events.changed_texts([appeal.pk])


def test_a_second_time_changes_nothing() -> None:
    appeal = make_full_case()
    redaction.anonymise(appeal.pk, ground="request", cause="test")
    count = AppealEvent.objects.count()
    assert redaction.anonymise(appeal.pk, ground="request", cause="test") is False
    assert AppealEvent.objects.count() == count


def test_an_open_appeal_is_never_anonymised() -> None:
    appeal = make_appeal()
    with pytest.raises(Conflict), transaction.atomic():
        redaction.anonymise(appeal.pk, ground="request", cause="test")
    assert Appeal.objects.get(pk=appeal.pk).anonymised_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE appeals_appeal SET text = 'written later'",
        "UPDATE appeals_message SET text = 'written later'",
        "UPDATE appeals_reply SET text = 'written later'",
        "UPDATE appeals_note SET text = 'written later'",
    ],
)
def test_a_text_written_after_the_redaction_is_found(statement: str) -> None:
    appeal = make_full_case()
    redaction.anonymise(appeal.pk, ground="request", cause="test")
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert events.changed_texts([appeal.pk])


def test_an_emptied_event_without_a_redaction_is_broken() -> None:
    appeal = make_full_case()
    without_triggers("UPDATE appeals_appealevent SET reason = '' WHERE reason <> '' AND kind = %s", ["answer_rated"])
    assert [link.why for link in events.broken_links([appeal.pk])] == ["its contents were changed"]


def test_a_redacted_event_changed_further_is_broken() -> None:
    appeal = make_full_case()
    redaction.anonymise(appeal.pk, ground="request", cause="test")
    without_triggers("UPDATE appeals_appealevent SET reason = 'other' WHERE kind = %s", ["answer_rated"])
    assert len(list(events.broken_links([appeal.pk]))) == 1


def test_a_redaction_written_without_the_key_is_found_out(settings: object) -> None:
    appeal = make_full_case()
    key = settings.HASH_KEY
    settings.HASH_KEY = "whoever can only write to the database has to guess it"
    redaction.anonymise(appeal.pk, ground="forged", cause="forged")
    settings.HASH_KEY = key
    assert list(events.broken_links([appeal.pk]))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE appeals_appealevent SET reason = '' WHERE reason <> ''",
        "UPDATE appeals_appealevent SET data = data - 'rating'",
        "UPDATE appeals_appealevent SET reason = '', data = data - 'address'",
    ],
)
def test_database_lets_no_event_lose_words_that_no_redaction_names(statement: str) -> None:
    make_full_case()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_database_lets_a_named_event_lose_its_words_only() -> None:
    appeal = make_full_case()
    redaction.anonymise(appeal.pk, ground="request", cause="test")
    rated = AppealEvent.objects.get(appeal=appeal, kind=EventKind.RATED)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AppealEvent.objects.filter(pk=rated.pk).update(reason="other")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AppealEvent.objects.filter(pk=rated.pk).update(data={"rating": 1})


def test_a_message_that_moved_is_proved_in_both_chains() -> None:
    unit = make_unit()
    first, second = make_appeal(), make_appeal()
    Appeal.objects.filter(pk=second.pk).update(applicant=first.applicant)
    parts = threads.MessageParts("web", "m-9", timezone.now(), text=f"Бұл {SECRET} туралы")
    message = threads.join_message(first.pk, parts=parts).message
    threads.move_message(message.pk, to_appeal_id=second.pk, actor=unit.inspector)
    for appeal in (first, second):
        feedback.withdraw(appeal.pk)
    redaction.anonymise(second.pk, ground="request", cause="test")
    assert proved(first) and proved(second)
    assert SECRET not in Message.objects.get(pk=message.pk).text


def test_author_of_a_promoted_request_is_forgotten_with_the_last_of_his_appeals() -> None:
    appeal = make_appeal(applicant=make_identified_applicant(contact_confirmed=True))
    other = make_appeal()
    Appeal.objects.filter(pk=other.pk).update(applicant=appeal.applicant)
    feedback.withdraw(appeal.pk)
    redaction.anonymise(appeal.pk, ground="request", cause="test")
    assert Applicant.objects.get(pk=appeal.applicant_id).full_name != ""
    feedback.withdraw(other.pk)
    redaction.anonymise(other.pk, ground="request", cause="test")
    person = Applicant.objects.get(pk=appeal.applicant_id)
    assert (person.full_name, person.identifier, person.identifier_hash, person.phone_hash) == ("", "", "", "")


def test_point_and_address_leave_the_history_too() -> None:
    appeal = make_appeal()
    place = threads.Place("43.2973", "68.2518")
    threads.join_message(appeal.pk, parts=threads.MessageParts("web", "m-1", timezone.now(), place=place))
    intake.confirm_contact(appeal.pk, address="•••33")
    feedback.withdraw(appeal.pk, reason=SECRET)
    redaction.anonymise(appeal.pk, ground="request", cause="test")
    told = json.dumps(list(AppealEvent.objects.values_list("data", flat=True)), default=str)
    assert "43.2973" not in told and "•••33" not in told
    assert proved(appeal)


def file_of(appeal: Appeal) -> str:
    return str(Attachment.objects.get(appeal=appeal, purpose="appeal").file.name)


@pytest.mark.django_db(transaction=True)
def test_files_stay_when_the_transaction_around_fails() -> None:
    appeal = make_full_case()
    path = file_of(appeal)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        redaction.anonymise(appeal.pk, ground="request", cause="test")
        raise ZeroDivisionError
    assert default_storage.exists(path)
    assert file_of(appeal) == path
    redaction.anonymise(appeal.pk, ground="request", cause="test")
    assert not default_storage.exists(path)
    assert not Leftover.objects.exists()


def test_files_of_a_worker_killed_after_the_commit_go_with_the_next_tick() -> None:
    appeal = make_full_case()
    path = file_of(appeal)
    redaction.anonymise(appeal.pk, ground="request", cause="test")  # nothing runs after the commit here
    assert default_storage.exists(path)
    assert tasks.remove_leftovers() == 1
    assert not default_storage.exists(path)
    assert not Leftover.objects.exists()


def test_a_file_that_cannot_be_removed_keeps_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make_full_case(), make_full_case()
    stuck, path = file_of(first), file_of(second)
    delete = default_storage.delete

    def fails(name: str) -> None:
        if name == stuck:
            raise OSError("the disk is away")
        delete(name)

    for appeal in (first, second):
        redaction.anonymise(appeal.pk, ground="request", cause="test")
    monkeypatch.setattr(leftovers.default_storage, "delete", fails)
    assert tasks.remove_leftovers() == 1
    assert not default_storage.exists(path)
    monkeypatch.undo()
    assert tasks.remove_leftovers() == 1
    assert not default_storage.exists(stuck)


def test_a_notice_that_waits_is_sent_and_emptied_then() -> None:
    appeal = make_full_case()
    waiting = Notification.objects.create(
        dedupe_key="w", transport="sms", address="+77015554433", body=SECRET, template="answered",
        subject_ref=f"appeal:{appeal.pk}", status="waiting",
    )  # fmt: skip
    redaction.anonymise(appeal.pk, ground="request", cause="test")
    tasks.remove_leftovers()
    waiting.refresh_from_db()
    assert (waiting.address, waiting.body) == ("+77015554433", SECRET)
    Notification.objects.filter(pk=waiting.pk).update(status="sent")
    tasks.remove_leftovers()
    waiting.refresh_from_db()
    assert (waiting.address, waiting.body) == ("", "")
    assert not Leftover.objects.exists()
