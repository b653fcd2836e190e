"""Which tone and icon say a status, a priority, a term; always beside words, never instead of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ui import dates

MOST_HOURS = 48
TONES = ("info", "good", "warn", "bad", "calm", "note")

STATUSES = {
    "draft": ("calm", "edit"),
    "received": ("info", "inbox"),
    "registered": ("info", "document"),
    "assigned": ("info", "user"),
    "under_review": ("info", "eye"),
    "in_progress": ("info", "refresh"),
    "forwarded": ("note", "forward"),
    "forwarded_partly": ("note", "split"),
    "extended": ("warn", "calendar"),
    "awaiting_info": ("warn", "chat"),
    "hearing": ("note", "users"),
    "answered": ("good", "reply"),
    "first_contact": ("good", "bolt"),
    "done": ("good", "check-circle"),
    "done_late": ("warn", "check-circle"),
    "not_done": ("bad", "close"),
    "closed": ("calm", "lock"),
    "reopened": ("warn", "undo"),
    "overdue": ("bad", "alert"),
    "satisfied": ("good", "check-circle"),
    "satisfied_partly": ("warn", "check"),
    "refused": ("bad", "close"),
    "explained": ("info", "info"),
    "left_unconsidered": ("calm", "minus"),
    "terminated": ("calm", "minus"),
    "returned": ("calm", "undo"),
    "withdrawn": ("calm", "undo"),
    "duplicate": ("calm", "copy"),
    "merged": ("calm", "merge"),
    "disputed": ("bad", "scale"),
}
PRIORITIES = {"emergency": ("bad", "fire"), "urgent": ("warn", "bolt"), "normal": ("calm", "minus")}
CHANNELS = {
    "web": "globe",
    "mobile": "phone",
    "telegram": "send",
    "whatsapp": "chat",
    "instagram": "camera",
    "facebook": "chat",
    "sms": "chat",
    "email": "mail",
    "post": "mail",
    "trust_box": "inbox",
    "eotinish": "document",
    "front_office": "building",
    "open_akimat": "building",
    "reception": "users",
    "field_reception": "users",
    "meeting": "users",
}


def status_look(code: str) -> tuple[str, str]:
    return STATUSES.get(code, ("calm", "circle"))


def priority_look(code: str) -> tuple[str, str]:
    return PRIORITIES.get(code, ("calm", "minus"))


def channel_icon(code: str) -> str:
    return CHANNELS.get(code, "phone" if code.startswith("call") else "inbox")


@dataclass(frozen=True)
class TermView:
    """Where a term stands, ready to be shown; whoever reads the timers fills it.

    state: open, soon, today, overdue, paused, met, missed or none.
    count: units left (open, soon) or over (overdue, missed); unit: day, working_day or hour.
    """

    state: str = "none"
    day: int = 0
    total: int = 0
    count: int = 0
    unit: str = "day"
    due_at: dt.datetime | None = None

    @property
    def tone(self) -> str:
        tones = {"open": "info", "soon": "warn", "today": "warn", "overdue": "bad", "met": "good", "missed": "warn"}
        return tones.get(self.state, "calm")

    @property
    def icon(self) -> str:
        icons = {
            "overdue": "alert",
            "paused": "pause",
            "met": "check-circle",
            "missed": "check-circle",
            "none": "minus",
        }
        return icons.get(self.state, "clock")

    @property
    def words(self) -> str:
        """The badge: what matters about the term now."""
        match self.state:
            case "open" | "soon":
                return dates.left(self.unit, self.count)
            case "today":
                return _("Due today")
            case "overdue":
                return dates.overdue(*self._over)
            case "paused":
                return _("Clock paused")
            case "met":
                return _("On time")
            case "missed":
                return _("Done late")
            case _:
                return _("No term")

    @property
    def _over(self) -> tuple[str, int]:
        """Beyond two days nobody counts in hours."""
        if self.unit == "hour" and self.count > MOST_HOURS:
            return "day", self.count // 24
        return self.unit, self.count

    @property
    def progress(self) -> str:
        """Day 4 of 7, the words the citizen sees."""
        if not self.total:
            return ""
        values = {"day": dates.number(self.day), "total": dates.number(self.total)}
        if self.unit == "hour":
            return _("hour %(day)s of %(total)s") % values
        if self.unit == "working_day":
            return _("working day %(day)s of %(total)s") % values
        return _("day %(day)s of %(total)s") % values
