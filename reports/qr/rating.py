"""Take a rating of a service point: one of a device and day stands, whatever is sent how often and how fast."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import limits as common_limits
from common.errors import Conflict, NotFound, ValidationFailed
from common.text import storable
from reports.models import PointCode, PointRating, RatingComment, ServicePoint
from reports.models.qr import COMMENT_LENGTH
from reports.qr import limits
from reports.qr.codes import folded
from reports.qr.reasons import SCORES, THEMES

Outcome = PointRating.Outcome
STANDING = PointRating.STANDING


@dataclass(frozen=True)
class Said:
    """What a visitor says of a point."""

    score: int
    reasons: tuple[str, ...] = ()
    comment: str = ""
    language: str = "kk"


@dataclass(frozen=True)
class Visitor:
    """From which browser and network; neither is stored as it is."""

    device: str
    network: str

    def hashes(self, day: dt.date) -> tuple[str, str]:
        salt = limits.salt_of(day)
        return limits.hashed(self.device, "device", salt), limits.hashed(self.network, "network", salt)


class CodeReplaced(Conflict):
    """The sheet was replaced by another one."""

    code = "code_replaced"
    status = 410
    default_message = _("This code was replaced by another one. Please scan the sheet that hangs there now.")


class PointClosed(Conflict):
    """Nobody is received there any more."""

    code = "point_closed"
    status = 410
    default_message = _("This service point takes no ratings any more.")


def find_code(typed: str) -> PointCode:
    """The code of an address that still is valid; what is not says why."""
    rows = PointCode.objects.select_related("point__organization", "point__department")
    row = rows.filter(code=folded(typed)).first()
    if row is None:
        raise NotFound(_("There is no such code. Please compare it with the sheet."))
    if row.replaced_at is not None:
        raise CodeReplaced
    if not row.point.is_active:
        raise PointClosed
    return row


def rate(typed: str, said: Said, visitor: Visitor) -> PointRating:
    """Store the rating; a second one of the device and day replaces the first, an equal one changes nothing."""
    said = _checked(said)
    common_limits.take("qr-rating", visitor.network)
    with transaction.atomic():
        code = find_code(typed)
        ServicePoint.objects.select_for_update().get(pk=code.point_id)
        now = timezone.now()
        day = timezone.localdate(now)
        device, network = visitor.hashes(day)
        before = _standing(code.point_id, device, day)
        if before is not None and _says(before) == said:
            return before
        return _replace(before, PointRating(
            point_id=code.point_id, code=code, given_on=day, given_at=now, score=said.score, reasons=list(said.reasons),
            language=said.language, device=device, network=network,
        ), said.comment)  # fmt: skip


def of_today(point_id: int, visitor: Visitor) -> PointRating | None:
    """What this browser has said of the point today."""
    day = timezone.localdate()
    return _standing(point_id, visitor.hashes(day)[0], day) if visitor.device else None


def _standing(point_id: int, device: str, day: dt.date) -> PointRating | None:
    rows = PointRating.objects.select_related("comment")
    return rows.filter(point=point_id, device=device, given_on=day, outcome__in=STANDING).first()


def _checked(said: Said) -> Said:
    if said.score not in SCORES:
        raise ValidationFailed(_("The rating goes from 1 to 5."), code="score", field="score")
    if not set(said.reasons) <= THEMES.keys():
        raise ValidationFailed(_("Choose from the list."), code="reasons", field="reasons")
    comment = " ".join(storable(said.comment).split())
    if len(comment) > COMMENT_LENGTH:
        raise ValidationFailed(_("The comment is too long."), code="comment", field="comment")
    return Said(said.score, tuple(slug for slug in THEMES if slug in said.reasons), comment, said.language)


def _says(row: PointRating) -> Said:
    comment = row.comment.text if hasattr(row, "comment") else ""
    return Said(row.score, tuple(row.reasons), comment, row.language)


def _replace(before: PointRating | None, row: PointRating, comment: str) -> PointRating:
    """The earlier one gives way first, for the database lets only one stand."""
    earlier = _from_network(row, before)
    burst = limits.burst_of([at for _pk, at in earlier], row.given_at)
    if before is not None:
        # A change of mind is no way around what a person or the limits have said of the first one.
        row.outcome, row.is_released = before.outcome, before.is_released
        row.decided_by_id, row.decided_at = before.decided_by_id, before.decided_at
        PointRating.objects.filter(pk=before.pk).update(outcome=Outcome.CHANGED)
    elif burst is not None:
        row.outcome = Outcome.SET_ASIDE
        _set_aside([pk for pk, at in earlier if at > row.given_at - burst.within])
    row.save(force_insert=True)
    if comment:
        RatingComment.objects.create(rating=row, text=comment)
    return row


def _from_network(row: PointRating, before: PointRating | None) -> list[tuple[int, dt.datetime]]:
    """The standing ratings of the point from the network of this one, as far back as a burst may reach."""
    rows = PointRating.objects.filter(
        point=row.point_id, network=row.network, outcome__in=STANDING, given_at__gt=row.given_at - limits.LONGEST
    )
    return list(rows.exclude(pk=before.pk if before else 0).values_list("pk", "given_at"))


def _set_aside(keys: list[int]) -> None:
    """The whole burst, for nobody knows which of it is honest; what a person has looked at stays as he said."""
    PointRating.objects.filter(pk__in=keys, outcome=Outcome.COUNTED, is_released=False).update(
        outcome=Outcome.SET_ASIDE
    )
