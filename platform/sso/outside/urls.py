"""Addresses of the outside providers, below those of the accounts."""

from allauth.socialaccount.views import login_cancelled
from django.urls import path

from sso.outside import views

urlpatterns = [
    path("outside/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    path("outside/<slug:provider_id>/", views.login, name="outside_login"),
    path("outside/<slug:provider_id>/callback/", views.callback, name="outside_callback"),
]
