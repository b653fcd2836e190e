"""Duties of the law on personal data, as rows: texts of consent, requests, take-downs, retention, breaches."""

from privacy.models.breach import AffectedPerson, AffectedQuery, Breach
from privacy.models.consent import ConsentEvent, ConsentPurpose, ConsentText
from privacy.models.request import DataRequest, Decision, ExportFile, Restriction
from privacy.models.retention import LegalHold, RetentionRule, RetentionRun
from privacy.models.takedown import TakedownRequest
from privacy.models.terms import CaseEvent, Ground, Term

__all__ = [
    "AffectedPerson", "AffectedQuery", "Breach", "CaseEvent", "ConsentEvent", "ConsentPurpose", "ConsentText",
    "DataRequest", "Decision", "ExportFile", "Ground", "LegalHold", "Restriction", "RetentionRule", "RetentionRun",
    "TakedownRequest", "Term",
]  # fmt: skip
