"""Reports of an empty hub: what matters here is what becomes of them, not their figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from accounts.models import Role, User
from reports.documents.model import Cell, Column, Kind, Row, Section, Table
from reports.models import PeriodKind, PublishedReport, ReportSchedule
from reports.periodic import making, scheduling
from reports.periodic.form import Contents, Form, forms
from reports.periodic.scheduling import Plan
from reports.periods import Period, week
from tests.factories import make_user

ALMATY = ZoneInfo("Asia/Almaty")
WEEK = week(dt.date(2026, 11, 16))
MONDAY = dt.datetime(2026, 11, 23, 8, 30, tzinfo=ALMATY)
FORM = "of-the-test"


class Counted:
    """A form whose one figure the test sets."""

    number = 7
    why: Exception | None = None

    def __call__(self, period: Period) -> Contents:
        if self.why is not None:
            raise self.why
        rows = (Row("all", (Cell("Барлығы"), Cell(str(self.number), self.number))),)
        columns = (Column("name", "Атауы"), Column("count", "Саны", Kind.NUMBER))
        return Contents((Section("Бөлім", (Table("table", "Кесте", columns, rows),)),))


def with_form(build: Callable[[Period], Contents], *, is_public: bool = True) -> None:
    """Registered as if it stood in `forms/`; the fixture takes it out again."""
    kinds = (PeriodKind.WEEK,)
    forms.register(FORM)(Form(FORM, "Сынақ есебі", "Сынаққа", "Сынақ", kinds, build, is_public=is_public))


def ask(language: str = "kk", *, by: User | None = None) -> PublishedReport:
    return making.ask(forms.get(FORM), PeriodKind.WEEK, WEEK, language, by=by)


def make(language: str = "kk", *, by: User | None = None) -> PublishedReport:
    report = ask(language, by=by)
    making.make_due()
    report.refresh_from_db()
    return report


def analyst(**values: object) -> User:
    return make_user(Role.ANALYST, **values)


def schedule(by: User, **values: object) -> ReportSchedule:
    plan = {"form": FORM, "period_kind": "week", "day": 1, "hour": 8, "languages": ["kk"]} | values
    return scheduling.save(Plan(**plan), by=by)  # type: ignore[arg-type]  # as the test gives it
