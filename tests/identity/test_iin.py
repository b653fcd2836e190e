"""Giving an IIN: what is refused, what stays secret, and that typing takes nothing from anybody."""

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from audit.models import AuditRecord
from common.errors import Conflict, RateLimited, ValidationFailed
from common.limits import LIMITS
from identity import iin
from identity.models import IdentityRecord, ProvenIdentity
from tests.factories import make_user
from tests.identity.ncanode_double import BORN_IN_2099, FIRM, MAN, SECOND_MAN, WOMAN

pytestmark = pytest.mark.django_db


def proven(number=MAN, **values):
    now = timezone.now()
    user = make_user(iin=number, iin_hash=iin.hash_of(number), **values)
    ProvenIdentity.objects.create(user=user, iin_hash=user.iin_hash, proven_at=now, renewed_at=now, valid_until=now)
    return user


REFUSED = [
    ("", "not_digits"),
    ("00010130001", "wrong_length"),
    ("000101300010", "wrong_check_digit"),
    ("000101301880", "wrong_check_digit"),
    (BORN_IN_2099, "born_in_future"),
    (FIRM, "not_iin"),
    ("abcdefghijkl", "not_digits"),
]


@pytest.mark.parametrize(("typed", "code"), REFUSED)
def test_what_is_no_iin_is_refused(typed, code):
    with pytest.raises(ValidationFailed) as refused:
        iin.give_iin(make_user(), iin=typed)
    assert refused.value.code == code


@pytest.mark.parametrize("typed", [MAN, "000101 300 019", "0001-0130-0019"])
def test_it_is_kept_encrypted_and_found_by_its_hash(typed):
    user = make_user()
    iin.give_iin(user, iin=typed)
    kept = User.objects.get(iin_hash=iin.hash_of(MAN))
    assert kept == user and kept.iin == MAN
    with connection.cursor() as cursor:
        cursor.execute("SELECT iin FROM accounts_user WHERE id = %s", [user.pk])
        assert MAN.encode() not in bytes(cursor.fetchone()[0])


def test_the_same_number_again_changes_nothing():
    user = make_user()
    iin.give_iin(user, iin=MAN)
    iin.give_iin(user, iin=MAN)
    assert [row.method for row in IdentityRecord.objects.filter(user=user)] == ["iin_given"]


def test_a_change_is_recorded_and_neither_record_holds_the_number():
    user = make_user()
    iin.give_iin(user, iin=MAN)
    iin.give_iin(user, iin=WOMAN)
    assert [row.method for row in IdentityRecord.objects.filter(user=user)] == ["iin_given", "iin_changed"]
    for row in AuditRecord.objects.filter(action="iin_given"):
        assert MAN not in str(row.details) and WOMAN not in str(row.details)


def test_after_the_signature_it_is_fixed():
    user = proven()
    with pytest.raises(Conflict) as refused:
        iin.give_iin(user, iin=WOMAN)
    assert refused.value.code == "iin_fixed"


def test_who_tries_numbers_is_stopped():
    user = make_user()
    for place in range(LIMITS["iin"].most):
        iin.give_iin(user, iin=[MAN, WOMAN][place % 2])
    with pytest.raises(RateLimited):
        iin.give_iin(user, iin=SECOND_MAN)


def claim(number):
    """What the account that types sees and what its typing costs."""
    user = make_user()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        iin.give_iin(user, iin=number)
    user = User.objects.get(pk=user.pk)
    kinds = [query["sql"].split()[0] for query in queries]
    return kinds, user.iin == number, [row.level for row in IdentityRecord.objects.filter(user=user)]


def test_typing_the_number_of_another_account_looks_like_any_other():
    """Neither the answer nor the work tells whether somebody has it: proven, only typed, or not known at all."""
    proven(MAN)
    iin.give_iin(make_user(), iin=WOMAN)
    of_proven, of_typed, of_nobody = claim(MAN), claim(WOMAN), claim(SECOND_MAN)
    assert of_proven == of_typed == of_nobody


def test_typing_the_number_of_another_account_takes_nothing_from_it():
    owner = proven(MAN, first_name="Алия", last_name="Иесі")
    iin.give_iin(make_user(), iin=MAN)
    owner.refresh_from_db()
    assert owner.iin == MAN and owner.proven_identity.iin_hash == iin.hash_of(MAN)
    assert not IdentityRecord.objects.filter(user=owner).exists()


def test_the_security_officer_can_see_a_number_given_twice():
    iin.give_iin(make_user(), iin=MAN)
    iin.give_iin(make_user(), iin=MAN)
    counts = AuditRecord.objects.filter(action="iin_given").order_by("id").values_list("details", flat=True)
    assert [row["given_in_other_accounts"] for row in counts] == [0, 1]


@pytest.mark.parametrize("statement", ["UPDATE {} SET level = 3", "DELETE FROM {}"])
def test_the_record_of_an_identity_cannot_be_changed(statement):
    iin.give_iin(make_user(), iin=MAN)
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement.format(IdentityRecord._meta.db_table))
