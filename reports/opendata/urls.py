"""The addresses of the open data."""

from django.urls import path

from reports.opendata import staff_views, views

ONE = "reports/open-data/<slug:dataset>/"
urlpatterns = [
    path("data/", views.index, name="data"),
    path("data/catalog.jsonld", views.described, {"spelling": "jsonld"}, name="data-jsonld"),
    path("data/catalog.ttl", views.described, {"spelling": "ttl"}, name="data-turtle"),
    path("data/<slug:dataset>/", views.one, name="data-one"),
    path("data/<slug:dataset>/latest/<str:file_name>", views.latest, name="data-latest"),
    path("data/<slug:dataset>/<int:version>/<str:file_name>", views.file, name="data-file"),
    path("reports/open-data/", staff_views.overview, name="data-staff"),
    path("reports/open-data/terms/", staff_views.terms, name="data-terms"),
    path(f"{ONE}make/", staff_views.make, name="data-make"),
    path(f"{ONE}<int:version>/withhold/", staff_views.withhold, name="data-withhold"),
    path(f"{ONE}<int:version>/show/", staff_views.show, name="data-show"),
]
