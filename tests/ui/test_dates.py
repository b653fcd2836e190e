"""Dates, durations and numbers read as people write them in each language."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from ui import dates
from ui.badges import TermView

DAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)  # 14:30 in Turkistan


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "2026 ж. 23 қараша"), ("ru", "23 ноября 2026 года"), ("en", "23 November 2026")],
)
def test_long_date_in_each_language(language, words):
    with translation.override(language):
        assert dates.long_date(DAY) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "2026 ж. 23 қараша, 14:30"), ("ru", "23 ноября 2026 года, 14:30"), ("en", "23 November 2026, 14:30")],
)
def test_an_instant_is_shown_by_the_clock_of_the_city(language, words):
    with translation.override(language):
        assert dates.long_datetime(NOW) == words


@pytest.mark.parametrize("month", range(1, 13))
def test_kazakh_months_begin_with_a_small_letter(month):
    with translation.override("kk"):
        name = dates.long_date(dt.date(2026, month, 5)).split()[-1]
    assert name == name.lower()


@pytest.mark.parametrize(
    ("delta", "kk", "ru", "en"),
    [
        (dt.timedelta(seconds=-20), "жаңа ғана", "только что", "just now"),
        (dt.timedelta(minutes=-1), "1 минут бұрын", "1 минуту назад", "1 minute ago"),
        (dt.timedelta(minutes=-22), "22 минут бұрын", "22 минуты назад", "22 minutes ago"),
        (dt.timedelta(hours=-3), "бүгін, 11:30", "сегодня, 11:30", "today, 11:30"),
        (dt.timedelta(hours=-20), "кеше, 18:30", "вчера, 18:30", "yesterday, 18:30"),
        (dt.timedelta(days=1), "ертең, 14:30", "завтра, 14:30", "tomorrow, 14:30"),
        (dt.timedelta(days=3), "3 күннен кейін", "через 3 дня", "in 3 days"),
        (dt.timedelta(days=-5), "5 күн бұрын", "5 дней назад", "5 days ago"),
        (dt.timedelta(days=-40), "2026 ж. 14 қазан", "14 октября 2026 года", "14 October 2026"),
    ],
)
def test_relative_words(delta, kk, ru, en):
    for language, words in (("kk", kk), ("ru", ru), ("en", en)):
        with translation.override(language):
            assert dates.relative(NOW + delta, NOW) == words


def test_relative_words_of_a_plain_date_have_no_time():
    with translation.override("ru"):
        assert dates.relative(DAY, NOW) == "сегодня"


@pytest.mark.parametrize(
    ("count", "ru"),
    [
        (1, "1 рабочий день"),
        (2, "2 рабочих дня"),
        (5, "5 рабочих дней"),
        (11, "11 рабочих дней"),
        (21, "21 рабочий день"),
    ],
)
def test_russian_plurals_of_working_days(count, ru):
    with translation.override("ru"):
        assert dates.count_of("working_day", count) == ru
    with translation.override("kk"):
        assert dates.count_of("working_day", count) == f"{count} жұмыс күні"


@pytest.mark.parametrize(
    ("value", "places", "kk", "en"),
    [
        (7, None, "7", "7"),
        (1203, None, "1203", "1203"),
        (28724, None, "28\u202f724", "28\u202f724"),
        (20.6, 1, "20,6", "20.6"),
        (-28724, None, "-28\u202f724", "-28\u202f724"),
    ],
)
def test_numbers(value, places, kk, en):
    for language, words in (("kk", kk), ("en", en)):
        with translation.override(language):
            assert dates.number(value, places) == words


@pytest.mark.parametrize(("size", "ru"), [(500, "500 Б"), (89_123, "87 КБ"), (25 * 1024 * 1024, "25,0 МБ")])
def test_file_sizes(size, ru):
    with translation.override("ru"):
        assert dates.file_size(size) == ru


@pytest.mark.parametrize(
    ("delta", "ru"),
    [
        (dt.timedelta(minutes=40), "40 минут"),
        (dt.timedelta(hours=3, minutes=15), "3 часа 15 минут"),
        (dt.timedelta(days=2, hours=4, minutes=9), "2 дня 4 часа"),
        (dt.timedelta(0), "0 минут"),
    ],
)
def test_durations_name_the_two_largest_units(delta, ru):
    with translation.override("ru"):
        assert dates.duration(delta) == ru


@pytest.mark.parametrize(
    ("view", "kk", "ru"),
    [
        (TermView("open", 4, 7, 3, "working_day"), "3 жұмыс күні қалды", "Осталось 3 рабочих дня"),
        (TermView("soon", 6, 7, 1), "1 күн қалды", "Остался 1 день"),
        (TermView("today", 7, 7), "Мерзімі бүгін аяқталады", "Срок истекает сегодня"),
        (TermView("overdue", 9, 7, 2), "Мерзімінен 2 күн өтті", "Просрочено на 2 дня"),
        (TermView("overdue", 1, 1, 5, "hour"), "Мерзімінен 5 сағат өтті", "Просрочено на 5 часов"),
        (TermView("overdue", 0, 0, 2094, "hour"), "Мерзімінен 87 күн өтті", "Просрочено на 87 дней"),
        (TermView("paused", 4, 15), "Мерзім тоқтатыла тұрды", "Течение срока приостановлено"),
        (TermView("met", 4, 7), "Мерзімінде", "В срок"),
        (TermView("missed", 9, 7), "Мерзімінен кешіктіріліп орындалды", "Исполнено с нарушением срока"),
        (TermView(), "Мерзімі жоқ", "Без срока"),
    ],
)
def test_words_of_a_term(view, kk, ru):
    for language, words in (("kk", kk), ("ru", ru)):
        with translation.override(language):
            assert view.words == words


@pytest.mark.parametrize(
    ("language", "words"), [("kk", "7 күннің 4-күні"), ("ru", "день 4 из 7"), ("en", "day 4 of 7")]
)
def test_day_n_of_m(language, words):
    with translation.override(language):
        assert TermView("open", 4, 7, 3).progress == words


def test_dates_are_read_back_as_they_are_written():
    from django import forms

    for language in ("kk", "ru", "en"):
        with translation.override(language):
            assert forms.DateField().clean(dates.short_date(DAY)) == DAY
            assert forms.DateField().clean("2026-11-23") == DAY
    assert timezone.get_default_timezone_name() == "Asia/Almaty"
