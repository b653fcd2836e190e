"""The addresses of Public Control."""

from django.urls import path

from reports.ranking import views

urlpatterns = [
    path("statistics/public-control/", views.ranking, name="ranking"),
    path("statistics/public-control.csv", views.ranking_csv, name="ranking-csv"),
    path("statistics/public-control/compare/", views.pair, name="ranking-pair"),
]
