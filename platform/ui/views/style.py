"""The style page: every component in every state, for looking at, for screenshots and for axe."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ui import badges, widgets
from ui.icons import icon_names
from ui.views import style_charts

STATUS_NAMES = {
    "received": gettext_lazy("Received"),
    "registered": gettext_lazy("Registered"),
    "assigned": gettext_lazy("Assigned to executor"),
    "in_progress": gettext_lazy("In progress"),
    "forwarded": gettext_lazy("Forwarded to the competent body"),
    "extended": gettext_lazy("Extended"),
    "awaiting_info": gettext_lazy("Awaiting information from applicant"),
    "answered": gettext_lazy("Answered"),
    "done": gettext_lazy("Done"),
    "not_done": gettext_lazy("Not done"),
    "closed": gettext_lazy("Closed"),
    "reopened": gettext_lazy("Reopened"),
    "disputed": gettext_lazy("Answer appealed"),
}


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label=gettext_lazy("Full name"), help_text=gettext_lazy("As in the identity card"))
    phone = forms.CharField(label=gettext_lazy("Contact phone"), required=False, widget=widgets.PhoneInput)
    code = forms.CharField(label=gettext_lazy("Enter the code"), help_text=gettext_lazy("Six digits"), max_length=6)
    text = forms.CharField(label=gettext_lazy("Substance of the appeal"), widget=forms.Textarea)
    area = forms.ChoiceField(
        label=gettext_lazy("City sector (residential area)"),
        choices=[("", "—"), ("yassy", gettext_lazy("Yassy")), ("otyrar", gettext_lazy("Otyrar"))],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the answer"),
        choices=[("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")],
        widget=forms.RadioSelect,
        initial="kk",
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Why is the answer not enough?"),
        choices=[
            ("incomplete", gettext_lazy("Incomplete answer")),
            ("not_specific", gettext_lazy("No specific information")),
            ("late", gettext_lazy("Answer was late")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = forms.DateField(label=gettext_lazy("Due date"), widget=widgets.DateInput, required=False)
    photos = widgets.FilesField(label=gettext_lazy("Attachments"), required=False)
    consent = forms.BooleanField(
        label=gettext_lazy("I consent to the collection and processing of my personal data"),
    )


class SampleFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    status = forms.MultipleChoiceField(
        label=gettext_lazy("Status"),
        choices=list(STATUS_NAMES.items())[:4],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    area = forms.ChoiceField(
        label=gettext_lazy("City sector (residential area)"),
        choices=[("", "—"), ("yassy", gettext_lazy("Yassy"))],
        required=False,
    )


def style(request: HttpRequest) -> HttpResponse:
    """Not a public page: developers see it, and staff who want to know what a badge means."""
    if not settings.DEBUG and not request.user.is_staff:
        raise Http404
    for level, text in ((messages.SUCCESS, _("Changes saved")), (messages.ERROR, _("A server error occurred"))):
        messages.add_message(request, level, text)
    now = timezone.now()
    wrong = SampleForm({"name": "", "code": "12", "text": "", "phone": "8 701"}, prefix="wrong")
    wrong.add_error("phone", _("The phone number is not valid"))
    return render(
        request,
        "ui/style.html",
        {
            "form": SampleForm(),
            "wrong": wrong,
            "filters": SampleFilter(request.GET or None),
            "now": now,
            "tones": badges.TONES,
            "icons": sorted(icon_names()),
            "statuses_short": list(STATUS_NAMES.values())[:4],
            "statuses": STATUS_NAMES.items(),
            "terms": _terms(now),
            "events": _events(now),
            "thread": _thread(now),
            "files": _files(),
            "rows": [(_("Registration number"), "HU-2026-004512-7"), (_("Channel"), _("Web portal"), "#", _("Edit"))],
            "table": _table(now),
            "stats": _stats(),
            "tabs": _tabs(),
            "bars": _bars(),
            "weeks": [(f"{week}", 40 + week * 7 % 31) for week in range(1, 25)],
            "chart": style_charts.samples(),
            "line": [12, 18, 9, 22, 25, 19, 31, 28, 24, 35, 33, 41],
        },
    )


def _terms(now: dt.datetime) -> list[badges.TermView]:
    return [
        badges.TermView("open", 2, 7, 5, "working_day", now + dt.timedelta(days=5)),
        badges.TermView("soon", 6, 7, 1, "day", now + dt.timedelta(days=1)),
        badges.TermView("today", 7, 7, 0, "day", now),
        badges.TermView("overdue", 9, 7, 2, "day", now - dt.timedelta(days=2)),
        badges.TermView("paused", 4, 15, 11, "working_day"),
        badges.TermView("met", 5, 7),
        badges.TermView("missed", 7, 7),
        badges.TermView("open", 3, 24, 21, "hour"),
    ]


def _events(now: dt.datetime) -> list[dict[str, Any]]:
    return [
        {
            "title": _("Answered"),
            "at": now - dt.timedelta(minutes=25),
            "icon": "reply",
            "tone": "good",
            "actor": _("Department of housing and utilities"),
            "text": _("The pipe was replaced on 12 November. Water has been on since 18:00."),
            "files": _files()[:1],
        },
        {
            "title": _("Forwarded to the competent body"),
            "at": now - dt.timedelta(days=1, hours=3),
            "icon": "forward",
            "tone": "note",
        },
        {
            "title": _("Registered"),
            "at": now - dt.timedelta(days=4),
            "icon": "document",
            "tone": "info",
            "actor": _("Operator"),
        },
        {"title": _("Rate the answer"), "icon": "star", "upcoming": True},
    ]


def _thread(now: dt.datetime) -> list[dict[str, Any]]:
    text = "Сәлеметсіз бе! Яссы секторында, Тәуке хан даңғылы 12-үйде үш күннен бері су жоқ."
    return [
        {
            "direction": "in",
            "author": "Айгүл С.",
            "channel": "Telegram",
            "at": now - dt.timedelta(days=2),
            "text": text,
            "files": _files()[:1],
        },
        {
            "direction": "note",
            "author": "Е. Сапаров",
            "at": now - dt.timedelta(days=1),
            "text": "Авариялық бригада 18:00-ге дейін барады.",
        },
        {
            "direction": "out",
            "author": _("Contact centre 109"),
            "at": now - dt.timedelta(hours=5),
            "text": "Құбыр ауыстырылды, су қосылды. Мәселе шешілді ме?",
        },
    ]


def _files() -> list[dict[str, Any]]:
    return [
        {"name": "IMG_20261123_0912.jpg", "size": 2_345_678, "content_type": "image/jpeg", "url": "#files"},
        {"name": "Ақт_2026-11-23.pdf", "size": 89_123, "content_type": "application/pdf", "url": "#files"},
    ]


def _table(now: dt.datetime) -> list[dict[str, Any]]:
    subjects = ["Тәуке хан көшесінде су құбыры жарылды", "Не вывозят мусор третью неделю", "Көше шамы жанбайды"]
    codes = ["in_progress", "registered", "awaiting_info"]
    priorities = [("emergency", _("Emergency")), ("normal", _("Normal")), ("urgent", _("Urgent"))]
    terms = [_terms(now)[index] for index in (3, 0, 4)]
    return [
        {
            "number": f"HU-2026-00451{index}-{index}",
            "subject": subject,
            "status": code,
            "label": STATUS_NAMES[code],
            "term": terms[index],
            "priority": priorities[index],
            "at": now - dt.timedelta(days=index),
            "late": index == 0,
        }
        for index, (subject, code) in enumerate(zip(subjects, codes, strict=True))
    ]


def _stats() -> list[dict[str, Any]]:
    return [
        {"label": _("Total"), "value": 28724, "note": _("in 2026"), "url": "#stats", "tone": "info"},
        {"label": _("On time"), "value": 25678, "tone": "good"},
        {"label": _("Due soon"), "value": 41, "tone": "warn"},
        {"label": _("Overdue"), "value": 7, "tone": "bad"},
    ]


def _tabs() -> list[dict[str, Any]]:
    return [
        {"label": _("In progress"), "url": "#tabs", "current": True, "count": 41},
        {"label": _("Answered"), "url": "#tabs", "current": False, "count": 1203},
        {"label": _("Closed"), "url": "#tabs", "current": False, "count": None},
    ]


def _bars() -> list[tuple[str, int]]:
    return [
        (_("Housing"), 812),
        (_("Land relations"), 640),
        (_("Infrastructure"), 431),
        (_("Social sphere"), 120),
        (_("Education"), 36),
    ]
