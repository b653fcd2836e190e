"""Two at the same moment: the same signature sent twice, two accounts with the same person; each with its control."""

import pytest

from accounts.models import User
from common.errors import Conflict
from identity import challenges, proofs
from identity.models import IdentityRecord, ProvenIdentity
from tests.identity.signing import make_confirmed_user, signed_challenge
from tests.races.together import Meeting, failures, together, without_constraint

pytestmark = pytest.mark.django_db(transaction=True)


def prove(user, challenge):
    """With rows of its own, as each request has them."""
    mine = challenges.find(user, challenge.pk)
    return lambda: proofs.prove(mine, user=User.objects.get(pk=user.pk))


def sent_twice():
    user = make_confirmed_user()
    challenge = signed_challenge(user)
    results = together([prove(user, challenge), prove(user, challenge)])
    return results, IdentityRecord.objects.filter(user=user, method="signature").count()


def test_a_signature_sent_twice_counts_once(ncanode):
    results, records = sent_twice()
    (refused,) = failures(results)
    assert isinstance(refused, Conflict) and refused.code == "challenge_used"
    assert records == 1


def test_control_without_the_single_use_it_counts_twice(ncanode, monkeypatch):
    monkeypatch.setattr(challenges, "use", lambda challenge, now: None)
    results, records = sent_twice()
    assert failures(results) == [] and records == 2


def of_one_person(monkeypatch, user_count=2):
    """Both have passed all checks before either of them writes."""
    users = [make_confirmed_user() for _ in range(user_count)]
    works = [prove(user, signed_challenge(user)) for user in users]
    meeting, use = Meeting(user_count), challenges.use

    def meet(challenge, now):
        meeting.wait()
        use(challenge, now)

    monkeypatch.setattr(challenges, "use", meet)
    return together(works)


def test_of_two_accounts_of_one_person_one_is_confirmed(ncanode, monkeypatch):
    (refused,) = failures(of_one_person(monkeypatch))
    assert isinstance(refused, proofs.TakenElsewhere)
    assert ProvenIdentity.objects.count() == 1
    assert IdentityRecord.objects.filter(method="signature").count() == 1
    assert User.objects.exclude(iin_hash="").count() == 1, "the other one keeps nothing of it"


def test_control_without_the_constraint_both_are_confirmed(ncanode, monkeypatch):
    """What the locks of the users' rows alone would let through."""
    name = "identity_provenidentity_iin_hash_key"
    with without_constraint("identity_provenidentity", name, "UNIQUE (iin_hash)"):
        assert failures(of_one_person(monkeypatch)) == []
        assert ProvenIdentity.objects.count() == 2
