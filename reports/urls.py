"""The addresses of the statistics."""

from django.urls import URLPattern, URLResolver

from reports.qr.urls import urlpatterns as qr

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [*qr]
