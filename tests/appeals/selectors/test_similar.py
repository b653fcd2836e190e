"""What an operator is shown while the caller speaks."""

import datetime as dt

import pytest
from django.utils import timezone

from appeals import selectors
from appeals.models import Appeal
from tests.factories import make_appeal, make_area, make_identified_applicant, make_topic

pytestmark = pytest.mark.django_db


def test_open_appeals_sharing_words_come_best_first():
    near = make_appeal(text="Тәуке хан көшесінде құбыр жарылып, су ағып жатыр.")
    second = make_appeal(text="Құбыр жарылды, көшеде су ағып жатыр, тезірек келсеңіздер екен.")
    make_appeal(text="Су есептегішін қашан ауыстырады?")
    make_appeal(text="Автобус аялдамаға тоқтамай өтіп кетті.")
    found = selectors.similar_open("Тәуке ханда құбырды су жарып кетті, көше толы су")
    assert [one.number for one in found] == [near.number, second.number]


def test_russian_and_kazakh_forms_meet_their_own():
    wanted = make_appeal(text="На улице Гагарина не горят фонари, темно.")
    assert [one.id for one in selectors.similar_open("уличный фонарь не горит")] == [wanted.pk]


def test_only_open_recent_and_not_confidential_ones():
    text = "Құбыр жарылып, су ағып жатыр, тезірек келіңіздер."
    make_appeal(text=text, is_confidential=True)
    closed, old, wanted = make_appeal(text=text), make_appeal(text=text), make_appeal(text=text)
    Appeal.objects.filter(pk=closed.pk).update(status="closed", closed_at=timezone.now())
    Appeal.objects.filter(pk=old.pk).update(received_at=timezone.now() - dt.timedelta(days=70))
    assert [one.id for one in selectors.similar_open(text)] == [wanted.pk]


def test_a_city_sector_narrows_and_a_topic_weighs():
    text, yassy, otyrar = "Көшеде жарық жоқ, шамдар жанбайды.", make_area("yassy"), make_area("otyrar")
    topic = make_topic("light")
    here = make_appeal(text=text, area_id=yassy.pk)
    there = make_appeal(text=text, area_id=otyrar.pk, topic_id=topic.pk)
    assert [one.id for one in selectors.similar_open(text, area_id=yassy.pk)] == [here.pk]
    assert selectors.similar_open(text, topic_id=topic.pk)[0].id == there.pk


@pytest.mark.parametrize("text", ["", "и не", "???", "' | !", "a" * 3000])
def test_nothing_to_search_for_finds_nothing(text):
    make_appeal()
    assert selectors.similar_open(text) == []


def test_earlier_appeals_by_phone_newest_first():
    person = make_identified_applicant(phone="+77019998877")
    first, second = make_appeal(applicant=person), make_appeal(applicant=person)
    make_appeal(applicant=make_identified_applicant(phone="+77019998878"))
    assert [one.id for one in selectors.earlier_by_phone("8 701 999 88 77")] == [second.pk, first.pk]
    assert selectors.earlier_by_phone("nobody") == []


def test_a_word_or_two_in_common_are_not_the_same_matter_unless_it_is_near():
    said = "Біздің көшеде шам жанбайды, бағана құлап тұр, балалар қорқады"
    yassy = make_area("yassy")
    same = make_appeal(text="Шам жанбайды, бағана құлап тұр, қараңғы, балалар қорқады")
    near = make_appeal(text="Бағана шамы істемейді, кешке қараңғы", area_id=yassy.pk)
    make_appeal(text="Көшеде ит көп, балалар мектепке бара алмайды")
    assert [one.id for one in selectors.similar_open(said)] == [same.pk]
    assert [one.id for one in selectors.similar_open(said, area_id=yassy.pk)] == [near.pk]


def test_a_street_that_both_name_is_near():
    there = make_appeal(text="Бағана шамы істемейді", address="Тәуке хан даңғылы, 12")
    make_appeal(text="Бағана шамы істемейді", address="Қожанов көшесі, 3")
    said = "Шам жанбайды, бағана қисайып тұр, балалар кешке мектептен қорқып келеді"
    assert [one.id for one in selectors.similar_open(said, address="Тәуке хан 40")] == [there.pk]
