"""Rows of several tables in one statement: all of them or none."""

import pytest
from django.db import IntegrityError, transaction

from common.one_statement import insert_together
from organizations.models import Area, Department, Organization

pytestmark = pytest.mark.django_db
NAMES = {"name_kk": "Атау", "name_ru": "Название"}


def rows() -> tuple[Organization, Department]:
    body = Organization(pk=501, slug="body", kind="utility", **NAMES)
    return body, Department(pk=601, organization=body, slug="unit", **NAMES)


def test_rows_of_several_tables_arrive_and_know_that_they_are_stored() -> None:
    body, unit = rows()
    areas = [Area(slug=f"area{number}", **NAMES) for number in range(3)]
    insert_together([body, unit, *areas])
    assert Department.objects.get().organization == body
    assert Area.objects.count() == 3
    assert not body._state.adding
    body.name_en = "Body"
    body.save()
    assert Organization.objects.get().name_en == "Body"


def test_nothing_is_stored_when_one_row_is_refused() -> None:
    Area.objects.create(slug="taken", **NAMES)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together([*rows(), Area(slug="taken", **NAMES)])
    assert not Organization.objects.exists()
    assert not Department.objects.exists()


def test_value_of_a_column_can_be_wrapped() -> None:
    insert_together([Area(slug="ABC", **NAMES)], wrapped={"slug": "lower(%s)"})
    assert Area.objects.get().slug == "abc"
