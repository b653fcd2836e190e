"""The statistics: facts without personal data, rollups built from them, and what stands on both."""

from reports.models.builder import SavedQuestion
from reports.models.disclosure import DisclosureRule
from reports.models.facts import AnswerFact, AppealFact, ChangedAppeal, ChangedDay
from reports.models.opendata import DatasetFile, DatasetRun, DatasetVersion, OpenDataTerms
from reports.models.published import PeriodKind, PublishedReport, ReportSchedule, ScheduleRecipient, ScheduleRun
from reports.models.qr import DaySalt, PointCode, PointRating, RatingComment, ServicePoint
from reports.models.rollup import MonthCell, Rollup, RollupState
from reports.models.warning import (
    EarlyWarning,
    TensionComponent,
    TensionDay,
    WarningEvent,
    WarningSubscription,
    WarningThreshold,
)

__all__ = [
    "AnswerFact", "AppealFact", "ChangedAppeal", "ChangedDay", "DatasetFile", "DatasetRun", "DatasetVersion",
    "DaySalt", "DisclosureRule", "EarlyWarning", "MonthCell", "OpenDataTerms", "PeriodKind", "PointCode",
    "PointRating", "PublishedReport", "RatingComment", "ReportSchedule", "Rollup", "RollupState", "SavedQuestion",
    "ScheduleRecipient", "ScheduleRun", "ServicePoint", "TensionComponent", "TensionDay", "WarningEvent",
    "WarningSubscription", "WarningThreshold",
]  # fmt: skip
