"""The addresses of the statistics, part by part."""

from django.urls import URLPattern, URLResolver

from reports.builder.urls import urlpatterns as builder
from reports.opendata.urls import urlpatterns as opendata
from reports.periodic.urls import urlpatterns as periodic
from reports.qr.urls import urlpatterns as qr
from reports.study.urls import urlpatterns as study
from reports.views.urls import urlpatterns as dashboards
from reports.warning.urls import urlpatterns as warning

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    *builder,
    *opendata,
    *periodic,
    *qr,
    *study,
    *warning,
    *dashboards,  # the last: one of their addresses takes any word
]
