"""Accounts and their roles: only administrators give rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, RoleAssignment, User
from accounts.permissions import has_right
from accounts.rights import RIGHTS, Action, Grant, too_narrow, too_wide, width
from common.admin import StaffAdmin

# Who may enter the administration site at all.
STAFF_ROLES = tuple(role for role in Role if {Action.CONFIGURE, Action.MANAGE_ACCOUNTS} & RIGHTS[role].keys())
SCOPE_FIELDS = ("organization", "department", "area")  # in the order of a grant
admin.site.unregister(Group)  # rights come from roles

if TYPE_CHECKING:
    BaseInline = admin.StackedInline[Any, Any]
    BaseUserAdmin = UserAdmin[Any]
    BaseForm = forms.ModelForm[RoleAssignment]
else:
    BaseInline = admin.StackedInline
    BaseUserAdmin = UserAdmin
    BaseForm = forms.ModelForm


def gives_rights(request: HttpRequest) -> bool:
    return has_right(request.user, Action.MANAGE_ACCOUNTS)


class RoleForm(BaseForm):
    """Refuses a role that would reach nothing because its scope is wider or narrower than the table allows."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        grant = Grant(data.get("role", ""), *(data[name].pk if data.get(name) else None for name in SCOPE_FIELDS))
        if grant.role and not self.errors and too_wide(grant.role, width(grant)):
            raise forms.ValidationError(_("This role needs a unit or an organization: without one it reaches nothing."))
        if grant.role and not self.errors and too_narrow(grant.role, width(grant)):
            raise forms.ValidationError(
                _("This role is for the whole hub: given for a part of it, it reaches nothing.")
            )
        return data


class RoleInline(BaseInline):
    """The roles of an account with their scopes; an empty scope is the whole hub."""

    model = RoleAssignment
    form = RoleForm
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

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account is closed, not deleted: the history names it."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Another contact is one that nobody has confirmed: it proves nothing until a code was entered."""
        if change and "phone" in form.changed_data:
            obj.phone_confirmed_at = None
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).exclude(email=obj.email.lower()).delete()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        user = form.instance
        is_staff = user.role_assignments.filter(role__in=STAFF_ROLES).exists()
        if is_staff != user.is_staff:
            user.is_staff = is_staff
            user.save(update_fields=["is_staff"])
