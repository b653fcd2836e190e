"""Who looks after personal data, by the table of rights; the pages themselves are guarded by `config.access`."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from accounts.models import Role, User
from accounts.permissions import Person, has_right, users_who_may, users_with_role
from accounts.rights import Action
from common.errors import NotAllowed


def may_manage(user: Person) -> bool:
    """Requests, retention, holds."""
    return has_right(user, Action.MANAGE_PRIVACY)


def may_take_down(user: Person) -> bool:
    return has_right(user, Action.TAKE_DOWN)


def may_manage_breaches(user: Person) -> bool:
    return has_right(user, Action.MANAGE_BREACHES)


def may_write_texts(user: Person) -> bool:
    return has_right(user, Action.CONFIGURE)


def may_change_rules(user: Person) -> bool:
    """The table of retention periods lies in the administration."""
    return has_right(user, Action.CONFIGURE)


def require(user: User, action: Action) -> None:
    if not has_right(user, action):
        raise NotAllowed


def those_who_may(action: Action) -> list[User]:
    """Whoever is told of new work."""
    return users_who_may(action)


def above_officers() -> list[User]:
    """Whoever is told besides the officers when a term runs out: the administrators and the heads of the city."""
    roles = (Role.ADMINISTRATOR, Role.DEPUTY_AKIM, Role.AKIM)
    return list({user.pk: user for role in roles for user in users_with_role(role)}.values())


def me(request: HttpRequest) -> User:
    """The person who is signed in, behind a guard."""
    return cast(User, request.user)
