"""The addresses of version 1. What will join (petitions, receptions, statistics) gets a file and a line here."""

import re

from django.urls import URLPattern, path

from openapi.v1.appeals import Appeals
from openapi.v1.base import Resource
from openapi.v1.bulk import Bulk
from openapi.v1.cases.reply import Replies
from openapi.v1.cases.route import Route
from openapi.v1.cases.rows import Cases
from openapi.v1.cases.work import Work
from openapi.v1.changes import Changes, ChangesStream
from openapi.v1.following import Following
from openapi.v1.reference import Reference
from openapi.v1.sandbox import SandboxControl
from openapi.v1.uploads import Uploads
from openapi.v1.webhooks import WebhookDeliveries, Webhooks

app_name = "v1"


def _case(below: str, view: type[Resource], **methods: str) -> URLPattern:
    """One address below a case, named like its path."""
    name = re.sub(r"/<\w+:(\w+)>", "", below).replace("/", "-") + ("-one" if below.endswith(">") else "")
    return path(f"cases/<str:number>/{below}", view.as_view({**methods}), name=f"case-{name}")


urlpatterns = [
    path("appeals", Appeals.as_view({"post": "create", "get": "list"}), name="appeals-list"),
    path("appeals/bulk", Bulk.as_view({"post": "create"}), name="appeals-bulk"),
    path("uploads", Uploads.as_view({"post": "create"}), name="uploads"),
    path("appeals/<str:number>", Appeals.as_view({"get": "retrieve"}), name="appeals-detail"),
    path("appeals/<str:number>/story", Following.as_view({"get": "story"}), name="appeal-story"),
    path("appeals/<str:number>/messages", Following.as_view({"post": "add"}), name="appeal-messages"),
    path("appeals/<str:number>/judgement", Following.as_view({"post": "judge"}), name="appeal-judgement"),
    path("appeals/<str:number>/dispute", Following.as_view({"post": "dispute"}), name="appeal-dispute"),
    path("appeals/<str:number>/withdrawal", Following.as_view({"post": "withdraw"}), name="appeal-withdrawal"),
    path("cases", Cases.as_view({"get": "list"}), name="cases"),
    path("cases/<str:number>", Cases.as_view({"get": "retrieve"}), name="case"),
    path("cases/<str:number>/identity", Cases.as_view({"get": "identity"}), name="case-identity"),
    _case("claim", Work, post="claim"),
    _case("assign", Work, post="assign"),
    _case("hand-back", Work, post="hand_back"),
    _case("co-executors", Work, post="add_co_executor"),
    _case("co-executors/<int:person>", Work, delete="remove_co_executor"),
    _case("questions-to-applicant", Work, post="ask"),
    _case("wait", Work, delete="end_wait"),
    _case("messages", Work, post="message"),
    _case("notes", Work, post="note"),
    _case("messages/read", Work, post="mark_read"),
    _case("registration", Route, post="register"),
    _case("classification", Route, patch="classify"),
    _case("route", Route, post="route"),
    _case("forward", Route, post="forward"),
    _case("questions", Route, post="split"),
    _case("links", Route, post="link"),
    _case("links/<int:link>", Route, delete="unlink"),
    _case("incident", Route, put="join_incident", delete="leave_incident"),
    _case("promotion", Route, post="promote"),
    _case("messages/<int:message>/move", Route, post="move_message"),
    _case("draft", Replies, get="draft", put="save"),
    _case("draft/check", Replies, post="check"),
    _case("replies", Replies, post="send"),
    _case("questions/<int:question>/answer", Replies, put="answer_question"),
    _case("extension", Replies, post="extend"),
    _case("extensions/<int:proposal>/grant", Replies, post="grant"),
    _case("extensions/<int:proposal>/refuse", Replies, post="refuse"),
    _case("closing", Replies, post="close"),
    path("changes", Changes.as_view({"get": "list"}), name="changes"),
    path("changes/stream", ChangesStream.as_view({"get": "stream"}), name="changes-stream"),
    path("reference/topics", Reference.as_view({"get": "topics"}), name="reference-topics"),
    path("reference/sectors", Reference.as_view({"get": "sectors"}), name="reference-sectors"),
    path("reference/areas", Reference.as_view({"get": "areas"}), name="reference-areas"),
    path("reference/departments", Reference.as_view({"get": "departments"}), name="reference-departments"),
    path("sandbox", SandboxControl.as_view({"get": "retrieve"}), name="sandbox"),
    path("sandbox/clock", SandboxControl.as_view({"post": "move"}), name="sandbox-clock"),
    path("sandbox/reset", SandboxControl.as_view({"post": "reset"}), name="sandbox-reset"),
    path("sandbox/messages", SandboxControl.as_view({"get": "messages"}), name="sandbox-messages"),
    path("webhooks", Webhooks.as_view({"post": "create", "get": "list"}), name="webhooks"),
    path(
        "webhooks/<int:webhook>",
        Webhooks.as_view({"get": "retrieve", "patch": "change", "delete": "delete_one"}),
        name="webhook",
    ),
    path("webhooks/<int:webhook>/secret", Webhooks.as_view({"post": "rotate"}), name="webhook-secret"),
    path("webhooks/<int:webhook>/test", WebhookDeliveries.as_view({"post": "test"}), name="webhook-test"),
    path("webhooks/<int:webhook>/deliveries", WebhookDeliveries.as_view({"get": "list"}), name="webhook-deliveries"),
    path(
        "webhooks/<int:webhook>/deliveries/<str:message_id>/resend",
        WebhookDeliveries.as_view({"post": "resend"}),
        name="webhook-resend",
    ),
    path("webhooks/<int:webhook>/replay", WebhookDeliveries.as_view({"post": "replay"}), name="webhook-replay"),
]
