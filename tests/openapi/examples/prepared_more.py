"""What must have happened before the examples of papers, casework, lists, own things and the team."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import ContactChallenge, Shift, User
from appeals.models import Appeal, Attachment, SavedFilter
from common import calendar_rows
from common.models import CalendarDay
from notifications.models import Notification
from organizations.models import Area
from tests.factories import make_rule
from tests.openapi.api import Program
from tests.openapi.examples.calls import PIXEL
from tests.openapi.examples.prepared import Ready, Step, drafted, executor, inspector, portal
from tests.openapi.examples.world import STATUTORY, World
from tests.queue import run_everything

SHIFT_DAY = datetime(2026, 11, 30, 8, tzinfo=timezone.get_default_timezone())


def as_executor(world: World) -> Ready:
    return Ready(world.executor)


def as_head(world: World) -> Ready:
    return Ready(world.head)


def _attached(world: World, program: Program, number: str, purpose: str) -> Ready:
    row = Attachment(
        appeal=world.row(number), purpose=purpose, name="su.png", content_type="image/png", size=len(PIXEL)
    )
    row.file.save("su.png", ContentFile(PIXEL), save=False)
    row.sha256 = "0" * 64
    row.save()
    return Ready(program, {"number": number, "file": row.pk})


def with_photo(world: World) -> Ready:
    return _attached(world, world.portal, world.filed(), "appeal")


def with_evidence(world: World) -> Ready:
    return _attached(world, world.executor, world.claimed(), "evidence")


def _code_sent(world: World) -> tuple[str, str]:
    """A statutory appeal whose code went out: its number and the code."""
    number = world.filed(**STATUTORY)
    texts = [row.text for row in Notification.objects.order_by("-pk")]
    return number, next(found[0] for text in texts if (found := re.search(r"\b\d{6}\b", text)))


def to_confirm(world: World) -> Ready:
    number, code = _code_sent(world)
    return Ready(world.portal, {"number": number}, {"code": code})


def to_send_again(world: World) -> Ready:
    number = world.filed(**STATUTORY)
    ContactChallenge.objects.update(sent_at=timezone.now() - timedelta(minutes=10))
    return Ready(world.portal, {"number": number})


def solved(world: World) -> Ready:
    number = world.answered()
    world.done(world.portal, f"appeals/{number}/judgement", {"verdict": "solved"})
    return Ready(world.portal, {"number": number})


def suggested(world: World) -> Ready:
    number = world.filed()
    Appeal.objects.filter(number=number).update(suggested_rule=make_rule(department=world.unit.department))
    return Ready(world.inspector, {"number": number})


def many(world: World) -> Ready:
    return Ready(world.executor, body={"numbers": [world.with_unit()]})


def many_to_route(world: World) -> Ready:
    return Ready(world.inspector, body={"numbers": [world.filed()]})


def similar_filed(world: World) -> Ready:
    world.filed()
    return Ready(world.inspector)


def overseen(world: World) -> Ready:
    world.claimed()
    return Ready(world.head)


def told(world: World) -> Ready:
    world.with_unit()
    run_everything()
    return Ready(world.executor)


def with_filter(world: World) -> Ready:
    row = SavedFilter.objects.create(user=world.unit.executor, name="Таңғы тізім", query="tab=overdue", is_default=True)
    return Ready(world.executor, {"saved": row.pk})


def to_stand_in(world: World) -> Ready:
    return Ready(world.executor, body={"substitute": world.unit.colleague.pk})


def stood_in(world: World) -> Ready:
    body = {"begins_on": "2026-12-07", "ends_on": "2026-12-11", "reason": "Жыл сайынғы еңбек демалысы"}
    row = world.done(world.executor, "team/substitutions", body | {"substitute": world.unit.colleague.pk})
    return Ready(world.executor, {"substitution": row["id"]})


def _shift(world: World, person: User, days: int = 0) -> Shift:
    begin = SHIFT_DAY + timedelta(days=days)
    hours = {"starts_at": begin, "ends_at": begin + timedelta(hours=11)}
    return Shift.objects.create(user=person, department=world.unit.department, created_by=world.unit.head, **hours)


def on_roster(world: World) -> Ready:
    row = _shift(world, world.unit.executor)
    return Ready(world.head, {"shift": row.pk}, {"person": world.unit.executor.pk})


def listed(world: World) -> Ready:
    return Ready(on_roster(world).program)


def to_roster(world: World) -> Ready:
    return Ready(world.head, body={"people": [world.unit.executor.pk]})


def to_swap(world: World) -> Ready:
    ready = on_roster(world)
    return Ready(ready.program, ready.path, {"other": _shift(world, world.unit.colleague, 1).pk})


def deleting(world: World) -> Ready:
    return Ready(world.head, on_roster(world).path)


def without(step: Step, *names: str) -> Step:
    """The same, without the parts of the address that this operation has not."""

    def ready(world: World) -> Ready:
        found = step(world)
        return Ready(found.program, {key: value for key, value in found.path.items() if key not in names})

    return ready


def with_holiday(world: World) -> Ready:
    names = {"name_kk": "Республика күні", "name_ru": "День Республики", "name_en": "Republic Day"}
    CalendarDay.objects.create(date=date(2026, 10, 25), kind="holiday", source="holidays 0.83", **names)
    calendar_rows.calendar.clear()
    return Ready(world.portal)


def outlined(world: World) -> Ready:
    corners = [[68.2, 43.2], [68.3, 43.2], [68.3, 43.3], [68.2, 43.2]]
    Area.objects.update(outline={"type": "Polygon", "coordinates": [corners]}, population=42658)
    return Ready(world.portal)


def used(world: World) -> Ready:
    world.portal.get("reference/topics")
    world.portal.get("appeals/nothing")
    return Ready(world.portal)


MORE: dict[str, Step] = {
    "read_calendar": with_holiday,
    "list_area_outlines": outlined,
    "read_usage": used,
    "read_receipt": portal("filed"),
    "print_appeal": portal("answered"),
    "list_files": with_photo,
    "download_file": with_photo,
    "confirm_contact": to_confirm,
    "send_contact_code": to_send_again,
    "rate_reply": solved,
    "list_public_requests": without(portal("filed"), "number"),
    "read_public_request": portal("filed"),
    "read_public_figures": without(portal("filed"), "number"),
    "read_case_story": executor("claimed"),
    "list_case_options": executor("claimed"),
    "accept_suggestion": suggested,
    "discard_draft": drafted,
    "list_case_files": without(with_evidence, "file"),
    "add_case_file": executor("claimed"),
    "download_case_file": with_evidence,
    "keep_back_file": with_evidence,
    "list_tabs": without(executor("with_unit"), "number"),
    "count_cases": as_executor,
    "export_cases": overseen,
    "work_on_cases": many,
    "route_cases": many_to_route,
    "register_appeal": without(inspector("filed"), "number"),
    "look_up": similar_filed,
    "read_oversight": overseen,
    "read_me": as_executor,
    "list_notices": told,
    "mark_notices_read": told,
    "list_filters": without(with_filter, "saved"),
    "save_filter": as_executor,
    "open_filter_first": with_filter,
    "delete_filter": with_filter,
    "list_substitutions": without(stood_in, "substitution"),
    "list_substitutes": as_executor,
    "set_substitution": to_stand_in,
    "end_substitution": stood_in,
    "list_shifts": listed,
    "make_roster": to_roster,
    "copy_week": listed,
    "change_shift": on_roster,
    "swap_shifts": to_swap,
    "delete_shift": deleting,
}
