"""Closed lists of the field; keys and wording follow the project's glossary."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Regime(models.TextChoices):
    """By which rules the case runs: a contact-centre request or a statutory appeal (APPC)."""

    REQUEST = "request", _("Service request")
    APPEAL = "appeal", _("Appeal")


class Kind(models.TextChoices):
    APPLICATION = "application", _("Application")
    COMPLAINT = "complaint", _("Complaint")
    PROPOSAL = "proposal", _("Proposal")
    RESPONSE = "response", _("Response (public feedback)")
    INQUIRY = "inquiry", _("Inquiry")
    MESSAGE = "message", _("Report (message)")
    GRATITUDE = "gratitude", _("Gratitude")


class Category(models.TextChoices):
    """The five categories by which 109 and 1310 count."""

    PERSONAL = "personal", _("Personal requests, wishes and applications")
    INCIDENT = "incident", _("Incidents")
    PROPOSAL = "proposal", _("Proposals received")
    STAFF_COMPLAINT = "staff_complaint", _("Complaints about institution staff")
    GRATITUDE = "gratitude", _("Expressions of gratitude")


class Channel(models.TextChoices):
    WEB = "web", _("Web portal")
    CALL109 = "call109", _("Contact centre 109")
    CALL1310 = "call1310", _("Contact centre 1310")
    FRONT_OFFICE = "front_office", _("Front office")
    RECEPTION = "reception", _("Personal reception")
    TELEGRAM = "telegram", _("Telegram bot")
    EMAIL = "email", _("E-mail")
    WHATSAPP = "whatsapp", _("WhatsApp")
    INSTAGRAM = "instagram", _("Instagram")
    FACEBOOK = "facebook", _("Facebook Messenger")
    MOBILE = "mobile", _("Mobile application")
    EOTINISH = "eotinish", _("e-Otinish portal")
    POST = "post", _("By post")
    HISTORY = "history", _("Imported history")


class Priority(models.TextChoices):
    EMERGENCY = "emergency", _("Emergency")
    URGENT = "urgent", _("Urgent")
    NORMAL = "normal", _("Normal")


class Status(models.TextChoices):
    """Where the appeal is. How it ended is the outcome; lateness is read from the timers."""

    RECEIVED = "received", _("Received")
    REGISTERED = "registered", _("Registered")
    ASSIGNED = "assigned", _("Assigned to executor")
    IN_PROGRESS = "in_progress", _("In progress")
    AWAITING_INFO = "awaiting_info", _("Awaiting information from applicant")
    FORWARDED = "forwarded", _("Forwarded to the competent body")
    ANSWERED = "answered", _("Answered")
    REOPENED = "reopened", _("Reopened")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    """How the appeal ended."""

    SATISFIED = "satisfied", _("Satisfied")
    SATISFIED_PARTLY = "satisfied_partly", _("Partly satisfied")
    REFUSED = "refused", _("Refused")
    EXPLAINED = "explained", _("Explanation given")
    FIRST_CONTACT = "first_contact", _("Resolved at first contact")
    FORWARDED = "forwarded", _("Forwarded to the competent body")
    LEFT_UNCONSIDERED = "left_unconsidered", _("Left without consideration")
    TERMINATED = "terminated", _("Consideration terminated")
    WITHDRAWN = "withdrawn", _("Withdrawn by applicant")
    DUPLICATE = "duplicate", _("Duplicate")
    NOT_DONE = "not_done", _("Not done")


class Verdict(models.TextChoices):
    """The applicant's judgement of an answer."""

    SOLVED = "solved", _("Solved")
    PARTLY = "partly", _("Partly solved")
    NOT_SOLVED = "not_solved", _("Not solved")


class LinkKind(models.TextChoices):
    RELATED = "related", _("Related")
    DUPLICATE = "duplicate", _("Duplicate")
    REPEAT = "repeat", _("Repeat appeal")
    PROMOTED = "promoted", _("Promoted from a request")


class TimerCode(models.TextChoices):
    """What a clock of an appeal measures."""

    REGISTER = "register", _("Registration")
    FIRST_REACTION = "first_reaction", _("First reaction")
    ANSWER = "answer", _("Answer")
    FORWARD = "forward", _("Forwarding")
    EXTENSION_NOTICE = "extension_notice", _("Notice of extension")
    SECOND_LOOK = "second_look", _("Second look")
    APPLICANT_INFO = "applicant_info", _("Information from the applicant")
    AUTO_CLOSE = "auto_close", _("Time for the applicant's judgement")
    DISPUTE_WINDOW = "dispute_window", _("Time to dispute the answer")
    EXTENSION_CAP = "extension_cap", _("Longest term with extensions")


class TermUnit(models.TextChoices):
    MINUTES = "minutes", _("minutes")
    CLOCK_HOURS = "clock_hours", _("clock hours")
    WORKING_HOURS = "working_hours", _("working hours")
    CALENDAR_DAYS = "calendar_days", _("calendar days")
    WORKING_DAYS = "working_days", _("working days")
    MONTHS = "months", _("months")
    FIRST_CONTACT = "first_contact", _("at first contact")


LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
