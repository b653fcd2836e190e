"""Organizations, units, city sectors and spheres of life in the administration site."""

from __future__ import annotations

from django.contrib import admin

from common.admin import NAMES, RELATED_ONLY, StaffAdmin
from organizations.models import Area, Department, Organization, Sector


@admin.register(Organization)
class OrganizationAdmin(StaffAdmin):
    list_display = ("slug", *NAMES, "kind", "email", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("slug", *NAMES, "email")


@admin.register(Department)
class DepartmentAdmin(StaffAdmin):
    list_display = ("slug", *NAMES, "organization", "parent", "is_external", "reviews_disputes", "is_active")
    list_filter = ("is_active", "is_external", "reviews_disputes", ("organization", RELATED_ONLY))
    list_select_related = ("organization", "parent")
    search_fields = ("slug", *NAMES)
    autocomplete_fields = ("organization", "parent")


@admin.register(Area)
class AreaAdmin(StaffAdmin):
    list_display = ("slug", *NAMES, "population", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("slug", *NAMES)


@admin.register(Sector)
class SectorAdmin(StaffAdmin):
    list_display = ("slug", *NAMES, "position")
    search_fields = ("slug", *NAMES)
