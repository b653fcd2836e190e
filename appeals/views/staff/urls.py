"""Addresses of the staff's pages."""

from django.urls import include, path

urlpatterns = [
    path("register/", include("appeals.views.staff.desk.urls")),
    path("appeals/", include("appeals.views.staff.case.urls")),
]
