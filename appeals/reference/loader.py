"""Put the shipped reference data into the editable tables, leaving alone whatever an administrator has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise

from appeals import escalation
from appeals.models import (
    Channel,
    ChannelParameters,
    EscalationStep,
    KnowledgeArticle,
    ReplyGateParameters,
    ReplyTemplate,
    RoutingRule,
    SlaPolicy,
    Topic,
)
from appeals.reference.files import is_true, read_rows
from appeals.reference.versions import current_rule, replace_rule
from common.models import CalendarDay, OfficeHours
from common.public_holidays import holiday_rows
from common.rows import forget_rows
from organizations.models import Area, Department, Organization, Sector
from privacy.models import ConsentPurpose, ConsentText, Ground, RetentionRule, Term

NAMES = ("name_kk", "name_ru", "name_en")
Values = dict[str, Any]


@dataclass(frozen=True)
class Loaded:
    """What one table got: rows made, rows reset to the shipped values, rows left as they were."""

    table: str | Promise | None  # named in the language of whoever shows it
    made: int
    reset: int
    kept: int


@dataclass(frozen=True)
class Table:
    """One table of reference data: `key` finds a row again, `rows` gives the shipped values."""

    model: type[models.Model]
    key: tuple[str, ...]
    rows: Callable[[], Iterable[Values]]


@transaction.atomic
def load_all(*, overwrite: bool = False, today: dt.date | None = None) -> list[Loaded]:
    """Make every missing row; with `overwrite` also reset the rows that exist to the shipped values."""
    loaded = [load_table(table, overwrite=overwrite) for table in TABLES]
    _set_higher_units()
    loaded.append(_load_routing(overwrite=overwrite))
    loaded.append(_load_gate(overwrite=overwrite))
    loaded.append(load_table(CONSENT_TEXTS, overwrite=False))  # nobody changes what was published
    loaded.append(load_calendar(default_years(today or dt.date.today()), overwrite=overwrite))
    forget_rows()
    return loaded


def load_table(table: Table, *, overwrite: bool) -> Loaded:
    manager = table.model._default_manager
    attnames = [table.model._meta.get_field(name).get_attname() for name in table.key]  # type: ignore[union-attr]
    existing = {tuple(getattr(row, name) for name in attnames): row for row in manager.all()}
    new, changed, kept = [], [], 0
    for values in table.rows():
        row = table.model(**values)
        found = existing.get(tuple(getattr(row, name) for name in attnames))
        if found is None:
            new.append(row)
        elif overwrite:
            _set(found, values)
            changed.append(found)
        else:
            kept += 1
    manager.bulk_create(new)
    for row in changed:
        row.save()
    return Loaded(table.model._meta.verbose_name_plural, len(new), len(changed), kept)


def _set_higher_units() -> None:
    """A second pass, for a unit may stand in the file before the one above it. Units moved by hand stay."""
    departments = by_slug(Department)
    for row in read_rows("departments.csv"):
        unit = departments[row["slug"]]
        if row["parent"] and unit.parent_id is None:
            unit.parent = departments[row["parent"]]
            unit.save(update_fields=["parent"])


def _set(row: models.Model, values: Values) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def default_years(today: dt.date) -> list[int]:
    """Last year, for terms that began then, to the year after next."""
    return list(range(today.year - 1, today.year + 3))


def load_calendar(years: Iterable[int], *, overwrite: bool = False) -> Loaded:
    """Days that differ from the ordinary week, from the `holidays` package; edited days stay as they are."""

    def rows() -> Iterator[Values]:
        for row in holiday_rows(years):
            names = {"name_kk": row.name_kk, "name_ru": row.name_ru, "name_en": row.name_en}
            yield {"date": row.date, "kind": row.kind, "source": row.source} | names

    loaded = load_table(Table(CalendarDay, ("date",), rows), overwrite=overwrite)
    if loaded.made or loaded.reset:  # in bulk, so nobody has been told
        escalation.request_recalculation(reason=str(CalendarDay._meta.verbose_name_plural))
    return loaded


def _load_routing(*, overwrite: bool) -> Loaded:
    """A rule is missing when no version of it ever stood in the table; a reset is a new version."""
    made = reset = kept = 0
    for scope, department, note in _routing_rows():
        if not RoutingRule.objects.filter(**scope).exists():
            RoutingRule.objects.create(**scope, department=department, note=note)
            made += 1
            continue
        rule = current_rule(scope)
        if overwrite and rule is not None and rule.department_id != department.pk:
            replace_rule(rule, department=department, note=note)
            reset += 1
        else:
            kept += 1
    return Loaded(RoutingRule._meta.verbose_name_plural, made, reset, kept)


def _routing_rows() -> Iterator[tuple[Values, Department, str]]:
    topics, sectors = by_slug(Topic), by_slug(Sector)
    departments = by_slug(Department)
    for row in read_rows("routing.csv"):
        scope = {
            "topic": topics[row["topic"]] if row["topic"] else None,
            "sector": sectors[row["sector"]] if row["sector"] else None,
            "area": None,
            "category": row["category"],
            "off_hours_only": is_true(row["off_hours_only"]),
        }
        yield scope, departments[row["department"]], row["note"]


def _load_gate(*, overwrite: bool) -> Loaded:
    name = ReplyGateParameters._meta.verbose_name_plural
    if not ReplyGateParameters.objects.exists():
        ReplyGateParameters.objects.create()
        return Loaded(name, 1, 0, 0)
    if overwrite:
        ReplyGateParameters.objects.all().delete()
        ReplyGateParameters.objects.create()
        return Loaded(name, 0, 1, 0)
    return Loaded(name, 0, 0, 1)


def by_slug(model: type[models.Model]) -> dict[str, Any]:
    return {row.slug: row for row in model._default_manager.all()}  # type: ignore[attr-defined]  # every model has one


# The rows of each table


def _names(row: Values) -> Values:
    return {name: row[name] for name in NAMES}


def _organizations() -> Iterator[Values]:
    for row in read_rows("organizations.csv"):
        yield {"slug": row["slug"], "kind": row["kind"]} | _names(row)


def _departments() -> Iterator[Values]:
    organizations = by_slug(Organization)
    for row in read_rows("departments.csv"):
        yield {
            "slug": row["slug"],
            "organization": organizations[row["organization"]],
            "is_external": is_true(row["is_external"]),
            "reviews_disputes": is_true(row["reviews_disputes"]),
        } | _names(row)


def _areas() -> Iterator[Values]:
    for row in read_rows("areas.csv"):
        numbers = {"population": int(row["population"]), "position": int(row["position"])}
        yield {"slug": row["slug"]} | numbers | _names(row)


def _sectors() -> Iterator[Values]:
    for row in read_rows("sectors.csv"):
        yield {"slug": row["slug"], "position": int(row["position"])} | _names(row)


def _topics() -> Iterator[Values]:
    sectors = by_slug(Sector)
    same = ("slug", "default_category", "default_regime", "default_priority", "hand_over_to", "keywords")
    for row in read_rows("topics.csv"):
        yield {"sector": sectors[row["sector"]]} | {name: row[name] for name in same} | _names(row)


def _terms() -> Iterator[Values]:
    topics = by_slug(Topic)
    same = ("code", "timer_code", "regime", "kind", "priority", "unit", "day_count", "basis_kk", "basis_ru", "basis_en")
    for row in read_rows("terms.csv"):
        yield {
            "topic": topics[row["topic"]] if row["topic"] else None,
            "amount": int(row["amount"]),
            "internal_margin": int(row["internal_margin"]),
            "working_time_registration": is_true(row["working_time_registration"]),
            "pauses": is_true(row["pauses"]),
            "is_active": is_true(row["is_active"]),
        } | {name: row[name] for name in same}


def _ladder() -> Iterator[Values]:
    for row in read_rows("escalation.csv"):
        yield row | {"share": int(row["share"])}


def _channels() -> Iterator[Values]:
    """Those whose messages arrive by themselves; a letter that answers no letter of ours opens a new appeal."""
    for channel in (Channel.TELEGRAM, Channel.WHATSAPP, Channel.INSTAGRAM, Channel.FACEBOOK, Channel.EMAIL):
        yield {"channel": channel} | ({"join_within_hours": 0} if channel == Channel.EMAIL else {})


def _office_hours() -> Iterator[Values]:
    for row in read_rows("office_hours.csv"):
        times = ("opens_at", "closes_at", "break_from", "break_until")
        yield {"weekday": int(row["weekday"])} | {name: dt.time.fromisoformat(row[name]) for name in times}


def _articles() -> Iterator[Values]:
    topics = by_slug(Topic)
    for row in read_rows("articles.json"):
        yield row | {"topic": topics[row["topic"]] if row["topic"] else None}


def _templates() -> Iterator[Values]:
    """A template of a group of topics becomes one row for each topic and language."""
    topics = by_slug(Topic)
    for row in read_rows("reply_templates.json"):
        same = {name: row[name] for name in ("title", "regime", "outcome")}
        for slug in row["topics"] or [""]:
            for language, body in row["body"].items():
                yield same | {"topic": topics[slug] if slug else None, "language": language, "body": body}


def _purposes() -> Iterator[Values]:
    for row in read_rows("consent_purposes.csv"):
        switches = {"is_asked": is_true(row["is_asked"]), "in_filing": is_true(row["in_filing"])}
        yield {"slug": row["slug"]} | switches | _names(row)


def _consent_texts() -> Iterator[Values]:
    purposes = by_slug(ConsentPurpose)
    for row in read_rows("consent_texts.json"):
        day = dt.date.fromisoformat(row["effective_from"])
        yield row | {"purpose": purposes[row["purpose"]], "effective_from": day, "published_at": timezone.now()}


def _privacy_terms() -> Iterator[Values]:
    for row in read_rows("privacy_terms.csv"):
        yield row | {"working_days": int(row["working_days"]), "is_default": True}


def _grounds() -> Iterator[Values]:
    for row in read_rows("privacy_grounds.csv"):
        yield dict(row) | {"is_default": True}


def _retention() -> Iterator[Values]:
    for row in read_rows("retention_rules.csv"):
        yield row | {"amount": int(row["amount"]), "is_default": True}


CONSENT_TEXTS = Table(ConsentText, ("purpose", "version"), _consent_texts)
TABLES = (
    Table(Organization, ("slug",), _organizations),
    Table(Department, ("slug",), _departments),
    Table(Area, ("slug",), _areas),
    Table(Sector, ("slug",), _sectors),
    Table(Topic, ("slug",), _topics),
    Table(SlaPolicy, ("code",), _terms),
    Table(EscalationStep, ("timer_code", "regime", "share", "recipient"), _ladder),
    Table(OfficeHours, ("weekday",), _office_hours),
    Table(ChannelParameters, ("channel",), _channels),
    Table(KnowledgeArticle, ("slug",), _articles),
    Table(ReplyTemplate, ("title", "topic", "regime", "outcome", "language"), _templates),
    Table(ConsentPurpose, ("slug",), _purposes),
    Table(Term, ("slug",), _privacy_terms),
    Table(Ground, ("slug",), _grounds),
    Table(RetentionRule, ("record_type",), _retention),
)
