"""A copy that cannot be made: it is tried a few times, and whoever lost his claim touches nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from privacy import exporting, requests
from privacy.models import DataRequest, ExportFile
from tests.privacy.people import make_duties, make_resident, subject_of

pytestmark = pytest.mark.django_db


def waiting() -> ExportFile:
    make_duties()
    request = requests.open_request(subject_of(make_resident()), DataRequest.Kind.KNOW, language="kk")
    return request.export


def expire_lease(export: ExportFile) -> None:
    ExportFile.objects.filter(pk=export.pk).update(leased_until=timezone.now() - dt.timedelta(seconds=1))


def test_copy_that_kills_its_maker_each_time_is_given_up() -> None:
    export = waiting()
    for _attempt in range(exporting.MOST_ATTEMPTS):
        assert exporting._claim() is not None
        expire_lease(export)
    assert exporting._claim() is None
    export.refresh_from_db()
    assert (export.state, export.path, export.key) == ("failed", "", "")


def test_maker_whose_lease_ran_out_does_not_undo_the_next_one() -> None:
    export = waiting()
    slow = exporting._claim()
    expire_lease(export)
    second = exporting._claim()
    assert slow is not None and second is not None
    exporting._failed(slow)
    exporting._build(second)
    export.refresh_from_db()
    assert export.state == "ready"
    assert exporting.is_available(export)
