"""The address of Open Impact."""

from django.urls import path

from reports.impact import views

urlpatterns = [path("statistics/impact/", views.impact, name="impact")]
