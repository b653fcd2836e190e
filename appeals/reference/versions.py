"""Routing rules are versions: a change ends the row in force and adds its successor, so old cases keep their reason."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from appeals.models import RoutingRule

COPIED = ("topic", "sector", "area", "category", "off_hours_only", "department", "auto_assign", "note")


def current_rule(scope: dict[str, Any]) -> RoutingRule | None:
    """The version of a rule that is in force now."""
    now = timezone.now()
    in_force = Q(valid_until__isnull=True) | Q(valid_until__gt=now)
    return RoutingRule.objects.filter(in_force, **scope, valid_from__lte=now).order_by("-version").first()


@transaction.atomic
def replace_rule(rule: RoutingRule, **changes: Any) -> RoutingRule:
    """End the stored row now and put the changed values into a new one of the next version."""
    stored = RoutingRule.objects.select_for_update().get(pk=rule.pk)
    now = timezone.now()
    stored.valid_until = now
    stored.save(update_fields=["valid_until"])
    values = {name: getattr(stored, name) for name in COPIED} | changes
    return RoutingRule.objects.create(**values, version=stored.version + 1, replaces=stored, valid_from=now)
