"""Confirming an identity by signature: who gets through, who does not, and that nothing is lost or counted twice."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import AuditRecord
from common.errors import Conflict, DomainError, NotFound, ValidationFailed
from identity import challenges, iin, levels, proofs
from identity.eds.ncanode import VerifierUnavailable
from identity.levels import Level
from identity.models import IdentityRecord, ProvenIdentity, Representation
from notifications.models import Notification
from tests.identity.ncanode_double import (
    BORN_IN_2099,
    FIRM,
    MAN,
    SECOND_MAN,
    WOMAN,
    authority,
    key_for_firm,
    key_of,
    stranger,
)
from tests.identity.signing import (
    IDENTITY,
    ORGANIZATION,
    handed_in,
    make_confirmed_user,
    proven_user,
    signed_challenge,
)
from tools.eds import signatures
from tools.eds.authority import Person
from tools.eds.server import FAULTS
from tools.eds.signatures import sign, sign_by

pytestmark = pytest.mark.django_db
NOW = dt.datetime.now(dt.UTC)
A_DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
@pytest.mark.parametrize("usage", ["sign", "auth"])
@pytest.mark.parametrize("detached", [True, False])
def test_a_signature_raises_the_account_to_the_highest_level(ncanode, algorithm, usage, detached):
    user = make_confirmed_user(first_name="typed", last_name="typed")
    proofs.prove(signed_challenge(user, key_of(algorithm=algorithm, usage=usage), detached=detached), user=user)
    user.refresh_from_db()
    assert levels.level_of(user) == Level.EDS
    assert (user.last_name, user.first_name, user.patronymic) == ("Тестов", "Тест", "Тестович")
    assert (user.iin, user.iin_hash) == (MAN, iin.hash_of(MAN))


def test_what_proves_it_is_recorded(ncanode):
    user = make_confirmed_user()
    challenge = signed_challenge(user)
    text, signature = challenges.text_of(challenge), bytes.fromhex(challenge.signature)
    proofs.prove(challenge, user=user)
    row = IdentityRecord.objects.get(user=user, method="signature")
    certificate = key_of().certificate
    assert row.level == Level.EDS and row.by == user and row.iin_hash == iin.hash_of(MAN)
    assert row.certificate_serial == key_of().serial and "ҰКО (EC) TEST" in row.certificate_issuer
    assert row.valid_until == certificate.not_valid_after_utc.replace(microsecond=0)
    assert row.challenge_digest == challenges.digest_of(text)
    assert row.signature_digest == challenges.digest_of(signature)
    kept = ProvenIdentity.objects.get(user=user)
    assert bytes.fromhex(kept.signature) == signature and kept.challenge.encode() == text
    log = AuditRecord.objects.get(action="identity_proven")
    assert (log.actor, log.outcome) == (user, "success") and MAN not in str(log.details)


def test_the_person_is_told_by_every_confirmed_contact(ncanode):
    user = make_confirmed_user(phone="+77010000001", phone_confirmed_at=timezone.now())
    proofs.prove(signed_challenge(user), user=user)
    assert sorted(Notification.objects.filter(template="identity").values_list("transport", flat=True)) == [
        "email",
        "sms",
    ]


def of_time(since, until):
    return authority().issue(Person(), algorithm="ec", since=since, until=until)


REFUSED = {
    "expired": lambda text: sign(text, of_time(NOW - 2 * A_DAY, NOW - A_DAY)),
    "not_yet": lambda text: sign(text, of_time(NOW + A_DAY, NOW + 2 * A_DAY)),
    "usage": lambda text: sign(text, key_of(usage="none")),
    "not_individual": lambda text: sign(text, key_for_firm()),
    "no_iin": lambda text: sign(text, key_of("")),
    "broken": lambda text: sign(text + b"!", key_of()),
    "other_file": lambda text: sign(text + b"!", key_of(), detached=False),
    "not_confirmed": lambda text: sign(text, stranger().issue(Person(), algorithm="ec")),
    "one_signer": lambda text: sign_by([key_of(), key_of(WOMAN)], text),
}
MORE = {
    "one_signer": lambda text: signatures.without_signers(sign(text, key_of())),
    "no_certificate": lambda text: signatures.without_certificates(sign(text, key_of())),
    "no_iin": lambda text: sign(text, key_of(BORN_IN_2099)),
    "not_individual": lambda text: sign(text, key_of(MAN, users=())),
    "broken": lambda text: signatures.with_content(sign(b"other", key_of(), detached=False), text),
}


@pytest.mark.parametrize(("code", "make"), [*REFUSED.items(), *MORE.items()])
def test_what_proves_nothing_is_refused_with_its_reason(ncanode, code, make):
    user = make_confirmed_user()
    challenge = challenges.open_challenge(user, IDENTITY)
    challenge = handed_in(user, make(challenges.text_of(challenge)), challenge)
    with pytest.raises(ValidationFailed) as refused:
        proofs.prove(challenge, user=user)
    assert refused.value.code == code
    assert levels.level_of(user) == Level.CONTACT and not ProvenIdentity.objects.exists()
    assert AuditRecord.objects.get(action="identity_proven", outcome="failure").details == {"refusal": code}


def test_a_revoked_certificate_is_refused(ncanode):
    user, key = make_confirmed_user(), authority().issue(Person(), algorithm="ec")
    ncanode.centre.revoke(key.serial)
    with pytest.raises(ValidationFailed) as refused:
        proofs.prove(signed_challenge(user, key), user=user)
    assert refused.value.code == "revoked"


def test_a_firms_key_without_a_person_proves_nobody(ncanode):
    key = authority().issue(Person(iin="", bin=FIRM, organization="X"), algorithm="ec", users=("INDIVIDUAL",))
    user = make_confirmed_user()
    with pytest.raises(ValidationFailed) as refused:
        proofs.prove(signed_challenge(user, key), user=user)
    assert refused.value.code == "no_iin"


def test_a_second_try_with_the_right_file_is_possible(ncanode):
    user = make_confirmed_user()
    challenge = challenges.open_challenge(user, IDENTITY)
    with pytest.raises(ValidationFailed):
        proofs.prove(handed_in(user, sign(b"wrong", key_of()), challenge), user=user)
    proofs.prove(handed_in(user, sign(challenges.text_of(challenge), key_of()), challenge), user=user)
    assert levels.level_of(user) == Level.EDS


def test_a_challenge_counts_once(ncanode):
    user = make_confirmed_user()
    challenge = signed_challenge(user)
    proofs.prove(challenge, user=user)
    with pytest.raises(Conflict) as refused:
        proofs.prove(challenge, user=user)  # what the second of two requests has read before
    assert refused.value.code == "challenge_used"
    assert IdentityRecord.objects.filter(method="signature").count() == 1


def test_a_signature_for_one_account_or_purpose_is_good_for_no_other(ncanode):
    first, second = make_confirmed_user(), make_confirmed_user()
    signature = sign(challenges.text_of(challenges.open_challenge(first, IDENTITY)), key_of())
    for_other_account = handed_in(second, signature, challenges.open_challenge(second, IDENTITY))
    for_other_purpose = handed_in(first, signature, challenges.open_challenge(first, ORGANIZATION))
    for challenge, user in ((for_other_account, second), (for_other_purpose, first)):
        with pytest.raises(ValidationFailed) as refused:
            proofs.prove(challenge, user=user)
        assert refused.value.code == "broken"


def test_the_challenge_of_somebody_else_does_not_exist():
    challenge = challenges.open_challenge(make_confirmed_user(), IDENTITY)
    with pytest.raises(NotFound):
        challenges.find(make_confirmed_user(), challenge.pk)


def test_after_five_minutes_it_is_too_late(ncanode):
    user = make_confirmed_user()
    challenge = challenges.open_challenge(user, IDENTITY)
    signature = sign(challenges.text_of(challenge), key_of())
    with time_machine.travel(timezone.now() + challenges.LIFETIME, tick=False), pytest.raises(Conflict) as refused:
        challenges.keep_signature(challenge, signature)
    assert refused.value.code == "challenge_over"


def test_a_new_challenge_ends_the_one_before(ncanode):
    user = make_confirmed_user()
    first = challenges.open_challenge(user, IDENTITY)
    second = challenges.open_challenge(user, IDENTITY)
    assert first.nonce != second.nonce
    with pytest.raises(Conflict):
        challenges.keep_signature(first, sign(challenges.text_of(first), key_of()))


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault])
def test_an_outage_loses_nothing(ncanode, settings, fault):
    """The signature came in time; when NCANode answers again, even an hour later, it counts."""
    settings.NCANODE_TIMEOUT = 1
    user = make_confirmed_user()
    challenge = signed_challenge(user)
    ncanode.fault = fault
    with pytest.raises(VerifierUnavailable):
        proofs.prove(challenge, user=user)
    assert not AuditRecord.objects.filter(outcome="failure").exists(), "nothing was refused"
    ncanode.fault = ""
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1), tick=False):
        proofs.prove(challenges.find(user, challenge.pk), user=user)
    assert levels.level_of(user) == Level.EDS


def test_without_ocsp_the_signature_waits_too(ncanode):
    user = make_confirmed_user()
    challenge = signed_challenge(user)
    ncanode.centre.ocsp_answers = False
    with pytest.raises(ValidationFailed) as refused:
        proofs.prove(challenge, user=user)
    assert refused.value.code == "not_confirmed"
    ncanode.centre.ocsp_answers = True
    proofs.prove(challenges.find(user, challenge.pk), user=user)
    assert levels.level_of(user) == Level.EDS


def test_ncanode_that_asks_nobody_confirms_nobody(ncanode):
    """It was set up without the address of OCSP: a revoked certificate would look like any other."""
    user = make_confirmed_user()
    ncanode.centre.has_ocsp = False
    with pytest.raises(ValidationFailed) as refused:
        proofs.prove(signed_challenge(user), user=user)
    assert refused.value.code == "not_confirmed"
    assert levels.level_of(user) < Level.EDS


def test_nobody_listening_is_an_outage(settings):
    settings.NCANODE_URL = "http://127.0.0.1:9"
    user = make_confirmed_user()
    with pytest.raises(VerifierUnavailable):
        proofs.prove(signed_challenge(user), user=user)


def test_a_typed_number_of_somebody_else_is_named_before_anything_changes(ncanode):
    user = make_confirmed_user(first_name="Айгүл")
    iin.give_iin(user, iin=WOMAN)
    with pytest.raises(ValidationFailed) as refused:
        proofs.prove(signed_challenge(user, key_of(MAN)), user=user)
    assert refused.value.code == "typed_other_iin"
    user.refresh_from_db()
    assert (user.iin, user.first_name) == (WOMAN, "Айгүл")


def test_one_person_has_one_confirmed_account(ncanode):
    first = proven_user(email="first@example.kz")
    second = make_confirmed_user()
    iin.give_iin(second, iin=MAN)  # typing it told nothing
    with pytest.raises(proofs.TakenElsewhere) as refused:
        proofs.prove(signed_challenge(second), user=second)
    assert "f•••@example.kz" in str(refused.value) and "first@" not in str(refused.value)
    assert levels.level_of(second) == Level.IIN and levels.level_of(first) == Level.EDS


def test_a_new_key_of_the_same_person_renews_the_proof(ncanode):
    user = proven_user()
    before = ProvenIdentity.objects.get(user=user)
    proofs.prove(signed_challenge(user, key_of(MAN, usage="auth")), user=user)
    after = ProvenIdentity.objects.get(user=user)
    assert (after.proven_at, after.renewed_at > before.renewed_at) == (before.proven_at, True)


def test_a_confirmed_account_takes_no_other_person(ncanode):
    user = proven_user(key_of(MAN))
    with pytest.raises(ValidationFailed) as refused:
        proofs.prove(signed_challenge(user, key_of(SECOND_MAN)), user=user)
    assert refused.value.code == "other_iin"


def test_an_ended_certificate_leaves_the_proof(ncanode):
    user = proven_user()
    ProvenIdentity.objects.update(valid_until=timezone.now() - A_DAY)
    assert levels.level_of(user) == Level.EDS


def represent(user, key):
    return proofs.prove(signed_challenge(user, key, purpose=ORGANIZATION), user=user)


@pytest.mark.parametrize("post", ["CEO", "CAN_SIGN"])
def test_who_may_sign_for_a_firm_acts_for_it(ncanode, post):
    user = proven_user()
    represent(user, key_for_firm(post=post))
    row = Representation.objects.get(user=user)
    assert (row.bin, row.organization, row.post) == (FIRM, "«СЫНАҚ» ЖШС", post)
    assert proofs.acts_for(user, timezone.now()) == [row]
    assert proofs.acts_for(user, row.valid_until) == [], "until the certificate ends"


FIRMS = [
    (lambda: key_for_firm(post="EMPLOYEE"), "no_right"),
    (lambda: key_for_firm(post="HR"), "no_right"),
    (lambda: key_for_firm(post=""), "no_right"),
    (lambda: key_for_firm(firm="311240000014"), "no_bin"),
    (lambda: key_for_firm(firm=""), "no_bin"),
    (lambda: key_for_firm(SECOND_MAN), "other_iin"),
    (lambda: key_of(MAN), "not_organization"),
]


@pytest.mark.parametrize(("make", "code"), FIRMS)
def test_other_keys_give_no_right_to_act_for_a_firm(ncanode, make, code):
    user = proven_user()
    with pytest.raises(DomainError) as refused:
        represent(user, make())
    assert refused.value.code == code
    assert not Representation.objects.exists()


def test_who_is_not_confirmed_himself_acts_for_nobody(ncanode):
    user = make_confirmed_user()
    with pytest.raises(Conflict) as refused:
        represent(user, key_for_firm())
    assert refused.value.code == "not_proven"


def test_a_released_identity_can_be_confirmed_in_another_account(ncanode):
    first, officer = proven_user(), make_confirmed_user()
    represent(first, key_for_firm())
    with pytest.raises(ValidationFailed):
        proofs.release(first, by=officer, reason=" ")
    proofs.release(first, by=officer, reason="The old account cannot be opened any more.")
    assert levels.level_of(first) == Level.IIN and not Representation.objects.exists()
    second = proven_user()
    assert levels.level_of(second) == Level.EDS
    assert IdentityRecord.objects.get(method="released").by == officer


def test_old_texts_are_forgotten(ncanode):
    user = make_confirmed_user()
    challenges.open_challenge(user, IDENTITY)
    assert challenges.forget_old(timezone.now()) == 0
    assert challenges.forget_old(timezone.now() + 3 * A_DAY) == 1


def test_the_operator_releases_by_a_command_that_names_who_and_why(ncanode, capsys):
    user, officer = proven_user(username="lost"), make_confirmed_user(username="officer")
    with pytest.raises(CommandError):
        call_command("release_identity", "lost", by="nobody", reason="x")
    call_command("release_identity", "lost", by="officer", reason="Identity card seen at the reception.")
    assert levels.level_of(user) == Level.IIN
    row = IdentityRecord.objects.get(method="released")
    assert (row.by, row.reason) == (officer, "Identity card seen at the reception.")
    with pytest.raises(CommandError):
        call_command("release_identity", "lost", by="officer", reason="again")
