"""Accounts and their roles: only administrators give rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, RoleAssignment, User
from accounts.permissions import has_role
from common.admin import StaffAdmin

STAFF_ROLES = (Role.ADMINISTRATOR, Role.METHODOLOGIST)
admin.site.unregister(Group)  # rights come from roles

if TYPE_CHECKING:
    BaseInline = admin.StackedInline[Any, Any]
    BaseUserAdmin = UserAdmin[Any]
else:
    BaseInline = admin.StackedInline
    BaseUserAdmin = UserAdmin


def gives_rights(request: HttpRequest) -> bool:
    return has_role(request.user, Role.ADMINISTRATOR) or bool(getattr(request.user, "is_superuser", False))


class RoleInline(BaseInline):
    """The roles of an account with their scopes; an empty scope is the whole hub."""

    model = RoleAssignment
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return gives_rights(request)

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return gives_rights(request)


@admin.register(User)
class AccountAdmin(StaffAdmin, BaseUserAdmin):
    """The IIN is not shown here; `is_staff` follows from the roles."""

    personal = ("username", "last_name", "first_name", "patronymic", "email", "phone", "postal_address")
    list_display = ("username", "last_name", "first_name", "post", "language", "is_active", "last_login")
    list_filter = ("is_active", "role_assignments__role", "language")
    search_fields = ("username", "last_name", "first_name", "email", "phone")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "is_staff")
    inlines = (RoleInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("last_name", "first_name", "patronymic", "post", "email", "phone", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "last_login", "date_joined")}),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return gives_rights(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return gives_rights(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return gives_rights(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return gives_rights(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account is closed, not deleted: the history names it."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        user = form.instance
        is_staff = user.role_assignments.filter(role__in=STAFF_ROLES).exists()
        if is_staff != user.is_staff:
            user.is_staff = is_staff
            user.save(update_fields=["is_staff"])
