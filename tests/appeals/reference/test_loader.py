"""The shipped reference data: complete, loaded once, and never over an administrator's change."""

import datetime as dt
import re
import string

import pytest
from django.core.management import call_command

from appeals.models import (
    ChannelParameters,
    EscalationStep,
    KnowledgeArticle,
    Outcome,
    Regime,
    ReplyTemplate,
    RoutingRule,
    SlaPolicy,
    TimerCode,
    Topic,
)
from appeals.reference.files import read_rows
from appeals.reference.loader import load_all, load_calendar
from appeals.reference.versions import current_rule, replace_rule
from common.models import CalendarDay, OfficeHours
from organizations.models import Area, Department, Organization, Sector

PLACEHOLDERS = {"applicant", "number", "received_on", "address", "department", "measures", "done_on", "done_by"}
KAZAKH_LETTERS = set("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
SERVICE_NUMBERS = {"101", "102", "103", "104", "109", "112", "1310", "1414"}


@pytest.fixture
def reference(db):
    return load_all()


def test_every_table_is_filled(reference):
    assert (Area.objects.count(), Sector.objects.count()) == (6, 11)
    assert sum(Area.objects.values_list("population", flat=True)) == 251_718
    assert Topic.objects.count() >= 40
    assert KnowledgeArticle.objects.count() >= 25
    assert OfficeHours.objects.count() == 5
    assert Organization.objects.filter(kind="external").exists()
    assert Department.objects.get(slug="water-supply").parent.slug == "utilities"


def test_a_second_load_makes_nothing(reference):
    assert all(table.made > 0 for table in reference)
    assert all((table.made, table.reset) == (0, 0) for table in load_all())


def test_an_edited_row_is_kept_and_reset_only_on_request(reference):
    SlaPolicy.objects.filter(code="CC-STD").update(amount=5)
    Topic.objects.filter(slug="waste").update(name_ru="Отходы")
    load_all()
    assert SlaPolicy.objects.get(code="CC-STD").amount == 5
    load_all(overwrite=True)
    assert SlaPolicy.objects.get(code="CC-STD").amount == 7
    assert Topic.objects.get(slug="waste").name_ru == "Мусор"


def test_an_edited_routing_rule_is_not_brought_back(reference):
    rule = RoutingRule.objects.get(topic__slug="waste")
    utilities = Department.objects.get(slug="utilities")
    newer = replace_rule(rule, department=utilities)
    rule.refresh_from_db()
    assert (newer.version, newer.replaces_id, newer.valid_from) == (2, rule.pk, rule.valid_until)
    load_all()
    scope = {"topic": rule.topic, "sector": None, "area": None, "category": "", "off_hours_only": False}
    assert current_rule(scope) == newer
    load_all(overwrite=True)
    assert current_rule(scope).department.slug == "improvement"
    assert current_rule(scope).version == 3


@pytest.mark.parametrize("code", list(TimerCode))
@pytest.mark.parametrize("regime", [Regime.REQUEST, Regime.APPEAL])
def test_every_clock_has_a_term(reference, regime, code):
    if (regime, code) == (Regime.REQUEST, TimerCode.REGISTER):
        return  # a request is registered the moment it comes
    assert SlaPolicy.objects.filter(timer_code=code, regime=regime, kind="", topic=None, priority="").count() == 1


def test_a_term_says_where_it_comes_from(reference):
    for name in ("basis_kk", "basis_ru", "basis_en"):
        assert not SlaPolicy.objects.filter(**{name: ""}).exists()
    assert SlaPolicy.objects.get(code="APPC-STD").basis_en.startswith("APPC art. 76")


def test_the_ladder_climbs_to_the_deputy_akim(reference):
    steps = EscalationStep.objects.filter(timer_code=TimerCode.ANSWER).values_list("share", "recipient")
    assert list(steps) == [(50, "executor"), (80, "executor"), (100, "head"), (120, "deputy_akim")]


def test_every_topic_has_a_route_and_dangerous_ones_a_line(reference):
    routed = set(RoutingRule.objects.values_list("topic__slug", flat=True))
    assert set(Topic.objects.values_list("slug", flat=True)) <= routed
    assert Topic.objects.get(slug="gas-smell").hand_over_to == "104, 112"


def test_templates_exist_in_kazakh_and_russian_with_known_placeholders(reference):
    assert ReplyTemplate.objects.count() >= 40
    for template in ReplyTemplate.objects.all():
        fields = {name for _, name, _, _ in string.Formatter().parse(template.body) if name}
        assert fields <= PLACEHOLDERS
        assert {"measures", "done_on", "done_by"} <= fields
    for row in read_rows("reply_templates.json"):
        assert {"kk", "ru"} <= set(row["body"])
        assert Outcome(row["outcome"])


def test_a_statutory_answer_names_the_law_and_the_right_to_complain(reference):
    for template in ReplyTemplate.objects.filter(regime=Regime.APPEAL):
        assert {"76", "91", "92"} <= set(re.findall(r"\d+", template.body))


def test_kazakh_texts_are_kazakh_and_russian_ones_are_not(reference):
    for article in KnowledgeArticle.objects.all():
        assert KAZAKH_LETTERS & set(article.body_kk)
        assert not KAZAKH_LETTERS & set(article.body_ru)
        assert article.body_en.isascii() or "’" in article.body_en or "“" in article.body_en


def test_no_telephone_number_is_invented(reference):
    for article in KnowledgeArticle.objects.all():
        for body in (article.body_kk, article.body_ru, article.body_en):
            assert set(re.findall(r"\d{3,}", body)) <= SERVICE_NUMBERS


def test_the_calendar_keeps_a_day_edited_by_hand(db):
    load_calendar([2026])
    day = CalendarDay.objects.get(date=dt.date(2026, 3, 23))
    day.name_ru = "Наурыз"
    day.save()
    assert load_calendar([2026, 2027]).made > 0
    day.refresh_from_db()
    assert day.name_ru == "Наурыз"
    assert CalendarDay.objects.filter(date=dt.date(2026, 5, 11), kind="moved_off").exists()


def test_the_commands_say_what_they_did(db, capsys):
    call_command("load_reference")
    call_command("load_calendar", "2029")
    printed = capsys.readouterr().out
    assert "made   45" in printed
    assert "2029-2029: made" in printed


def test_channels_whose_messages_arrive_by_themselves_have_parameters(reference):
    rows = dict(ChannelParameters.objects.values_list("channel", "join_within_hours"))
    assert rows == {"telegram": 72, "whatsapp": 72, "instagram": 72, "facebook": 72, "email": 0}
