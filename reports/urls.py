"""The addresses of the statistics, part by part."""

from django.urls import URLPattern, URLResolver

from reports.builder.urls import urlpatterns as builder
from reports.impact.urls import urlpatterns as impact
from reports.opendata.urls import urlpatterns as opendata
from reports.periodic.urls import urlpatterns as periodic
from reports.problems.urls import urlpatterns as problems
from reports.qr.urls import urlpatterns as qr
from reports.ranking.urls import urlpatterns as ranking
from reports.study.urls import urlpatterns as study
from reports.views.urls import urlpatterns as dashboards
from reports.warning.urls import urlpatterns as warning

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    *builder,
    *opendata,
    *periodic,
    *impact,
    *problems,
    *qr,
    *ranking,
    *study,
    *warning,
    *dashboards,  # the last: one of their addresses takes any word
]
