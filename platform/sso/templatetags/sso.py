"""What the sign-in page shows of the outside providers."""

from __future__ import annotations

from django import template

from sso import selectors
from sso.models import OutsideProvider

register = template.Library()


@register.simple_tag
def outside_providers() -> list[OutsideProvider]:
    """Those through which members of the staff may sign in; mostly none."""
    return list(selectors.providers())
