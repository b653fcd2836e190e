"""The addresses of the open API."""

from django.urls import include, path

from openapi import documents

app_name = "openapi"
urlpatterns = [
    path("api/v1/openapi.json", documents.as_json, name="document"),
    path("api/v1/", include("openapi.v1.urls")),
]
