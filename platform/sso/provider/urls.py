"""Addresses of the provider, at the places and with the names that allauth gives them."""

from allauth.idp.oidc import views as allauth_views
from django.urls import include, path

from sso.provider import authorization, endpoints
from sso.provider.switch import provided

oidc = [
    path(".well-known/openid-configuration", provided(allauth_views.configuration), name="configuration"),
    path(".well-known/jwks.json", provided(allauth_views.jwks), name="jwks"),
    path("identity/o/authorize", authorization.authorize, name="authorization"),
    path("identity/o/consent", authorization.consent, name="consent"),
    path("identity/o/logout", endpoints.EndSessionEndpoint.as_view(), name="logout"),
    path("identity/o/api/token", endpoints.TokenEndpoint.as_view(), name="token"),
    path("identity/o/api/revoke", endpoints.RevocationEndpoint.as_view(), name="revoke"),
    path("identity/o/api/userinfo", provided(allauth_views.user_info), name="userinfo"),
    path("identity/o/api/device/code", endpoints.not_offered, name="device_code"),
]
urlpatterns = [path("", include(([path("", include((oidc, "oidc")))], "idp")))]
