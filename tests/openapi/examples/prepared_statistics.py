"""What must have happened before the examples of the statistics."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime

from django.core.files.base import ContentFile

from appeals.models import Topic
from openapi.examples.reports import DIGEST, DOCUMENT, QUESTION
from organizations.models import Area
from reports import refreshing
from reports.builder import saving
from reports.dimensions import mask
from reports.models import (
    DatasetFile,
    DatasetVersion,
    EarlyWarning,
    PublishedReport,
    RatingComment,
    Rollup,
    ServicePoint,
    TensionDay,
)
from reports.qr import review
from reports.warning import states, tension_days
from tests.factories import make_department, make_user
from tests.openapi.api import make_program
from tests.openapi.examples.prepared import Ready, Step
from tests.openapi.examples.prepared_more import without
from tests.openapi.examples.world import World
from tests.reports.city import hide_groups_below
from tests.reports.qr.world import code_of, make_point, rate, visitor


def counted(world: World) -> Ready:
    world.answered()
    hide_groups_below(1)  # the example has one appeal, which would be hidden
    refreshing.refresh()
    return Ready(world.portal)


def rated(world: World) -> Ready:
    """As many as an average needs, one of them with a comment."""
    point = make_point(world.unit.department, place="Тәуке хан даңғылы, 24")
    for score in (5, 5, 5, 5, 5, 5, 4, 4, 2):
        rate(point, score)
    rate(point, 5, reasons=("waiting",), comment="Тез қабылдады, рақмет!")
    return Ready(world.portal, {"body": "akimat", "point_id": point.pk})


def rated_and_read(world: World) -> Ready:
    ready = rated(world)
    review.decide_comment(RatingComment.objects.get().pk, shown=True, actor=make_user("moderator"))
    return ready


def as_manager(world: World) -> Ready:
    return Ready(make_program(make_user("methodologist")))


def managed(world: World) -> Ready:
    point = make_point(world.unit.department, place="Тәуке хан даңғылы, 24")
    return Ready(make_program(make_user("methodologist")), {"point_id": point.pk}, {"seen": code_of(point)})


def changed(world: World) -> Ready:
    ready = managed(world)
    return Ready(ready.program, ready.path)


def to_review(world: World) -> Ready:
    """More ratings at once from one network than are believed, and a comment that nobody has read."""
    rated(world)
    point = ServicePoint.objects.get()
    for _visit in range(9):
        rate(point, 1, by=visitor(network="192.0.2.7"))
    return Ready(make_program(make_user("moderator")), {"comment_id": RatingComment.objects.get().pk})


def to_decide(world: World) -> Ready:
    ready = to_review(world)
    (heap,) = review.heaps()
    body = {"point_id": heap.point.pk, "network": heap.network, "seen": heap.count}
    return Ready(ready.program, {}, body)


def with_comment(world: World) -> Ready:
    ready = to_review(world)
    return Ready(ready.program, ready.path)


def ranked(world: World) -> Ready:
    """Answers and disputes of two units in the year before."""
    other = make_department("roads", name_kk="Жол бөлімі", name_ru="Отдел дорог", name_en="Roads unit")
    for unit, answered, disputed in ((world.unit.department, 120, 6), (other, 90, 30)):
        Rollup.objects.create(
            grain="y", start_on=date(2025, 1, 1), scope=mask(["department"]), department_id=unit.pk,
            answered=answered, disputed=disputed,
        )  # fmt: skip
    return Ready(world.portal)


def tense(world: World) -> Ready:
    part = tension_days.Part("disputed_share", 3.0, 2.0, 12.0, 7.0, 14.0, 200.0, 50.0, 100.0)
    TensionDay.objects.create(day=date(2026, 11, 26), value=50.0, parts=[asdict(part)])
    return Ready(world.portal)


def published(world: World) -> Ready:
    version = DatasetVersion.objects.create(
        dataset="working-calendar", number=1, rows=4, content_hash="0" * 64, schema_hash="0" * 64,
        covers_from=date(2026, 1, 1), covers_until=date(2026, 12, 31),
    )  # fmt: skip
    DatasetFile.objects.create(version=version, format="csv", size=321, sha256="0" * 64)
    return Ready(world.portal)


def warned(world: World) -> Ready:
    row = EarlyWarning.objects.create(
        kind="growth", key="growth", topic_id=Topic.objects.get().pk, sector_id=Topic.objects.get().sector_id,
        area_id=Area.objects.get().pk, observed=31, expected=9.5, low=4, high=16, p_value=0.0001, days=7,
        first_on=date(2026, 11, 20), last_on=date(2026, 11, 26),
    )  # fmt: skip
    row.events.create(kind="raised", observed=31)
    return Ready(make_program(make_user("analyst", last_name="Серікова", first_name="Мадина")), {"warning_id": row.pk})


def watched(world: World) -> Ready:
    ready = warned(world)
    row = EarlyWarning.objects.get()
    states.change_state(row.pk, to="watched", reason="", version=0, actor=ready.program.application.owner)
    return ready


def reported(world: World) -> Ready:
    """A report of the week as if it had been made on Monday; its paper is any bytes."""
    row = PublishedReport(
        form="weekly-akim", period_kind="week", starts_on=date(2026, 11, 16), ends_on=date(2026, 11, 22),
        language="kk", state="ready", code="7XK4M2QP9RTW", version=1, data=DOCUMENT, data_sha256=DIGEST,
        made_at=datetime(2026, 11, 23, 3, 0, 10, tzinfo=UTC), pdf_size=48211, pdf_sha256="0" * 64,
        xlsx_size=9120, xlsx_sha256="1" * 64,
    )  # fmt: skip
    row.pdf.save("report.pdf", ContentFile(b"%PDF-2.0"), save=False)
    row.save()
    return Ready(make_program(make_user("analyst")), {"report_id": row.pk})


def kept(world: World) -> Ready:
    owner = make_user("analyst", last_name="Серікова", first_name="Мадина")
    row = saving.save(owner, QUESTION["name"], QUESTION["query"])
    return Ready(make_program(owner), {"question_id": row.pk})


STATISTICS: dict[str, Step] = {
    "list_reports": without(reported, "report_id"),
    "read_report": reported,
    "download_report": reported,
    "check_report": without(reported, "report_id"),
    "list_questions": without(kept, "question_id"),
    "answer_saved_question": kept,
    "list_warnings": without(warned, "warning_id"),
    "read_warning": watched,
    "change_warning": warned,
    "undo_warning_change": watched,
    "subscribe_to_warnings": without(warned, "warning_id"),
    "unsubscribe_from_warnings": without(warned, "warning_id"),
    "list_datasets": published,
    "get_dataset": published,
    "get_statistics": counted,
    "get_ranking": ranked,
    "compare_bodies": ranked,
    "get_tension": tense,
    "list_institution_ratings": without(rated, "body", "point_id"),
    "read_institution_ratings": without(rated_and_read, "point_id"),
    "read_point_ratings": rated_and_read,
    "list_service_points": without(changed, "point_id"),
    "add_service_point": as_manager,
    "change_service_point": changed,
    "reissue_point_code": managed,
    "list_ratings_to_review": without(to_review, "comment_id"),
    "decide_ratings": to_decide,
    "decide_rating_comment": with_comment,
    "get_figures": counted,
    "get_series": counted,
}
