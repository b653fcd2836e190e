"""Duties on personal data in the demo city: an open request, a take-down under way, a breach that is over."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from appeals.selectors import public
from notifications.models import Notification
from privacy import breaches, requests, takedowns
from privacy.models import Breach, DataRequest, TakedownRequest
from privacy.registries import Subject

BREACH = {
    "title": "Жауап басқа мекенжайға жіберілді",
    "kind": Breach.Kind.DISCLOSURE,
    "severity": Breach.Severity.LOW,
    "what": "Бір өтініштің жауабы қате жазылған электрондық поштаға кетті (ойдан шығарылған оқиға).",
    "categories": "аты-жөні, өтініштің мазмұны",
    "measures": "Алушыдан хатты жою сұралды, мекенжай түзетілді, қызметкерге нұсқау берілді.",
    "contact_name": "Қауіпсіздік қызметі",
    "contact_phone": "+7 72533 00000",
}


@transaction.atomic
def invent(resident: User, officer: User) -> bool:
    """Through the steps, so that clocks and histories are real; nothing is sent. False when it is there already."""
    if DataRequest.objects.filter(is_demo=True).exists():
        return False
    with override("kk"):
        subject = Subject(ref=f"user:{resident.pk}", user=resident)
        wish = "Ескі өтінімдерімнің деректерін жойыңыздаршы."
        requests.open_request(subject, DataRequest.Kind.DELETE, language="kk", wish=wish, is_demo=True)
        shown = public.newest(1)
        if shown:
            reason = "Карточкада менің көшем мен үйім анық көрініп тұр."
            takedowns.ask("appeal", shown[0].number, reason=reason, is_demo=True)
        _breach(officer)
    Notification.objects.filter(template="privacy_staff", status="waiting").update(status="cancelled")
    return TakedownRequest.objects.filter(is_demo=True).exists()


def _breach(officer: User) -> None:
    discovered = timezone.now() - dt.timedelta(days=20)
    breach = breaches.open_breach(BREACH, discovered_at=discovered, actor=officer)
    Breach.objects.filter(pk=breach.pk).update(is_demo=True)
    told = discovered + dt.timedelta(hours=3)
    breaches.notified(breach.pk, how="Портал арқылы, № 12 хат", at=told, actor=officer)
    breaches.close(breach.pk, conclusion="Мекенжай қолмен терілген еді; енді тек расталған байланыс.", actor=officer)
