"""Open a case for a member of the staff: the right to see it, the viewer's rights, the record of access."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.rights import Action
from appeals import policies, terms
from appeals.models import Appeal
from appeals.selectors import case as case_rows
from appeals.views.staff.base import staff_of, staff_required
from appeals.views.staff.case.actions import Viewer
from audit import trail
from audit.models import AuditRecord
from common.errors import NotAllowed, NotFound

staff_only = staff_required()


def open_case(request: HttpRequest, number: str, *rights_needed: Action) -> tuple[Appeal, Viewer]:
    """The appeal, if the viewer has one of the rights named. What he may not see does not exist for him."""
    user = staff_of(request)
    appeal = case_rows.appeal_by_number(number)
    if appeal is not None:
        with_kept_rows(appeal)
    rights = policies.actions_on(user, appeal) if appeal else frozenset()
    if appeal is None or Action.SEE not in rights:
        raise NotFound
    viewer = Viewer(user, rights)
    if rights_needed and not viewer.may(*rights_needed):
        raise NotAllowed
    return appeal, viewer


def with_kept_rows(appeal: Appeal) -> None:
    """Unit, city sector and topic are small tables in memory; the appeal need not be joined with them."""
    units, areas, topics = terms.departments(), terms.areas(), terms.topics()
    if appeal.department_id in units:
        appeal.department = units[appeal.department_id]
    if appeal.complaint_department_id in units:
        appeal.complaint_department = units[appeal.complaint_department_id]
    if appeal.area_id in areas:
        appeal.area = areas[appeal.area_id]
    if appeal.topic_id in topics:
        appeal.topic = topics[appeal.topic_id]
        if appeal.sector_id == appeal.topic.sector_id:
            appeal.sector = appeal.topic.sector


def record_restricted_view(request: HttpRequest, appeal: Appeal) -> None:
    """Every look at a confidential appeal is kept."""
    if appeal.is_confidential:
        trail.record(
            actor=staff_of(request),
            action=AuditRecord.Action.VIEWED_RESTRICTED,
            subject_ref=subject_of(appeal),
            request=request,
        )


def subject_of(appeal: Appeal) -> str:
    return f"appeal:{appeal.number}"
