"""The entries of QR Score, its page in the log, its comments as items that can be taken down, and their period."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action
from audit.subjects import Keys, SubjectPage, subject_pages
from privacy.models import RetentionRule
from privacy.registries import PublicKind, RecordType, public_kinds, retention
from reports.models import RatingComment, ServicePoint
from reports.qr import review
from ui.navigation import WORK, NavItem, register

KIND = "qr_comment"
State = RatingComment.State


def _may_manage(request: HttpRequest) -> bool:
    return has_right(request.user, Action.MANAGE_POINTS)


def _may_review(request: HttpRequest) -> bool:
    return has_right(request.user, Action.REVIEW_RATINGS)


def _waiting(request: HttpRequest) -> int | None:
    return review.waiting() or None


def _names(keys: Keys) -> dict[str, str]:
    rows = ServicePoint.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    return {str(row.pk): row.name for row in rows}


def _address(key: str) -> str:
    return reverse("reports:qr-staff-point", args=[key]) if key.isdigit() else ""


def _find(item: str) -> str | None:
    known = item.isascii() and item.isdigit() and len(item) < 15
    return item if known and RatingComment.objects.filter(pk=item, state=State.APPROVED).exists() else None


def _url(item: str) -> str:
    """Where it stood; all results once its period is over and it was deleted."""
    row = RatingComment.objects.select_related("rating__point__organization").filter(pk=item).first()
    if row is None:
        return reverse("reports:qr-results")
    return reverse("reports:qr-point", args=[row.rating.point.organization.slug, row.rating.point_id])


def _set_hidden(item: str, hidden: bool, actor: User, why: str) -> None:
    review.hide_comment(int(item), hidden=hidden, actor=actor)


def _old(older: dt.datetime) -> QuerySet[RatingComment]:
    """Comments that nobody shows; the rating itself says nothing about anybody and stays."""
    return RatingComment.objects.filter(rating__given_at__lt=older).exclude(state=State.APPROVED)


def _forget(older: dt.datetime, action: str, limit: int) -> int:
    keys = list(_old(older).order_by("pk").values_list("pk", flat=True)[:limit])
    return RatingComment.objects.filter(pk__in=keys).delete()[0]


def register_qr() -> None:
    register(
        NavItem(label=_("Service points"), url_name="reports:qr-staff", section=WORK, order=64, icon="qr",
                shown=_may_manage),
        NavItem(label=_("Review of ratings"), url_name="reports:qr-review", section=WORK, order=65, icon="scale",
                shown=_may_review, count=_waiting),
    )  # fmt: skip
    subject_pages.register("service_point")(SubjectPage(_address, (Action.MANAGE_POINTS,), _("Service point"), _names))
    public_kinds.register(KIND)(PublicKind(_("Comments on service points"), _find, _url, _set_hidden))
    retention.register("qr_comments")(
        RecordType(
            _("Comments on service points that are not shown"), (RetentionRule.Action.DELETE,),
            lambda older: _old(older).count(), _forget, _("Ratings stay; they say nothing about a person."), order=180,
        )
    )  # fmt: skip
