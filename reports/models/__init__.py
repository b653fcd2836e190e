"""The statistics: facts without personal data, rollups built from them, and what stands on both."""

from reports.models.facts import AnswerFact, AppealFact, ChangedAppeal
from reports.models.qr import DaySalt, PointCode, PointRating, RatingComment, ServicePoint
from reports.models.rollup import MonthCell, Rollup, RollupState

__all__ = [
    "AnswerFact", "AppealFact", "ChangedAppeal", "DaySalt", "MonthCell", "PointCode", "PointRating", "RatingComment",
    "Rollup", "RollupState", "ServicePoint",
]  # fmt: skip
