"""The addresses of version 1. What will join (petitions, receptions) gets a file and a line here."""

import re

from django.urls import URLPattern, path

from openapi.v1.appeals import Appeals
from openapi.v1.base import Resource
from openapi.v1.bulk import Bulk
from openapi.v1.calendar import Calendar
from openapi.v1.cases.files import CaseFiles
from openapi.v1.cases.options import Options
from openapi.v1.cases.queue import Queue
from openapi.v1.cases.reply import Replies
from openapi.v1.cases.route import Route
from openapi.v1.cases.rows import Cases
from openapi.v1.cases.story import CaseStory
from openapi.v1.cases.work import Work
from openapi.v1.changes import Changes, ChangesStream
from openapi.v1.desk import Desk
from openapi.v1.filters import SavedFilters
from openapi.v1.following import Following
from openapi.v1.me import Me
from openapi.v1.oversight import Oversight
from openapi.v1.papers import Papers
from openapi.v1.platforms import Platforms
from openapi.v1.points import RatingsReview, ServicePoints
from openapi.v1.public import PublicRequests
from openapi.v1.questions import SavedQuestions
from openapi.v1.reference import Reference
from openapi.v1.reports import PeriodicReports
from openapi.v1.sandbox import SandboxControl
from openapi.v1.statistics.datasets import Datasets
from openapi.v1.statistics.figures import Figures
from openapi.v1.statistics.metrics import Metrics
from openapi.v1.statistics.ranking import Ranking, Tension
from openapi.v1.statistics.ratings import Ratings
from openapi.v1.statistics.reports import Reports
from openapi.v1.statistics.study import Study
from openapi.v1.team import Shifts, Substitutions
from openapi.v1.uploads import Uploads
from openapi.v1.usage import Usage
from openapi.v1.warnings import Warnings
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
    path("appeals/<str:number>/judgement/rating", Following.as_view({"put": "rate"}), name="appeal-rating"),
    path("appeals/<str:number>/dispute", Following.as_view({"post": "dispute"}), name="appeal-dispute"),
    path("appeals/<str:number>/withdrawal", Following.as_view({"post": "withdraw"}), name="appeal-withdrawal"),
    path("appeals/<str:number>/receipt", Papers.as_view({"get": "receipt"}), name="appeal-receipt"),
    path("appeals/<str:number>/paper", Papers.as_view({"get": "paper"}), name="appeal-paper"),
    path("appeals/<str:number>/files", Papers.as_view({"get": "files"}), name="appeal-files"),
    path("appeals/<str:number>/files/<int:file>", Papers.as_view({"get": "file"}), name="appeal-file"),
    path("appeals/<str:number>/confirmation", Papers.as_view({"post": "confirm"}), name="appeal-confirmation"),
    path("appeals/<str:number>/confirmation/code", Papers.as_view({"post": "send_code"}), name="appeal-code"),
    path("public/requests", PublicRequests.as_view({"get": "list"}), name="public-requests"),
    path("public/requests/<str:number>", PublicRequests.as_view({"get": "retrieve"}), name="public-request"),
    path("public/figures", PublicRequests.as_view({"get": "figures"}), name="public-figures"),
    path("me", Me.as_view({"get": "retrieve"}), name="me"),
    path("me/notices", Me.as_view({"get": "notices"}), name="me-notices"),
    path("me/notices/read", Me.as_view({"post": "read"}), name="me-notices-read"),
    path("me/notice-choices", Me.as_view({"get": "preferences", "put": "choose"}), name="me-notice-choices"),
    path("me/looks", Me.as_view({"get": "looks"}), name="me-looks"),
    path("me/filters", SavedFilters.as_view({"get": "list", "post": "create"}), name="me-filters"),
    path(
        "me/filters/<int:saved>",
        SavedFilters.as_view({"patch": "partial_update", "delete": "destroy"}),
        name="me-filter",
    ),
    path("desk/appeals", Desk.as_view({"post": "create"}), name="desk-appeals"),
    path("desk/lookup", Desk.as_view({"post": "lookup"}), name="desk-lookup"),
    path("queue/tabs", Queue.as_view({"get": "tabs"}), name="queue-tabs"),
    path("queue/count", Queue.as_view({"get": "count"}), name="queue-count"),
    path("queue/export", Queue.as_view({"get": "export"}), name="queue-export"),
    path("queue/work", Queue.as_view({"post": "work"}), name="queue-work"),
    path("queue/route", Queue.as_view({"post": "route"}), name="queue-route"),
    path("oversight", Oversight.as_view({"get": "retrieve"}), name="oversight"),
    path("team/substitutions", Substitutions.as_view({"get": "list", "post": "create"}), name="substitutions"),
    path("team/substitutes", Substitutions.as_view({"get": "candidates"}), name="substitutes"),
    path("team/substitutions/<int:substitution>/end", Substitutions.as_view({"post": "end"}), name="substitution-end"),
    path("team/shifts", Shifts.as_view({"get": "list", "post": "create"}), name="shifts"),
    path("team/shifts/copy-week", Shifts.as_view({"post": "copy"}), name="shifts-copy"),
    path("team/shifts/<int:shift>", Shifts.as_view({"put": "update", "delete": "destroy"}), name="shift"),
    path("team/shifts/<int:shift>/swap", Shifts.as_view({"post": "swap"}), name="shift-swap"),
    path("cases", Cases.as_view({"get": "list"}), name="cases"),
    path("cases/<str:number>", Cases.as_view({"get": "retrieve"}), name="case"),
    path("cases/<str:number>/identity", Cases.as_view({"get": "identity"}), name="case-identity"),
    _case("story", CaseStory, get="retrieve"),
    _case("options", Options, get="retrieve"),
    _case("files", CaseFiles, get="list", post="create"),
    _case("files/<int:file>", CaseFiles, get="retrieve", delete="destroy"),
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
    _case("route/accept", Options, post="accept"),
    _case("forward", Route, post="forward"),
    _case("questions", Route, post="split"),
    _case("links", Route, post="link"),
    _case("links/<int:link>", Route, delete="unlink"),
    _case("incident", Route, put="join_incident", delete="leave_incident"),
    _case("promotion", Route, post="promote"),
    _case("messages/<int:message>/move", Route, post="move_message"),
    _case("draft", Replies, get="draft", put="save", delete="discard"),
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
    path("reference/area-outlines", Reference.as_view({"get": "outlines"}), name="reference-outlines"),
    path("reference/organizations", Reference.as_view({"get": "organizations"}), name="reference-organizations"),
    path("reference/calendar/<int:year>", Calendar.as_view({"get": "retrieve"}), name="reference-calendar"),
    path("reference/terms", Calendar.as_view({"get": "terms"}), name="reference-terms"),
    path("statistics/metrics", Metrics.as_view({"get": "list"}), name="statistics-metrics"),
    path("statistics/metrics/<slug:metric>", Metrics.as_view({"get": "retrieve"}), name="statistics-metric"),
    path("statistics/figures", Figures.as_view({"get": "figures"}), name="statistics-figures"),
    path("statistics/series", Figures.as_view({"get": "series"}), name="statistics-series"),
    path("statistics/reports", Reports.as_view({"get": "list"}), name="statistics-reports"),
    path("statistics/reports/<slug:chart>", Reports.as_view({"get": "retrieve"}), name="statistics-report"),
    path("statistics/ranking", Ranking.as_view({"get": "ranking"}), name="statistics-ranking"),
    path("statistics/ranking/pair", Ranking.as_view({"get": "pair"}), name="statistics-pair"),
    path("statistics/tension", Tension.as_view({"get": "retrieve"}), name="statistics-tension"),
    path("data", Datasets.as_view({"get": "list"}), name="datasets"),
    path("data/<slug:dataset>", Datasets.as_view({"get": "retrieve"}), name="dataset"),
    path("statistics/study/tables", Study.as_view({"get": "list"}), name="statistics-study"),
    path(
        "statistics/study/tables/<slug:study_table>", Study.as_view({"get": "retrieve"}), name="statistics-study-table"
    ),
    path("statistics/study/checks", Study.as_view({"get": "references"}), name="statistics-study-checks"),
    path("statistics/study/series", Study.as_view({"get": "series"}), name="statistics-study-series"),
    path("statistics/ratings", Ratings.as_view({"get": "list"}), name="statistics-ratings"),
    path("statistics/ratings/<slug:body>", Ratings.as_view({"get": "institution"}), name="statistics-ratings-body"),
    path(
        "statistics/ratings/<slug:body>/<int:point_id>",
        Ratings.as_view({"get": "point"}),
        name="statistics-ratings-point",
    ),
    path("points", ServicePoints.as_view({"get": "list", "post": "create"}), name="points"),
    path("points/<int:point_id>", ServicePoints.as_view({"put": "change"}), name="point"),
    path("points/<int:point_id>/code", ServicePoints.as_view({"post": "reissue"}), name="point-code"),
    path("points/review", RatingsReview.as_view({"get": "waiting", "post": "heap"}), name="points-review"),
    path("points/review/comments/<int:comment_id>", RatingsReview.as_view({"post": "comment"}), name="points-comment"),
    path("reports", PeriodicReports.as_view({"get": "list"}), name="reports"),
    path("reports/<int:report_id>", PeriodicReports.as_view({"get": "retrieve"}), name="report"),
    path(
        "reports/<int:report_id>/files/<slug:file_kind>", PeriodicReports.as_view({"get": "file"}), name="report-file"
    ),
    path("reports/checks/<slug:digest>", PeriodicReports.as_view({"get": "check"}), name="report-check"),
    path("questions", SavedQuestions.as_view({"get": "list"}), name="questions"),
    path("questions/<int:question_id>/answer", SavedQuestions.as_view({"get": "answer"}), name="question-answer"),
    path("warnings", Warnings.as_view({"get": "list"}), name="warnings"),
    path(
        "warnings/subscription",
        Warnings.as_view({"put": "subscribe", "delete": "unsubscribe"}),
        name="warnings-subscription",
    ),
    path("warnings/<int:warning_id>", Warnings.as_view({"get": "retrieve"}), name="warning"),
    path("warnings/<int:warning_id>/state", Warnings.as_view({"post": "change"}), name="warning-state"),
    path("warnings/<int:warning_id>/undo", Warnings.as_view({"post": "undo"}), name="warning-undo"),
    path("usage", Usage.as_view({"get": "retrieve"}), name="usage"),
    path("reference/departments", Reference.as_view({"get": "departments"}), name="reference-departments"),
    path("platforms", Platforms.as_view({"get": "list"}), name="platforms"),
    path("platforms/<slug:platform_key>", Platforms.as_view({"get": "retrieve"}), name="platform"),
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
