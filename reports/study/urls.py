"""Addresses of the study; `reports.urls` includes them."""

from django.urls import path

from reports.study import views

urlpatterns = [
    path("statistics/study/", views.overview, name="study"),
    path("statistics/study/years/", views.years, name="study-years"),
    path("statistics/study/years.csv", views.years_csv, name="study-years-csv"),
    path("statistics/study/contradictions/", views.contradictions, name="study-contradictions"),
    path("statistics/study/tables/<slug:study_table>.csv", views.table_csv, name="study-csv"),
    path("statistics/study/tables/<slug:study_table>.json", views.table_json, name="study-json"),
    path("statistics/study/<slug:study_group>/", views.group, name="study-group"),
]
