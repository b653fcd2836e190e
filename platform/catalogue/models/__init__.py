"""The tables of the catalogue: systems, facts, flows, and the book of the connectors."""

from catalogue.models.connections import ConnectorJob, ConnectorRun, Job
from catalogue.models.platforms import Certainty, DataFlow, Platform, PlatformFact, Source, State

__all__ = [
    "Certainty",
    "ConnectorJob",
    "ConnectorRun",
    "DataFlow",
    "Job",
    "Platform",
    "PlatformFact",
    "Source",
    "State",
]
