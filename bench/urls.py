"""The addresses of the hub and, beside them, the calibration views; used by bench.settings only."""

from django.urls import include, path

from bench import views

urlpatterns = [
    path("bench/intake", views.intake_view),
    path("bench/warm", views.warm),
    path("", include("config.urls")),
]
