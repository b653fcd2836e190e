"""Find versions, and withhold or show them: the files stay where they are, nobody gets them while withheld."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Min, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Person, has_right
from accounts.rights import Action as Right
from audit import trail
from audit.actions import Action
from common.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from common.text import storable
from reports.models import DatasetFile, DatasetRun, DatasetVersion
from reports.opendata.formats import FORMATS

STATE = DatasetVersion.State
SHORTEST_REASON = 10
_FILES = Prefetch("files", DatasetFile.objects.order_by("id"))


def may_make(person: Person) -> bool:
    """Order versions, change the licence."""
    return has_right(person, Right.CONFIGURE)


def may_withhold(person: Person) -> bool:
    return has_right(person, Right.CONFIGURE, Right.TAKE_DOWN)


def of(slug: str) -> list[DatasetVersion]:
    """All of them, the newest first."""
    return list(DatasetVersion.objects.filter(dataset=slug).prefetch_related(_FILES).order_by("-number"))


def newest() -> Mapping[str, DatasetVersion]:
    """The newest public version of each dataset that has one."""
    rows = DatasetVersion.objects.filter(state=STATE.PUBLISHED, is_pruned=False).order_by("dataset", "-number")
    return {row.dataset: row for row in rows.distinct("dataset").prefetch_related(_FILES)}


def begun_at() -> dt.datetime | None:
    """When the first version of any dataset was made."""
    return DatasetVersion.objects.aggregate(first=Min("made_at"))["first"]  # type: ignore[no-any-return]  # a moment


def newest_of(slug: str) -> DatasetVersion | None:
    rows = DatasetVersion.objects.filter(dataset=slug, state=STATE.PUBLISHED, is_pruned=False)
    return rows.prefetch_related(_FILES).order_by("-number").first()


def stopped() -> set[str]:
    """Datasets whose newest version was withheld: none is made by itself until somebody orders or shows one."""
    rows = DatasetVersion.objects.order_by("dataset", "-number").distinct("dataset")
    return {row.dataset for row in rows if row.state == STATE.WITHHELD}


def find(slug: str, number: int) -> DatasetVersion | None:
    return DatasetVersion.objects.filter(dataset=slug, number=number).prefetch_related(_FILES).first()


def file_of(version: DatasetVersion, file_name: str) -> DatasetFile | None:
    """The file with this name; its version is at hand."""
    for file in version.files.all():
        if FORMATS[file.format].file_name(version.dataset) == file_name:
            file.version = version
            return file
    return None


def last_runs() -> Mapping[str, DatasetRun]:
    rows = DatasetRun.objects.order_by("dataset", "-id").distinct("dataset")
    return {row.dataset: row for row in rows.select_related("asked_by", "version")}


def withheld() -> Sequence[DatasetVersion]:
    rows = DatasetVersion.objects.filter(state=STATE.WITHHELD).select_related("decided_by")
    return list(rows.order_by("-decided_at")[:50])


@transaction.atomic
def withhold(slug: str, number: int, *, reason: str, actor: User) -> DatasetVersion:
    """Nobody gets the files any more; the page of the dataset says that it was withheld and why."""
    reason = storable(reason).strip()
    if not may_withhold(actor):
        raise NotAllowed
    if len(reason) < SHORTEST_REASON:
        raise ValidationFailed(_("Say in a few words why."), code="too_short", field="reason")
    version = _locked(slug, number)
    if version.state == STATE.WITHHELD:
        raise Conflict(_("This version is withheld already."))
    return _decide(version, STATE.WITHHELD, reason, actor)


@transaction.atomic
def show_again(slug: str, number: int, *, reason: str, actor: User) -> DatasetVersion:
    if not may_withhold(actor):
        raise NotAllowed
    version = _locked(slug, number)
    if version.state == STATE.PUBLISHED:
        raise Conflict(_("This version is public already."))
    return _decide(version, STATE.PUBLISHED, storable(reason).strip(), actor)


def _locked(slug: str, number: int) -> DatasetVersion:
    version = DatasetVersion.objects.select_for_update().filter(dataset=slug, number=number).first()
    if version is None:
        raise NotFound
    return version


def _decide(version: DatasetVersion, state: str, reason: str, actor: User) -> DatasetVersion:
    version.state, version.reason = state, reason[:2000]
    version.decided_by, version.decided_at = actor, timezone.now()
    version.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    trail.record(
        action=Action.TAKEN_DOWN, actor=actor, subject_ref=f"dataset:{version.dataset}-{version.number}",
        fields=[str(state)], reason=reason,
    )  # fmt: skip
    return version
