"""{% load signin %}: what pages of passkeys hand to their script."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """JSON for a data attribute; the template escapes it like any text."""
    return json.dumps(value, cls=DjangoJSONEncoder)
