"""The card of an appeal in the public list as an item that can be taken down."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals import casework, events
from appeals.models import Appeal, EventKind
from appeals.selectors import public
from common.errors import NotFound
from common.reference_numbers import parse_number
from privacy.registries import PublicKind, public_kinds

KIND = "appeal"


def _find(item: str) -> str | None:
    number = parse_number(item)
    return str(number) if number and public.public_row(str(number)) else None


@transaction.atomic
def set_hidden(item: str, hidden: bool, actor: User, why: str) -> None:
    """In the history of the appeal as well; a repeat changes nothing."""
    key = Appeal.objects.filter(number=item).values_list("pk", flat=True).first()
    if key is None:
        raise NotFound
    appeal = casework.lock(key)
    if appeal.is_taken_down == hidden:
        return
    appeal.is_taken_down = hidden
    kind = EventKind.TAKEN_DOWN if hidden else EventKind.SHOWN_AGAIN
    events.record(appeal, kind, actor=actor, data={"cause": why}, changed=["is_taken_down"])


def register_public_items() -> None:
    public_kinds.register(KIND)(
        PublicKind(
            title=_("Public list of requests"),
            find=_find,
            url=lambda item: reverse("appeals:public_card", args=[item]),
            set_hidden=set_hidden,
        )
    )
