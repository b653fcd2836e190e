"""The changelog of the open API: what was added, what changed, what goes. Rendered at /developers/changes/."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    DEPRECATED = "deprecated", _("Deprecated")
    BREAKING = "breaking", _("Breaks programs")


@dataclass(frozen=True)
class Change:
    """One line. `names` are the facts it is about (openapi/contract.py): operations, `Component.field`."""

    kind: Kind
    text: str | Promise
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    version: str
    day: date
    changes: tuple[Change, ...]


# Since the last release. What breaks programs must stand here under the name of what it breaks, or a test refuses it.
UNRELEASED: tuple[Change, ...] = ()
WITH_STATISTICS: tuple[Change, ...] = (
    Change(
        Kind.ADDED,
        _("The statistics: the dictionary of figures, figures of a period, series. They are open without a key."),
        ("list_metrics", "get_metric", "get_figures", "get_series"),
    ),
    Change(
        Kind.ADDED,
        _("Reports of the dashboards, the ranking of bodies, the index of social tension, the open data."),
        ("list_statistics", "get_statistics", "get_ranking", "compare_bodies", "get_tension", "list_datasets"),
    ),
    Change(
        Kind.ADDED,
        _("Early warnings for those who oversee: read them, say what becomes of them, be told of new ones."),
        ("list_warnings", "read_warning", "change_warning", "undo_warning_change", "subscribe_to_warnings"),
    ),
    Change(
        Kind.ADDED,
        _("Periodic reports: list, read, download, check a file by its digest; answers to saved questions."),
        ("list_reports", "read_report", "download_report", "check_report", "list_questions", "answer_saved_question"),
    ),
    Change(
        Kind.ADDED,
        _("The years before the hub: tables of the study, what of them holds, its figures over the years."),
        ("list_study_tables", "get_study_table", "list_study_checks", "list_study_series"),
    ),
    Change(
        Kind.ADDED,
        _("Ratings of service points, and for the staff the points themselves and what waits for a decision."),
        ("list_institution_ratings", "read_institution_ratings", "read_point_ratings", "list_service_points"),
    ),
    Change(
        Kind.ADDED,
        _("The feed of changes as a stream for dashboards; single messages of a webhook are sent again."),
        ("stream_changes", "resend_webhook_delivery"),
    ),
    Change(Kind.ADDED, _("Everything that webhooks send is described in the OpenAPI document.")),
    Change(
        Kind.CHANGED,
        _("A list goes on after the last row that was read, so appeals of one moment are read once each."),
        ("list_appeals", "list_webhook_deliveries"),
    ),
    Change(
        Kind.CHANGED,
        _("A replay goes by when the hub recorded an event, so what arrived late is among it."),
        ("replay_webhook",),
    ),
    Change(Kind.CHANGED, _("JSON of more than 2 MB, 32 MB for many appeals at once, is answered by 413.")),
    Change(
        Kind.CHANGED,
        _("A key that files in its owner's name refuses an anonymous applicant: such an appeal would name the owner."),
        ("file_appeal", "file_appeals"),
    ),
    Change(Kind.CHANGED, _("Refused calls count against the rate; wrong keys are counted by network.")),
    Change(
        Kind.CHANGED,
        _("Figures that would tell of a few appeals are hidden: `hidden` is true and the value is null."),
        ("get_figures", "get_series"),
    ),
    Change(Kind.CHANGED, _("An address of more than 8,190 bytes is answered by 414, by the web server itself.")),
)
RELEASES: tuple[Release, ...] = (
    Release("1.1.0", date(2026, 11, 27), WITH_STATISTICS),
    Release(
        "1.0.0",
        date(2026, 11, 27),
        (
            Change(Kind.ADDED, _("File appeals one by one or many at once, with files, and follow them.")),
            Change(Kind.ADDED, _("Work on cases: take, assign, classify, route, ask, answer, extend, close.")),
            Change(Kind.ADDED, _("A feed of changes, and signed webhooks for the same events.")),
            Change(Kind.ADDED, _("A sandbox of one's own, whose clock can be moved.")),
            Change(
                Kind.ADDED,
                _(
                    "Open311, the catalogue of connected systems, and what the pages offer beside: rosters, notices, "
                    "figures."
                ),
            ),
            Change(Kind.ADDED, _("Examples of all operations, a data dictionary, clients and a collection.")),
        ),
    ),
)
LAST = RELEASES[0].version
