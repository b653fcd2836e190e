"""The statistics: facts without personal data, rollups built from them, and what stands on both."""

from reports.models.facts import AnswerFact, AppealFact, ChangedAppeal
from reports.models.rollup import MonthCell, Rollup, RollupState

__all__ = ["AnswerFact", "AppealFact", "ChangedAppeal", "MonthCell", "Rollup", "RollupState"]
