"""Addresses of the appeal: the resident's pages, the staff's pages, the channels' hooks."""

from django.urls import URLPattern, URLResolver, include, path

from appeals.views import hooks

app_name = "appeals"
urlpatterns: list[URLPattern | URLResolver] = [
    path("hooks/<slug:slug>/", hooks.hook, name="hook"),
    path("staff/", include("appeals.views.staff.urls")),
    path("", include("appeals.views.citizen.urls")),
]
