"""Addresses: one sign-in for the connected systems, and through an outside provider."""

from django.urls import path

from sso.views import person, providers, systems

app_name = "sso"
urlpatterns = [
    path("accounts/connected/", person.connected, name="connected"),
    path("accounts/connected/<int:connection_id>/withdraw/", person.withdraw, name="withdraw"),
    path("accounts/connected/outside/<int:outside_id>/unlink/", person.unlink, name="unlink"),
    path("staff/sso/", systems.systems, name="systems"),
    path("staff/sso/new/", systems.new, name="system_new"),
    path("staff/sso/<int:system_id>/", systems.system, name="system"),
    path("staff/sso/<int:system_id>/change/", systems.change, name="system_change"),
    path("staff/sso/<int:system_id>/secret/", systems.secret, name="system_secret"),
    path("staff/sso/<int:system_id>/switch/", systems.switch, name="system_switch"),
    path("staff/sso/outside/", providers.providers, name="outsides"),
    path("staff/sso/outside/new/", providers.new, name="outside_new"),
    path("staff/sso/outside/<slug:provider_slug>/", providers.provider, name="outside"),
    path("staff/sso/outside/<slug:provider_slug>/change/", providers.change, name="outside_change"),
    path("staff/sso/outside/<slug:provider_slug>/switch/", providers.switch, name="outside_switch"),
    path("staff/sso/outside/<slug:provider_slug>/<int:outside_id>/unlink/", providers.unlink, name="outside_unlink"),
]
