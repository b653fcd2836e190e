"""A query that is built once finds what the queryset finds, whatever the values are."""

from typing import Any

import pytest
from django.db.models import Count, Q

from accounts.models import Role, RoleAssignment, User
from common.compiled import Compiled
from openapi.models import ApiKey
from tests.factories import make_department, make_user
from tests.openapi.api import make_program

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_queryset_with_what_they_are_joined_to() -> None:
    programs = [make_program() for _ in range(3)]
    by_prefix = Compiled(
        lambda prefix: ApiKey.objects.select_related("application__owner").filter(prefix=prefix), "prefix"
    )
    for key in ApiKey.objects.select_related("application__owner"):
        found = by_prefix.first(key.prefix)
        assert found == key
        for ours, theirs in (
            (found, key),
            (found.application, key.application),
            (found.application.owner, key.application.owner),
        ):
            assert {**ours.__dict__, "_state": None} == {**theirs.__dict__, "_state": None}
    assert by_prefix.first("nobody") is None
    assert len(programs) == ApiKey.objects.count()


def test_a_row_can_be_changed_and_saved_like_any_other() -> None:
    user = make_user()
    found = Compiled(lambda pk: User.objects.filter(pk=pk), 0).first(user.pk)
    assert found is not None
    found.last_name = "Жаңа"
    found.save()
    assert User.objects.get(pk=user.pk).last_name == "Жаңа"


def test_values_may_stand_in_several_places_and_constants_stay() -> None:
    unit = make_department()
    users = [make_user(role=Role.EXECUTOR, department=unit) for _ in range(2)]
    mine_or_of_unit = Compiled(
        lambda user, unit: (
            RoleAssignment.objects.filter(Q(user=user) | Q(department=unit), ~Q(user=user) | Q(role=Role.EXECUTOR))
            .annotate(others=Count("user__role_assignments"))
            .order_by("pk")
        ),
        -1,
        -2,
    )
    assert [(row.user_id, row.others) for row in mine_or_of_unit(users[0].pk, unit.pk)] == [(u.pk, 1) for u in users]
    assert [row.user_id for row in mine_or_of_unit(users[1].pk, 0)] == [users[1].pk]


def test_columns_that_are_left_out_are_read_when_asked_for() -> None:
    user = make_user(last_name="Серікова")
    found = Compiled(lambda pk: User.objects.defer("last_name").filter(pk=pk), 0).first(user.pk)
    assert found is not None
    assert found.get_deferred_fields() == {"last_name"}
    assert found.last_name == "Серікова"


def test_an_example_that_does_not_come_back_is_refused() -> None:
    query = Compiled(lambda pk, unused: User.objects.filter(pk=pk), 0, "unused")
    with pytest.raises(ValueError, match="unused"):
        query.first(1, 2)


def test_one_query_is_asked_for_everything(django_assert_num_queries: Any) -> None:
    program = make_program()
    query = Compiled(lambda pk: ApiKey.objects.select_related("application__owner").filter(application=pk), 0)
    with django_assert_num_queries(1):
        [key] = query(program.application.pk)
        assert key.application.owner.email == program.application.owner.email
