"""Take something down from the public pages: asked by anybody, hidden at once, decided within one working day."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action as Right
from audit import trail
from audit.actions import Action
from common.errors import Conflict, NotFound, ValidationFailed
from common.text import storable
from privacy import access, history, notices, terms
from privacy.models import CaseEvent, Ground, TakedownRequest, Term
from privacy.registries import public_kinds

STATE, E = TakedownRequest.State, CaseEvent.Kind
LONGEST_REASON = 2000
SHORTEST_REASON = 10
MOST_OPEN_PER_ITEM = 5
CHANGED = gettext_lazy("The request has changed in the meantime. Look at its present state and try again.")


def find(kind: str, item: str) -> str:
    """The canonical name of a public item; NotFound for what is not public."""
    found = public_kinds.get(kind).find(item) if kind in public_kinds else None
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def ask(kind: str, item: str, *, reason: str, contact: str = "", is_demo: bool = False) -> TakedownRequest | None:
    """Take the request in; None when the item has as many open ones as an officer can read."""
    item, reason = find(kind, item), storable(reason).strip()
    if len(reason) < SHORTEST_REASON:
        raise ValidationFailed(_("Say in a few words what is wrong."), code="too_short", field="reason")
    open_ones = TakedownRequest.objects.filter(kind=kind, item=item, state__in=(STATE.NEW, STATE.HIDDEN))
    if open_ones.count() >= MOST_OPEN_PER_ITEM:
        return None
    takedown = TakedownRequest(
        kind=kind,
        item=item,
        reason=reason[:LONGEST_REASON],
        contact=contact,
        language=(get_language() or "kk")[:2],
        is_demo=is_demo,
    )
    terms.start_clock(takedown, Term.Slug.TAKE_DOWN)
    takedown.save()
    history.record(takedown.ref, E.OPENED)
    notices.tell_staff(Right.TAKE_DOWN, f"{takedown.ref}:new", path_of(takedown), _new_words)
    return takedown


def _new_words() -> tuple[str, str]:
    return _("Somebody asks to take something down"), _("By law it is decided within one working day.")


def path_of(takedown: TakedownRequest) -> str:
    return reverse("privacy:staff-takedown", args=[takedown.pk])


def lock(takedown_id: int) -> TakedownRequest:
    """The request with every other one about the same item: what one hides another must not show."""
    about = TakedownRequest.objects.filter(pk=takedown_id).values_list("kind", "item").first()
    if about is None:
        raise NotFound
    rows = TakedownRequest.objects.select_for_update().filter(kind=about[0], item=about[1]).order_by("pk")
    return next(row for row in rows if row.pk == takedown_id)


@transaction.atomic
def hide(takedown_id: int, *, actor: User) -> TakedownRequest:
    """Off the public pages at once; the decision may follow later within the term."""
    access.require(actor, Right.TAKE_DOWN)
    takedown = lock(takedown_id)
    if takedown.state != STATE.NEW:
        raise Conflict(CHANGED)
    _set_hidden(takedown, True, actor)
    takedown.state = STATE.HIDDEN
    takedown.save(update_fields=["state"])
    history.record(takedown.ref, E.HIDDEN, actor=actor)
    return takedown


@transaction.atomic
def decide(takedown_id: int, *, upheld: bool, ground_slug: str, answer: str, actor: User) -> TakedownRequest:
    """Taken down for good, or public again, with the ground."""
    access.require(actor, Right.TAKE_DOWN)
    takedown = lock(takedown_id)
    if not takedown.is_open:
        raise Conflict(CHANGED)
    use = Ground.Use.TAKE_DOWN if upheld else Ground.Use.LEAVE
    ground = Ground.objects.filter(slug=ground_slug, use=use, is_active=True).first()
    if ground is None:
        raise ValidationFailed(_("Choose the ground of the decision."), code="ground", field="ground")
    if upheld and takedown.state == STATE.NEW:
        _set_hidden(takedown, True, actor)
        history.record(takedown.ref, E.HIDDEN, actor=actor)
    takedown.state = STATE.UPHELD if upheld else STATE.REJECTED
    takedown.ground, takedown.answer, takedown.decided_by = ground, storable(answer).strip(), actor
    terms.stop_clock(takedown, at=timezone.now())
    takedown.save()
    history.record(takedown.ref, E.DECIDED, actor=actor, data={"state": takedown.state, "ground": ground.slug})
    if not upheld:
        _show_again(takedown, actor)
    notices.tell_asker(takedown, lambda: _decision_words(takedown))
    return takedown


@transaction.atomic
def restore(takedown_id: int, *, reason: str, actor: User) -> TakedownRequest:
    """A decision to take down proved wrong: the item is public again and the history says why."""
    access.require(actor, Right.TAKE_DOWN)
    takedown = lock(takedown_id)
    if takedown.state != STATE.UPHELD:
        raise Conflict(CHANGED)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationFailed(_("Say in a few words why."), code="too_short", field="reason")
    takedown.state = STATE.REJECTED
    takedown.save(update_fields=["state"])
    history.record(takedown.ref, E.CHANGED, actor=actor, note=reason)
    is_shown = _show_again(takedown, actor)
    notices.tell_asker(takedown, lambda: _restored_words(takedown, reason, is_shown), "restored")
    return takedown


def _show_again(takedown: TakedownRequest, actor: User) -> bool:
    """An item that another request keeps hidden stays hidden."""
    others = TakedownRequest.objects.filter(
        kind=takedown.kind, item=takedown.item, state__in=(STATE.HIDDEN, STATE.UPHELD)
    ).exclude(pk=takedown.pk)
    if others.exists():
        return False
    _set_hidden(takedown, False, actor)
    history.record(takedown.ref, E.RESTORED, actor=actor)
    return True


def _set_hidden(takedown: TakedownRequest, hidden: bool, actor: User) -> None:
    public_kinds.get(takedown.kind).set_hidden(takedown.item, hidden, actor, takedown.ref)
    trail.record(
        action=Action.TAKEN_DOWN, actor=actor, subject_ref=takedown.ref, fields=["hidden" if hidden else "shown"],
        details={"kind": takedown.kind, "item": takedown.item},
    )  # fmt: skip


def _restored_words(takedown: TakedownRequest, reason: str, is_shown: bool) -> tuple[str, str]:
    """The reason was written for the history in whatever language; it is given as it stands."""
    subject = _("Your request to take down %(item)s") % {"item": takedown.item}
    said = _("The decision to take it down was looked at again and withdrawn.")
    now = _("It is public again.") if is_shown else _("For another reason it is not public now.")
    ground = _("Reason")
    return subject, f"{subject}. {said} {now} {ground}: {storable(reason).strip()}"


def _decision_words(takedown: TakedownRequest) -> tuple[str, str]:
    subject = _("Your request to take down %(item)s") % {"item": takedown.item}
    said = _("It was taken down.") if takedown.state == STATE.UPHELD else _("It stays public.")
    ground = takedown.ground.name_in(takedown.language) if takedown.ground else ""
    return subject, " ".join(part for part in (f"{subject}.", said, f"{ground}.", takedown.answer) if part)
