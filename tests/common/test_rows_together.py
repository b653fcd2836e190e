"""Several kinds of rows in one journey: the same instances that the models' own managers would give."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError

from appeals.models import Appeal, AppealEvent, Applicant, Timer
from common.rows_together import Rows, read_together
from tests.factories import make_appeal

pytestmark = pytest.mark.django_db


def values_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_are_what_the_managers_give():
    appeal = make_appeal()
    make_appeal()
    kinds = [Rows(AppealEvent, "appeal_id = $1", order="seq DESC"), Rows(Timer, "appeal_id = $1")]
    events, timers = read_together(appeal.pk, kinds)
    assert [values_of(row) for row in events] == [
        values_of(row) for row in AppealEvent.objects.filter(appeal=appeal).order_by("-seq")
    ]
    assert [values_of(row) for row in timers] == [values_of(row) for row in Timer.objects.filter(appeal=appeal)]
    assert events and timers


def test_encrypted_and_converted_columns_are_readable():
    appeal = make_appeal()
    [[applicant]] = read_together(appeal.applicant_id, [Rows(Applicant, "id = $1")])
    assert values_of(applicant) == values_of(Applicant.objects.get(pk=appeal.applicant_id))


def test_no_more_than_wanted_and_none_is_an_empty_list():
    appeal = make_appeal()
    few, none = read_together(appeal.pk, [Rows(Timer, "appeal_id = $1", most=1), Rows(Appeal, "parent_id = $1")])
    assert len(few) == 1
    assert none == []


def test_a_row_read_so_can_be_saved():
    appeal = make_appeal()
    [[timer, *_rest]] = read_together(appeal.pk, [Rows(Timer, "appeal_id = $1")])
    timer.next_share = 99
    timer.save()
    assert Timer.objects.get(pk=timer.pk).next_share == 99
    assert Timer.objects.filter(appeal=appeal).count() == 1 + len(_rest)


def test_an_error_of_the_database_is_djangos():
    with pytest.raises(ProgrammingError):
        read_together(1, [Rows(Timer, "no_such_column = $1")])
