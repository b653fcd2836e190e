"""QR Score: the places where people are received, the codes that hang there, and what visitors said of them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.names import TrilingualName
from organizations.models import Department, Organization

COMMENT_LENGTH = 300


class ServicePoint(TrilingualName):
    """A window, a hall or a room where an organization receives people. It stays what it was first made for."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("organization"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    is_active = models.BooleanField(_("takes ratings"), default=True)
    is_demo = models.BooleanField(_("invented"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        ordering = ["organization__slug", "pk"]
        verbose_name = _("service point")
        verbose_name_plural = _("service points")


class PointCode(models.Model):
    """The code in the address of a printed sheet. A point has one that is valid; the earlier ones say so."""

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="codes", verbose_name=_("service point"))
    code = models.CharField(_("code"), max_length=12, unique=True)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(_("replaced"), null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["point"], condition=models.Q(replaced_at__isnull=True), name="one_code_of_a_point"
            )
        ]

    def __str__(self) -> str:
        return self.code


class PointRating(models.Model):
    """One sending of the form. Append-only but for `outcome`: a later one of the day stands, the earlier is `changed`.

    `device` and `network` are hashes with the salt of the day; when the salt is thrown away, nothing leads back.
    """

    class Outcome(models.TextChoices):
        COUNTED = "counted", _("counted")
        SET_ASIDE = "set_aside", _("set aside, waits for a person")
        REFUSED = "refused", _("not counted after a look")
        CHANGED = "changed", _("replaced by a later one of the same day")

    STANDING = ("counted", "set_aside", "refused")

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="ratings", verbose_name=_("service point"))
    code = models.ForeignKey(PointCode, models.PROTECT, related_name="+")
    given_on = models.DateField(_("day"))
    given_at = models.DateTimeField(_("time"), default=timezone.now)
    score = models.PositiveSmallIntegerField(_("score"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    reasons = models.JSONField(_("reasons"), default=list)
    language = models.CharField(_("language"), max_length=2)
    device = models.CharField(max_length=32)
    network = models.CharField(max_length=32)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices, default="counted")
    is_released = models.BooleanField(default=False)  # a person has looked: no burst sets it aside again
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["point", "device", "given_on"],
                condition=~models.Q(outcome="changed"),
                name="one_rating_of_a_device_a_day",
            ),
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="point_score_1_to_5"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["point", "outcome", "given_on"], name="point_ratings"),
            models.Index(fields=["point", "network", "given_at"], name="point_networks"),
            models.Index(fields=["given_at"], name="ratings_aside", condition=models.Q(outcome="set_aside")),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.given_on} {self.score}"


class RatingComment(models.Model):
    """A line beside a rating. Nobody but the reviewer sees it before it was approved, and it can be thrown away."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a person")
        APPROVED = "approved", _("shown to everybody")
        REFUSED = "refused", _("not shown")

    rating = models.OneToOneField(PointRating, models.CASCADE, related_name="comment", verbose_name=_("rating"))
    text = models.CharField(_("comment"), max_length=COMMENT_LENGTH)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default="waiting")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["id"], name="comments_waiting", condition=models.Q(state="waiting"))]

    def __str__(self) -> str:
        return self.text[:40]


class DaySalt(models.Model):
    """What the hashes of one day are salted with. It goes the day after, and with it any way back to a device."""

    day = models.DateField(_("day"), primary_key=True)
    salt = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.day}"
