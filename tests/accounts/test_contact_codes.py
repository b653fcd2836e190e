"""One-time codes: counted before compared, used once, sent three times, gone after five minutes."""

import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from accounts import contact_codes
from accounts.models import ContactChallenge
from common.errors import Conflict, DomainError, RateLimited, ValidationFailed

WHERE = {"purpose": "appeal", "subject_ref": "appeal:1"}
PHONE = "+77010000000"


def issue(address=PHONE, medium="sms", **where):
    return contact_codes.issue_code(**{**WHERE, **where}, medium=medium, address=address, language="ru")


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.django_db
def test_right_code_confirms_once():
    issued = issue()
    accepted = contact_codes.try_code(**WHERE, code=f" {issued.code[:3]} {issued.code[3:]} ")
    contact_codes.redeem(accepted)
    assert accepted.address == PHONE
    assert contact_codes.is_confirmed(**WHERE, medium="sms", address=PHONE)
    with pytest.raises(Conflict):
        contact_codes.redeem(accepted)
    with pytest.raises(ValidationFailed):
        contact_codes.try_code(**WHERE, code=issued.code)


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moving:
        yield moving


MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_second_send_makes_the_first_code_worthless(clock):
    first = issue()
    clock.shift(MINUTE)
    second = issue()
    assert first.challenge_id == second.challenge_id
    assert first.code != second.code
    with pytest.raises(ValidationFailed):
        contact_codes.try_code(**WHERE, code=first.code)
    assert contact_codes.try_code(**WHERE, code=second.code).challenge_id == first.challenge_id


@pytest.mark.django_db
def test_sixth_guess_is_refused_even_when_it_is_right():
    issued = issue()
    for _ in range(contact_codes.MOST_ATTEMPTS):
        with pytest.raises(DomainError):
            contact_codes.try_code(**WHERE, code=wrong(issued.code))
    with pytest.raises(RateLimited):
        contact_codes.try_code(**WHERE, code=issued.code)
    with pytest.raises(RateLimited):
        issue()


@pytest.mark.django_db
def test_last_wrong_guess_says_when_there_is_a_new_code(clock):
    issued = issue()
    refusals = []
    for _ in range(contact_codes.MOST_ATTEMPTS):
        with pytest.raises(DomainError) as refused:
            contact_codes.try_code(**WHERE, code=wrong(issued.code))
        refusals.append(refused.value)
    assert [error.code for error in refusals] == ["code_wrong"] * contact_codes.MOST_ATTEMPTS
    assert refusals[-1].until == timezone.now() + contact_codes.LONG_WAIT
    clock.shift(contact_codes.LONG_WAIT)
    assert issue().challenge_id != issued.challenge_id


@pytest.mark.django_db
def test_another_code_can_be_sent_after_a_minute(clock):
    issue()
    clock.shift(timedelta(seconds=59))
    with pytest.raises(contact_codes.TooManyCodes) as refused:
        issue()
    assert refused.value.until - timezone.now() == timedelta(seconds=1)
    clock.shift(timedelta(seconds=1))
    assert issue().send_number == 2


@pytest.mark.django_db
def test_code_is_sent_three_times_then_there_is_a_longer_wait(clock):
    for number in range(1, contact_codes.MOST_SENDS + 1):
        assert issue().send_number == number
        clock.shift(MINUTE)
    with pytest.raises(RateLimited):
        issue()
    clock.shift(contact_codes.LONG_WAIT - MINUTE - timedelta(seconds=1))
    with pytest.raises(RateLimited):
        issue()
    clock.shift(timedelta(seconds=1))
    assert issue().send_number == 1


@pytest.mark.django_db
def test_code_expires_after_five_minutes(clock):
    issued = issue()
    clock.shift(timedelta(minutes=5, seconds=1))
    with pytest.raises(ValidationFailed) as refused:
        contact_codes.try_code(**WHERE, code=issued.code)
    assert refused.value.code == "code_expired"
    issue()


@pytest.mark.django_db
def test_tries_are_not_given_back_by_another_code(clock):
    for _ in range(2):
        code = issue().code
        for _ in range(2):
            with pytest.raises(ValidationFailed):
                contact_codes.try_code(**WHERE, code=wrong(code))
        clock.shift(MINUTE)
    state = contact_codes.state_of(**WHERE)
    assert (state.attempts_left, state.sends_left) == (1, 1)


PAIRS = [(given, used) for given in sorted(contact_codes.PURPOSES) for used in sorted(contact_codes.PURPOSES)]


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "used"), PAIRS)
def test_code_is_good_for_its_own_purpose_alone(given, used):
    """Also when a code of the other purpose was sent to the same address for the same subject."""
    codes = {purpose: issue(purpose=purpose).code for purpose in sorted({given, used})}
    where = {"purpose": used, "subject_ref": WHERE["subject_ref"]}
    if given == used:
        assert contact_codes.try_code(**where, code=codes[given])
    elif codes[given] != codes[used]:
        with pytest.raises(ValidationFailed):
            contact_codes.try_code(**where, code=codes[given])
    ContactChallenge.objects.filter(purpose=used).delete()
    with pytest.raises(ValidationFailed):
        contact_codes.try_code(**where, code=codes[given])


@pytest.mark.django_db
def test_code_for_nothing_is_not_made():
    with pytest.raises(ValueError, match="purpose"):
        issue(purpose="everything")


@pytest.mark.django_db
def test_strangers_cannot_use_up_the_codes_of_a_sign_in(clock):
    for number in range(contact_codes.MOST_CHALLENGES_PER_ADDRESS):
        issue(subject_ref=f"appeal:{number}")
    with pytest.raises(RateLimited):
        issue(subject_ref="appeal:100")
    assert issue(purpose="sign_in", subject_ref="signin:1:a", budget="sign_in").code


@pytest.mark.django_db
def test_codes_that_were_entered_do_not_use_up_the_budget_of_signing_in():
    for number in range(2 * contact_codes.MOST_CHALLENGES_PER_ADDRESS):
        where = {"purpose": "sign_in", "subject_ref": f"signin:1:{number}"}
        contact_codes.redeem(contact_codes.try_code(**where, code=issue(**where, budget="sign_in").code))


WAITS = [(1, "1 second"), (60, "60 seconds"), (121, "3 minutes"), (900, "15 minutes"), (7201, "3 hours")]


@pytest.mark.parametrize(("seconds", "words"), WAITS)
def test_no_wait_is_over_earlier_than_it_is_said_to_be(seconds, words):
    with translation.override("en"):
        assert contact_codes.wait_words(timedelta(seconds=seconds)) == words


@pytest.mark.django_db
def test_nobody_is_flooded_through_many_appeals():
    for number in range(contact_codes.MOST_CHALLENGES_PER_ADDRESS):
        issue(subject_ref=f"appeal:{number}")
    with pytest.raises(RateLimited):
        issue(subject_ref="appeal:100")
    issue(subject_ref="appeal:100", address="+77010000001")


@pytest.mark.django_db
def test_corrected_address_ends_the_challenge_of_the_wrong_one():
    first = issue(address="+77010000001")
    second = issue(address="+77010000002")
    assert first.challenge_id != second.challenge_id
    state = contact_codes.state_of(**WHERE)
    assert state is not None
    assert state.address == "+77010000002"


@pytest.mark.django_db
def test_code_of_one_subject_does_not_open_another():
    issued = issue(subject_ref="appeal:1")
    issue(subject_ref="appeal:2")
    with pytest.raises(DomainError):
        contact_codes.try_code(purpose="appeal", subject_ref="appeal:2", code=wrong(wrong(issued.code)))


@pytest.mark.django_db
def test_secret_and_address_are_not_readable_in_the_table():
    issue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, secret FROM accounts_contactchallenge")
        for value in cursor.fetchone():
            assert b"7010000000" not in bytes(value)


GUESSERS = 20


def guess_at_once(guess):
    """How many of twenty parallel guesses were compared with the code."""
    barrier = Barrier(GUESSERS)

    def one(_):
        barrier.wait()
        try:
            return guess()
        finally:
            connection.close()

    with ThreadPoolExecutor(GUESSERS) as pool:
        return sum(pool.map(one, range(GUESSERS)))


def careful_guess(code):
    try:
        contact_codes.try_code(**WHERE, code=code)
    except DomainError as refused:
        return refused.code == "code_wrong"  # else it was not compared
    return True


def careless_guess(code, meeting):
    """The control: compare first, count afterwards, as the wrong way would."""
    challenge = ContactChallenge.objects.get(**WHERE)
    if challenge.attempts >= contact_codes.MOST_ATTEMPTS:
        return False
    meeting.wait()
    hmac.compare_digest(code, contact_codes._code_of(challenge))
    ContactChallenge.objects.filter(pk=challenge.pk).update(attempts=F("attempts") + 1)
    return True


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_do_not_pass_the_limit():
    code = wrong(issue().code)
    assert guess_at_once(lambda: careful_guess(code)) == contact_codes.MOST_ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_for_a_careless_check():
    code = wrong(issue().code)
    meeting = Barrier(GUESSERS)
    assert guess_at_once(lambda: careless_guess(code, meeting)) > contact_codes.MOST_ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_right_code_entered_in_two_tabs_is_used_once():
    issued = issue()
    both = Barrier(2)

    def use(_):
        try:
            accepted = contact_codes.try_code(**WHERE, code=issued.code)
            both.wait(timeout=10)
            with transaction.atomic():
                contact_codes.redeem(accepted)
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, range(2))) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_opened_at_once_send_one_code():
    both = Barrier(2)

    def ask(_):
        both.wait(timeout=10)
        try:
            return issue().code
        except RateLimited:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len([code for code in pool.map(ask, range(2)) if code]) == 1
