"""Tables of the appeal: the case itself, who filed it, what it says, its history, its clocks and its answers."""

from appeals.models.appeal import Appeal, AppealLink, Incident, Question
from appeals.models.applicant import Applicant
from appeals.models.catalog import (
    EscalationStep,
    KnowledgeArticle,
    ReplyGateParameters,
    ReplyTemplate,
    RoutingRule,
    SlaPolicy,
    Topic,
)
from appeals.models.channel import ChannelCounter, ChannelParameters, ChannelThread, RemoteFile
from appeals.models.choices import (
    Category,
    Channel,
    Kind,
    LinkKind,
    Outcome,
    Priority,
    Regime,
    Status,
    TimerCode,
    Verdict,
)
from appeals.models.event import AppealEvent, EventKind, WaitingTask
from appeals.models.message import Attachment, Message, RawDelivery
from appeals.models.reply import Feedback, Reply
from appeals.models.timer import TermRecalculation, Timer, TimerPause
from appeals.models.work import Assignment, ExtensionProposal, Leftover, Note, SavedFilter

__all__ = [
    "Appeal",
    "AppealEvent",
    "AppealLink",
    "Applicant",
    "Assignment",
    "Attachment",
    "Category",
    "Channel",
    "ChannelCounter",
    "ChannelParameters",
    "ChannelThread",
    "EscalationStep",
    "EventKind",
    "ExtensionProposal",
    "Feedback",
    "Incident",
    "Kind",
    "KnowledgeArticle",
    "Leftover",
    "LinkKind",
    "Message",
    "Note",
    "Outcome",
    "Priority",
    "Question",
    "RawDelivery",
    "Regime",
    "RemoteFile",
    "Reply",
    "ReplyGateParameters",
    "ReplyTemplate",
    "RoutingRule",
    "SavedFilter",
    "SlaPolicy",
    "Status",
    "TermRecalculation",
    "Timer",
    "TimerCode",
    "TimerPause",
    "Topic",
    "Verdict",
    "WaitingTask",
]
