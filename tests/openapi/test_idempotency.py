"""One Idempotency-Key, one effect: repeated, raced, reused, refused."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from appeals.models import Appeal
from openapi import filing, idempotency, tasks
from openapi.models import FiledAppeal, IdempotentRequest
from tests.factories import make_reference
from tests.openapi.api import FILING, make_program
from tests.races.together import together

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


@pytest.fixture(autouse=True)
def terms(db):
    make_reference()


def test_repeated_request_gets_the_same_answer_and_has_no_further_effect():
    program = make_program()
    first = program.post("appeals", FILING, key=KEY)
    again = program.post("appeals", FILING, key=f'"{KEY}"')
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert again["Location"] == first["Location"]
    assert Appeal.objects.count() == FiledAppeal.objects.count() == 1


def test_key_for_another_request_is_refused():
    program = make_program()
    program.post("appeals", FILING, key=KEY)
    answer = program.post("appeals", FILING | {"address": "Тәуке хан, 1"}, key=KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_keys_of_two_applications_are_apart():
    for program in (make_program(), make_program()):
        assert program.post("appeals", FILING, key=KEY).status_code == 201
    assert Appeal.objects.count() == 2


def test_refused_request_may_be_corrected_under_the_same_key():
    program = make_program()
    assert program.post("appeals", {"text": "short"}, key=KEY).status_code == 400
    assert program.post("appeals", FILING, key=KEY).status_code == 201
    assert IdempotentRequest.objects.count() == 1


def test_filing_without_a_key_is_refused():
    answer = make_program().post("appeals", FILING, key=None)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_missing")
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("key", [" ", '""', "x" * 256])
def test_key_that_is_none_is_refused(key):
    assert make_program().post("appeals", FILING, key=key).json()["code"] == "idempotency_key_invalid"


def test_number_of_the_other_system_makes_one_appeal_under_any_key():
    program = make_program()
    numbered = FILING | {"external_id": "109-77"}
    first = program.post("appeals", numbered)
    again = program.post("appeals", numbered)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]


def test_long_keys_that_begin_alike_are_two_filings():
    program = make_program()
    numbers = {program.post("appeals", FILING, key="k" * 250 + str(n)).json()["number"] for n in range(2)}
    assert len(numbers) == Appeal.objects.count() == 2


def test_key_is_no_number_of_the_other_system():
    program = make_program()
    first = program.post("appeals", FILING, key="109-77")
    numbered = program.post("appeals", FILING | {"external_id": "109-77"})
    assert (first.status_code, numbered.status_code) == (201, 201)
    assert first.json()["number"] != numbered.json()["number"]


def test_long_keys_that_begin_alike_are_two_messages():
    program = make_program()
    number = program.post("appeals", FILING).json()["number"]
    for n in range(2):
        text = {"text": f"Суды әлі қосқан жоқ, {n}."}
        assert program.post(f"appeals/{number}/messages", text, key="k" * 250 + str(n)).status_code == 200
    assert len(program.get(f"appeals/{number}/story").json()["messages"]) == 2


def test_key_that_is_used_anew_after_its_week_is_for_something_else(time_machine):
    """A program that counts its requests by the day: by the key alone the second one would be lost in the first."""
    time_machine.move_to(timezone.now(), tick=False)
    program, numbers = make_program(), []
    for text in ("Көшеде жарық жоқ, бағандар сөніп тұр.", "Аулада қоқыс шығарылмаған, бес күн болды."):
        numbers.append(program.post("appeals", FILING | {"text": text}, key="1").json()["number"])
        added = program.post(f"appeals/{numbers[-1]}/messages", {"text": text}, key="2")
        assert added.json()["number"] == numbers[-1]
        time_machine.shift(idempotency.KEPT_FOR + timedelta(seconds=1))
        tasks.forget_requests()
    assert len(set(numbers)) == Appeal.objects.count() == 2
    for number in numbers:
        assert len(program.get(f"appeals/{number}/story").json()["messages"]) == 1


def test_same_filing_after_that_week_is_still_known(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    program = make_program()
    first = program.post("appeals", FILING, key="1")
    time_machine.shift(idempotency.KEPT_FOR + timedelta(seconds=1))
    tasks.forget_requests()
    again = program.post("appeals", FILING, key="1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]


def test_failure_after_the_effect_takes_both_back(monkeypatch):
    program = make_program()

    def crash(*args, **kwargs):
        done(*args, **kwargs)
        raise RuntimeError("the process dies here")

    done = filing.file_appeal
    monkeypatch.setattr(filing, "file_appeal", crash)
    answer = program.post("appeals", FILING, key=KEY)
    assert answer.status_code == 500
    assert "dies here" not in answer.content.decode()
    assert not Appeal.objects.exists()
    assert not IdempotentRequest.objects.exists()
    monkeypatch.undo()
    assert program.post("appeals", FILING, key=KEY).status_code == 201


def file_at_once():
    program = make_program()
    return together([lambda: program.post("appeals", FILING, key=KEY).status_code] * 4)


@pytest.mark.django_db(transaction=True)
def test_equal_requests_at_once_are_one():
    assert file_at_once() == [201] * 4
    assert Appeal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_claim_equal_requests_at_once_are_several(monkeypatch):
    unsaved = lambda *_: IdempotentRequest()  # noqa: E731
    monkeypatch.setattr(idempotency, "claim", unsaved)
    monkeypatch.setattr(IdempotentRequest, "save", lambda *_, **__: None)
    monkeypatch.setattr(idempotency, "key_of", lambda _request: str(uuid.uuid4()))
    file_at_once()
    assert Appeal.objects.count() == 4
