"""The addresses of the Problem Report."""

from django.urls import path

from reports.problems import views

urlpatterns = [
    path("statistics/problems/", views.listing, name="problems"),
    path("statistics/problems/<slug:problem>/", views.problem, name="problem"),
]
