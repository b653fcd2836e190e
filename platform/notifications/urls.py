"""Addresses of the notices."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("accounts/notices/", views.notice_preferences, name="preferences"),
]
