"""What every Open311 operation shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import NotFound
from openapi.open311.entry import KeyInForm, OpenReading, VisitorThrottle
from openapi.open311.errors import Handler
from openapi.open311.forms import Form, FormWithFiles, word
from openapi.open311.trees import BySuffix, TreeJsonRenderer, XmlRenderer
from openapi.throttling import ApplicationThrottle
from openapi.v1.base import Resource


class Facade(Resource):
    """An operation of Open311. It is described by that standard, so the OpenAPI document leaves it out (`schema`)."""

    tag = "open311"
    schema = None
    open_to_all: ClassVar[frozenset[str]] = frozenset()
    http_method_names = ["get", "head", "post"]
    authentication_classes = [KeyInForm]
    permission_classes = [OpenReading]
    throttle_classes = [ApplicationThrottle, VisitorThrottle]
    parser_classes = [Form, FormWithFiles]
    renderer_classes = [XmlRenderer, TreeJsonRenderer]
    content_negotiation_class = BySuffix
    pagination_class = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._check_jurisdiction(request)

    def get_exception_handler(self) -> Callable[[Exception, Any], Response | None]:
        return lambda error, context: Handler(error, context).run()

    def _check_jurisdiction(self, request: Request) -> None:
        """The hub serves one city, so none need be named; whoever names another one has the wrong address."""
        given = request.query_params.get("jurisdiction_id")
        if given is None and request.method == "POST":
            given = word(request, "jurisdiction_id")
        if given and given.casefold() != jurisdiction():
            raise NotFound(_("This jurisdiction_id is not known here. It is %(id)s.") % {"id": jurisdiction()})


def jurisdiction() -> str:
    """The name by which Open311 tells cities apart: the host name of the hub."""
    return (urlsplit(settings.PUBLIC_URL).hostname or "").casefold()
