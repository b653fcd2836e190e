"""Channels of the study go on as channels of the hub."""

import datetime as dt

import pytest
from django.utils.translation import override

from appeals.models import Appeal
from reports.study import joined
from reports.study.contents import Status
from tests.reports import city

pytestmark = pytest.mark.django_db
NOW = dt.date(2026, 10, 20)


def by_channel():
    return {each.line.hub_key: each for each in joined.channels(NOW)}


def of_year(channel, year):
    return next(each for each in channel.years if each.year == year)


def test_a_channel_begins_with_the_study_and_goes_on_with_the_hub():
    city.build()
    channels = by_channel()
    centre = channels["call109"]
    assert (of_year(centre, 2021).past.number, of_year(centre, 2021).live) == (9079, None)
    assert (of_year(centre, 2025).past, of_year(centre, 2025).live) == (None, None)  # a gap, no zero
    assert (of_year(centre, 2026).past, of_year(centre, 2026).live) == (None, 1)
    assert of_year(channels["call1310"], 2026).live == 1
    assert of_year(channels["eotinish"], 2026).live == 0  # the hub was at work and nothing came


def test_what_is_only_near_says_so():
    channels = by_channel()
    assert channels["call1310"].line.is_exact
    assert not channels["front_office"].line.is_exact
    assert not channels["reception"].line.is_exact


def test_without_figures_of_the_hub_the_years_end_with_the_study():
    centre = by_channel()["call1310"]
    assert [each.year for each in centre.years if each.past] == [2023, 2024]
    assert centre.years[-1].year == 2024
    assert of_year(centre, 2024).past.status is Status.CORRECTED
    assert centre.labels[-1] == "2024\u00a0†"
    with override("en"):
        assert of_year(centre, 2023).partial.en == "from 21 July"


def test_all_years_of_all_channels_are_read_in_a_few_questions(django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        by_channel()


def test_page_and_csv_say_the_same_and_invented_figures_are_named(client, settings):
    city.build()
    client.cookies["django_language"] = "en"
    page = client.get("/statistics/study/years/").content.decode()
    assert "invented demo city" not in page
    lines = b"".join(client.get("/statistics/study/years.csv").streaming_content).decode().splitlines()
    assert any(line.startswith("call1310,") and ",2024,,7454,7536,corrected," in line for line in lines)
    assert "7536" in page
    assert "in print 7454" in page
    settings.DEMO_ALLOWED = True
    Appeal.objects.update(is_demo=True)
    assert "invented demo city" in client.get("/statistics/study/years/").content.decode()
