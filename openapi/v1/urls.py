"""The addresses of version 1. What will join (petitions, receptions, statistics) gets a file and a line here."""

from django.urls import path

from openapi.v1.appeals import Appeals
from openapi.v1.reference import Reference
from openapi.v1.sandbox import SandboxControl

app_name = "v1"
urlpatterns = [
    path("appeals", Appeals.as_view({"post": "create", "get": "list"}), name="appeals-list"),
    path("appeals/<str:number>", Appeals.as_view({"get": "retrieve"}), name="appeals-detail"),
    path("reference/topics", Reference.as_view({"get": "topics"}), name="reference-topics"),
    path("reference/sectors", Reference.as_view({"get": "sectors"}), name="reference-sectors"),
    path("reference/areas", Reference.as_view({"get": "areas"}), name="reference-areas"),
    path("reference/departments", Reference.as_view({"get": "departments"}), name="reference-departments"),
    path("sandbox", SandboxControl.as_view({"get": "retrieve"}), name="sandbox"),
    path("sandbox/clock", SandboxControl.as_view({"post": "move"}), name="sandbox-clock"),
    path("sandbox/reset", SandboxControl.as_view({"post": "reset"}), name="sandbox-reset"),
    path("sandbox/messages", SandboxControl.as_view({"get": "messages"}), name="sandbox-messages"),
]
