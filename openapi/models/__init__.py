"""The tables of the open API: who may call it, and what it remembers of calls."""

from openapi.models.applications import ApiKey, Application, FiledAppeal
from openapi.models.feed import FeedEntry, WaitingEvent
from openapi.models.requests import IdempotentRequest
from openapi.models.sandbox import Sandbox
from openapi.models.usage import UsageHour
from openapi.models.webhooks import Attempt, Delivery, Subscription

__all__ = [
    "ApiKey",
    "Application",
    "Attempt",
    "Delivery",
    "FeedEntry",
    "FiledAppeal",
    "IdempotentRequest",
    "Sandbox",
    "Subscription",
    "UsageHour",
    "WaitingEvent",
]
