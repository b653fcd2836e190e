"""What the endpoint is, which services there are, and what each of them asks."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from appeals import terms
from appeals.models import Topic
from appeals.selectors import names
from common.errors import NotFound
from openapi.open311.attributes import attributes_of, call_first
from openapi.open311.base import Facade
from openapi.open311.trees import FORMATS, Tree

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-27T00:00:00Z"  # of the interface, not of the data
ELSEWHERE = "other"  # the topic of what fits nowhere comes last


class Discovery(Facade):
    open_to_all = frozenset({"retrieve"})

    def retrieve(self, request: Request, form: str) -> Response:
        """Where everything is; what a client reads first."""
        developers = request.build_absolute_uri(reverse("openapi:developers"))
        services = request.build_absolute_uri(reverse("openapi:open311:services", args=["xml"]))
        endpoint = {
            "specification": SPECIFICATION,
            "url": services.removesuffix("/services.xml"),
            "changeset": CHANGED,
            "type": "production",
            "formats": list(FORMATS.values()),
        }
        body = {
            "changeset": CHANGED,
            "contact": request.build_absolute_uri("/"),
            "key_service": _("Keys are made at %(url)s") % {"url": developers},
            "endpoints": [endpoint],
        }
        return Response(Tree("discovery", body))


class Services(Facade):
    open_to_all = frozenset({"list", "retrieve"})

    def list(self, request: Request, form: str) -> Response:
        """The topics about which one can write, by their sector."""
        rows = sorted((row for row in terms.topics().values() if row.is_active), key=_place)
        return Response(Tree("services", [_service(row) for row in rows]))

    def retrieve(self, request: Request, service_code: str, form: str) -> Response:
        """The attributes of one service."""
        topic = service(service_code)
        attributes = [row.as_data(place) for place, row in enumerate(attributes_of(topic), 1)]
        return Response(Tree("service_definition", {"service_code": topic.slug, "attributes": attributes}))


def service(code: str) -> Topic:
    """The active topic with this key."""
    found = next((row for row in terms.topics().values() if row.slug == code and row.is_active), None)
    if found is None:
        raise NotFound(_("There is no service with the service_code “%(code)s”.") % {"code": code[:60]})
    return found


def _place(topic: Topic) -> tuple[bool, str, str]:
    return topic.slug == ELSEWHERE, names.sectors()[topic.sector_id].key, topic.name.casefold()


def _service(topic: Topic) -> dict[str, Any]:
    sector = names.sectors()[topic.sector_id].name
    keywords = [word.strip() for word in topic.keywords.replace(";", ",").split(",")]
    return {
        "service_code": topic.slug,
        "service_name": topic.name,
        "description": f"{sector}. {call_first(topic)}" if topic.hand_over_to else sector,
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(filter(None, keywords)),
        "group": sector,
    }
