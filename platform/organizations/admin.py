"""Organizations, units, city sectors and spheres of life in the administration site."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import NAMES, RELATED_ONLY, StaffAdmin
from organizations.models import Area, Department, Organization, Sector


@admin.register(Organization)
class OrganizationAdmin(StaffAdmin):
    effect = _("Names are what residents read. An inactive organization is not offered for new work.")
    list_display = ("slug", *NAMES, "kind", "email", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("slug", *NAMES, "email")


@admin.register(Department)
class DepartmentAdmin(StaffAdmin):
    effect = _("Appeals are given to departments. An inactive one keeps what it has and is not offered for new work.")
    help_texts: ClassVar = {
        "is_external": _("Works outside the hub: an appeal is forwarded to it and ends here with a notice."),
        "reviews_disputes": _("Takes the second look when the applicant disputes an answer of another department."),
    }
    list_display = ("slug", *NAMES, "organization", "parent", "is_external", "reviews_disputes", "is_active")
    list_filter = ("is_active", "is_external", "reviews_disputes", ("organization", RELATED_ONLY))
    list_select_related = ("organization", "parent")
    search_fields = ("slug", *NAMES)


@admin.register(Area)
class AreaAdmin(StaffAdmin):
    effect = _("Residents choose among the active ones; routing rules and the scope of a role may name one.")
    help_texts: ClassVar = {
        "position": _("The order in lists, the smallest number first."),
    }
    list_display = ("slug", *NAMES, "population", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("slug", *NAMES)


@admin.register(Sector)
class SectorAdmin(StaffAdmin):
    list_display = ("slug", *NAMES, "position")
    search_fields = ("slug", *NAMES)
