"""Histories of counts are those of the rollups, whatever sectors the appeals of a topic were given."""

import pytest

from reports.dimensions import mask
from reports.models import Rollup
from reports.warning.counts import histories, of_cell
from reports.warning.growth import Cell
from tests.factories import make_sector, make_topic
from tests.reports.warning.town import TODAY

pytestmark = pytest.mark.django_db


def test_appeals_of_a_topic_that_were_given_another_sector_are_counted_with_the_others():
    own, other = make_sector("water-sphere"), make_sector("roads-sphere")
    topic = make_topic("water", sector=own)
    for scope, keys, count in (
        ((), {}, 5),
        (("topic",), {"topic_id": topic.pk, "sector_id": own.pk}, 3),
        (("topic",), {"topic_id": topic.pk, "sector_id": other.pk}, 2),
        (("sector",), {"sector_id": own.pk}, 3),
        (("sector",), {"sector_id": other.pk}, 2),
    ):
        Rollup.objects.create(grain="d", start_on=TODAY, scope=mask(scope), received=count, **keys)
    found = histories(TODAY)
    cell = Cell(own.pk, topic.pk)
    assert {one: list(past.counts) for one, past in found.items()} == {
        Cell(): [5], cell: [5], Cell(own.pk): [3], Cell(other.pk): [2],
    }  # fmt: skip
    assert [list(past.counts) for past in of_cell(cell, TODAY)] == [[5], [5], [5]]
