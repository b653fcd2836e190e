"""The table of levels, and how an account rises and falls."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from common.errors import NotAllowed
from identity import iin, levels
from identity.levels import BY_SLUG, CAPABILITIES, Level, Standing
from identity.models import IdentityRecord, ProvenIdentity
from signin import contacts
from tests.factories import make_user
from tests.identity.ncanode_double import MAN

STANDINGS = [
    # contact, iin, proven -> level
    (False, False, False, Level.NONE),
    (True, False, False, Level.CONTACT),
    (False, True, False, Level.NONE),
    (True, True, False, Level.IIN),
    (True, True, True, Level.EDS),
    (False, True, True, Level.NONE),  # the proof rests until there is a contact again
    (True, False, True, Level.EDS),
    (False, False, True, Level.NONE),
]


@pytest.mark.parametrize(("contact", "number", "proven", "level"), STANDINGS)
def test_level_of_a_standing(contact, number, proven, level):
    assert Standing(has_contact=contact, has_iin=number, is_proven=proven).level == level


def test_levels_are_ordered():
    assert list(Level) == sorted(Level) == [Level.NONE, Level.CONTACT, Level.IIN, Level.EDS]


ALLOWED = {
    "file": Level.NONE,
    "follow": Level.NONE,
    "notices": Level.CONTACT,
    "take_in": Level.CONTACT,
    "prefill_official": Level.IIN,
    "fixed_name": Level.EDS,
    "represent": Level.EDS,
    "sign_petition": Level.EDS,
    "read_personal": Level.EDS,
    "give_mandate": Level.EDS,
}


def test_the_table_is_the_one_that_was_decided():
    assert {row.slug: row.level for row in CAPABILITIES} == ALLOWED
    assert len(BY_SLUG) == len(CAPABILITIES)


def standing_user(level):
    user = User(is_active=True)
    user._standing = Standing(level >= Level.CONTACT, level >= Level.IIN, level >= Level.EDS)
    return user


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("slug", list(ALLOWED))
def test_what_a_level_allows(slug, level):
    """From its level on, unless it is still to come."""
    expected = level >= ALLOWED[slug] and not BY_SLUG[slug].comes_with
    assert levels.allows(standing_user(level), slug) == expected


@pytest.mark.parametrize("needed", list(Level))
@pytest.mark.parametrize("level", list(Level))
def test_require_level_refuses_who_is_below(level, needed):
    if level >= needed:
        levels.require_level(standing_user(level), needed)
        return
    with pytest.raises(NotAllowed) as refused:
        levels.require_level(standing_user(level), needed)
    assert refused.value.code == "level_too_low"


def test_a_visitor_has_no_level():
    assert levels.level_of(AnonymousUser()) == Level.NONE


def confirm_email(user):
    return EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def fresh(user):
    return User.objects.get(pk=user.pk)


@pytest.mark.django_db
def test_an_account_rises_step_by_step():
    user = make_user(email="a@example.kz")
    assert levels.level_of(user) == Level.NONE
    confirm_email(user)
    assert levels.level_of(fresh(user)) == Level.CONTACT
    iin.give_iin(user, iin=MAN)
    assert levels.level_of(user) == Level.IIN
    now = timezone.now()
    ProvenIdentity.objects.create(user=user, iin_hash=user.iin_hash, proven_at=now, renewed_at=now, valid_until=now)
    assert levels.level_of(fresh(user)) == Level.EDS


@pytest.mark.django_db
def test_a_phone_counts_once_it_is_confirmed():
    user = make_user(phone="+77010000001")
    assert levels.level_of(fresh(user)) == Level.NONE
    user.phone_confirmed_at = timezone.now()
    user.save()
    assert levels.level_of(fresh(user)) == Level.CONTACT


@pytest.mark.django_db
def test_an_address_that_is_not_the_accounts_own_counts_nothing():
    user = make_user(email="a@example.kz")
    EmailAddress.objects.create(user=user, email="b@example.kz", verified=True)
    EmailAddress.objects.create(user=user, email="a@example.kz", verified=False)
    assert levels.level_of(fresh(user)) == Level.NONE


@pytest.mark.django_db
def test_the_level_falls_with_the_contact_and_both_are_recorded(django_capture_on_commit_callbacks):
    user = make_user(email="a@example.kz")
    with django_capture_on_commit_callbacks(execute=True):
        address = confirm_email(user)
    iin.give_iin(user, iin=MAN)
    with django_capture_on_commit_callbacks(execute=True):
        address.delete()
    assert levels.level_of(fresh(user)) == Level.NONE
    with django_capture_on_commit_callbacks(execute=True):
        confirm_email(user)
    assert levels.level_of(fresh(user)) == Level.IIN
    records = [(row.method, row.level) for row in IdentityRecord.objects.filter(user=user)]
    assert records == [("contact_confirmed", 1), ("iin_given", 2), ("contact_gone", 0), ("contact_confirmed", 2)]


@pytest.mark.django_db
def test_a_closed_account_has_no_level():
    user = make_user(email="a@example.kz")
    confirm_email(user)
    user.is_active = False
    user.save()
    assert levels.level_of(fresh(user)) == Level.NONE


@pytest.mark.django_db
def test_asking_again_costs_no_query():
    user = fresh(make_user())
    with CaptureQueriesContext(
        connection,
    ) as first:
        levels.level_of(user)
    assert len(first) == 1
    with CaptureQueriesContext(connection) as second:
        levels.level_of(user)
        levels.allows(user, "notices")
    assert len(second) == 0


@pytest.mark.django_db
def test_an_exchanged_contact_is_neither_loss_nor_gain(django_capture_on_commit_callbacks):
    user = make_user(email="a@example.kz")
    with django_capture_on_commit_callbacks(execute=True):
        confirm_email(user)
    with django_capture_on_commit_callbacks(execute=True):
        contacts.mark_confirmed(user, "email", "b@example.kz")
    assert levels.level_of(fresh(user)) == Level.CONTACT
    assert [row.method for row in IdentityRecord.objects.filter(user=user)] == ["contact_confirmed"]
