"""The addresses of the hub and, beside them, the calibration views; used by bench.settings only."""

from django.urls import include, path

from bench import views
from config.access import ACCESS
from config.access_rules import PUBLIC

ACCESS.update({"bench_intake": PUBLIC, "bench_warm": PUBLIC})
urlpatterns = [
    path("bench/intake", views.intake_view, name="bench_intake"),
    path("bench/warm", views.warm, name="bench_warm"),
    path("", include("config.urls")),
]
