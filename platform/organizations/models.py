"""Who answers and where: organizations, their departments, the city's sectors and the spheres of life."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.names import TrilingualName


class Organization(TrilingualName):
    """A body connected to the hub: the akimat, a contact centre, a utility, or an external body."""

    class Kind(models.TextChoices):
        AKIMAT = "akimat", _("City akimat")
        CONTACT_CENTER = "contact_center", _("Contact centre")
        UTILITY = "utility", _("Utility service")
        EXTERNAL = "external", _("External body")

    slug = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    email = models.EmailField(_("e-mail for forwarded appeals"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")


class Department(TrilingualName):
    """A unit that answers appeals. Every organization has at least one; routing ends at a department."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="departments", verbose_name=_("organization")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("higher unit")
    )
    slug = models.SlugField(_("key"), max_length=60, unique=True)
    is_external = models.BooleanField(
        _("outside the hub"), default=False, help_text=_("An appeal sent here is forwarded with notice, not assigned.")
    )
    reviews_disputes = models.BooleanField(_("gives the second look on disputed answers"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")


class Area(TrilingualName):
    """A residential sector of the city (тұрғын сектор)."""

    slug = models.SlugField(_("key"), max_length=60, unique=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    outline = models.JSONField(
        _("outline"), null=True, blank=True, help_text=_("GeoJSON polygon; empty where the boundary is not known.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("city sector")
        verbose_name_plural = _("city sectors")


class Sector(TrilingualName):
    """A sphere of life as e-Otinish counts it (housing, land, ...)."""

    slug = models.SlugField(_("key"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
