"""What the copy of a person's data tells of his identity, and what closing the account leaves of it."""

import pytest
from django.db import transaction

from identity import levels, proofs
from identity.levels import Level
from identity.models import IdentityRecord, ProvenIdentity, Representation, SignatureChallenge
from privacy.holdings import erasure
from privacy.registries import Subject, exports
from tests.identity.ncanode_double import FIRM, key_for_firm
from tests.identity.signing import ORGANIZATION, proven_user, signed_challenge

pytestmark = pytest.mark.django_db


def test_the_copy_tells_how_the_level_came_about_and_for_whom_he_acts(ncanode):
    user = proven_user()
    proofs.prove(signed_challenge(user, key_for_firm(), purpose=ORGANIZATION), user=user)
    part = exports.get("identity")
    rows = list(part.rows(Subject(f"user:{user.pk}", user)))
    assert len(rows) == IdentityRecord.objects.filter(user=user).count() + 1
    assert FIRM in rows[-1]["what"] and all(set(row) == set(part.columns) for row in rows)


def test_closing_the_account_forgets_the_signature_and_frees_the_person(ncanode):
    user = proven_user()
    with transaction.atomic():
        erasure.close_account(user)
    for model in (ProvenIdentity, Representation, SignatureChallenge):
        assert not model.objects.filter(user=user).exists()
    assert IdentityRecord.objects.filter(user=user, method="signature").exists()
    assert levels.level_of(proven_user()) == Level.EDS
