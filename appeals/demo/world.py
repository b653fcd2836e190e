"""What the demo city stands on: the reference rows and the demo accounts, read once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from accounts.models import Role, RoleAssignment, User
from appeals.models import KnowledgeArticle, RoutingRule, Topic
from common.workcalendar import WorkCalendar
from organizations.models import Area, Department


@dataclass(frozen=True)
class World:
    """Looked up by slug; people by unit and role."""

    now: dt.datetime
    calendar: WorkCalendar
    topics: dict[str, Topic]
    areas: dict[str, Area]
    departments: dict[str, Department]
    units_of: dict[str, Department]
    articles: dict[str, list[KnowledgeArticle]]
    people: dict[tuple[str, int | None], list[int]] = field(default_factory=dict)
    residents: dict[str, int] = field(default_factory=dict)

    def one_of(self, rng: Random, role: Role, department: Department | None = None) -> int | None:
        found = self.people.get((role, department.pk if department else None), [])
        return rng.choice(found) if found else None


def read_world(now: dt.datetime, calendar: WorkCalendar) -> World:
    """Raises KeyError where the reference data has not been loaded."""
    rules = RoutingRule.objects.filter(
        topic__isnull=False, valid_until__isnull=True, off_hours_only=False
    ).select_related("topic", "department")
    articles: dict[str, list[KnowledgeArticle]] = defaultdict(list)
    for article in KnowledgeArticle.objects.filter(is_active=True, topic__isnull=False).select_related("topic"):
        articles[article.topic.slug if article.topic else ""].append(article)
    people: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    demo = RoleAssignment.objects.filter(user__email__endswith="@demo.example", area__isnull=True).order_by("pk")
    for row in demo:
        people[row.role, row.department_id].append(row.user_id)
    residents = User.objects.filter(username__in=["resident", "resident2"]).values_list("username", "pk")
    return World(
        now=now,
        calendar=calendar,
        topics={row.slug: row for row in Topic.objects.all()},
        areas={row.slug: row for row in Area.objects.filter(is_active=True)},
        departments={row.slug: row for row in Department.objects.select_related("organization")},
        units_of={rule.topic.slug: rule.department for rule in rules if rule.topic},
        articles=articles,
        people=people,
        residents=dict(residents),
    )
