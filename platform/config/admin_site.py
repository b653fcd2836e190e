"""The administration site: open to administrators and methodologists, through the hub's own sign-in page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _

# Words of Django's own site that its Kazakh catalogue lacks or gets wrong; ours is asked first.
WORDS_OF_DJANGO = (
    _("View site"),
    _("Recent actions"),
    _("My actions"),
    _("Show counts"),
    _("Hide counts"),
    _("Clear all filters"),
    _("Start typing to filter…"),
    _("Select %s to change"),
    _("Select %s to view"),
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("Filter navigation items"),
    _("Toggle navigation"),
    _("Toggle theme (current theme: auto)"),
    _("Toggle theme (current theme: light)"),
    _("Toggle theme (current theme: dark)"),
)
NOT_HERE = ("account", "mfa", "socialaccount", "allauth_idp_oidc")


class HubAdminSite(AdminSite):
    """Tables that steer the work. Cases themselves are worked on in the hub, never here."""

    site_header = _("Halyq Uni: reference data and logs")
    site_title = _("Halyq Uni: reference data and logs")
    index_title = _("What can be edited")

    def has_permission(self, request: HttpRequest) -> bool:
        """The mark `is_staff` alone is not enough: it may outlive the role."""
        from config.access import ADMINISTRATION
        from config.access_middleware import allows

        return request.user.is_active and allows(request, ADMINISTRATION)

    def allows(self, request: HttpRequest, model: type[Model]) -> bool:
        """Whether the table of rights opens the pages of this model; one without an entry is closed."""
        from config.access import ADMIN_TABLES
        from config.access_middleware import allows

        access = ADMIN_TABLES.get(f"{model._meta.app_label}_{model._meta.model_name}")
        return access is not None and request.user.is_active and allows(request, access)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("rights/", self.admin_view(self.rights), name="rights"), *super().get_urls()]

    def rights(self, request: HttpRequest) -> HttpResponse:
        """The table of rights, to read: it is changed in the source alone, with its tests."""
        from accounts.rights_table import groups

        context = {**self.each_context(request), "title": _("Who may do what"), "groups": groups()}
        return render(request, "admin/rights.html", context)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Not the tables of sign-in: keys and sessions of people have pages of their own, with checks of their own."""
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        super().register([model for model in models if model._meta.app_label not in NOT_HERE], admin_class, **options)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """The hub's own page, where the present password is tried within limits; Django's form has none."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """One way to sign in for the whole site, so that a second factor holds here too."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        return redirect_to_login(request.GET.get("next") or request.get_full_path(), login_url=settings.LOGIN_URL)
