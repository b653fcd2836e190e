"""The addresses of Open311; each ends with the format of its answer."""

from django.urls import path, register_converter

from openapi.open311.requests import Requests, Tokens
from openapi.open311.topics import Discovery, Services

app_name = "open311"


class Format:
    regex = "xml|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Format, "open311_format")
FORM = "<open311_format:form>"
DISCOVERY = Discovery.as_view({"get": "retrieve"})

urlpatterns = [
    path(f"discovery.{FORM}", DISCOVERY, name="discovery"),
    path(f"v2/discovery.{FORM}", DISCOVERY, name="discovery-v2"),
    path(f"v2/services.{FORM}", Services.as_view({"get": "list"}), name="services"),
    path(f"v2/services/<slug:service_code>.{FORM}", Services.as_view({"get": "retrieve"}), name="service"),
    path(f"v2/requests.{FORM}", Requests.as_view({"get": "list", "post": "create"}), name="requests"),
    path(f"v2/requests/<str:number>.{FORM}", Requests.as_view({"get": "retrieve"}), name="request"),
    path(f"v2/tokens/<slug:token>.{FORM}", Tokens.as_view({"get": "retrieve"}), name="token"),
]
