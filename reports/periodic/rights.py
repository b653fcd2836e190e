"""Who may see, make and send which reports."""

from __future__ import annotations

from accounts.permissions import Person, grants_of, has_right
from accounts.rights import Action, Scope, reach
from common.errors import NotAllowed
from reports.periodic.form import Form, forms, ordered


def may_see(user: Person, form: Form) -> bool:
    """Figures are for everybody who oversees; a list of the whole city's appeals for those who may export all of it."""
    if form.is_public:
        return has_right(user, Action.OVERSEE, Action.MANAGE_REPORTS)
    return any(reach(grant, Action.EXPORT) == Scope.ALL for grant in grants_of(user))


def may_make(user: Person, form: Form) -> bool:
    return may_see(user, form) and has_right(user, Action.MANAGE_REPORTS)


def visible(user: Person) -> list[Form]:
    return [form for form in ordered() if may_see(user, form)]


def require(user: Person, form: Form, *, making: bool = False) -> None:
    if not (may_make if making else may_see)(user, form):
        raise NotAllowed


def form_named(slug: str) -> Form | None:
    return forms.get(slug) if slug in forms else None
