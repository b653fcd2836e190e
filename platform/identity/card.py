"""What stands on the page of the civic ID: the level and its ladder, masked data, activity, badges, further pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from common.masking import mask_email, mask_identifier
from common.phones import mask_phone
from identity import activity, levels, proofs
from identity.eds import ncanode
from identity.levels import CAPABILITIES, Capability, Level, Standing
from identity.models import IdentityRecord, ProvenIdentity

MOST_RECORDS = 20
ICONS = {Level.NONE: "circle", Level.CONTACT: "phone", Level.IIN: "user", Level.EDS: "shield"}


@dataclass(frozen=True)
class Step:
    """One rung of the ladder as the page shows it."""

    level: Level
    title: str | Promise
    icon: str
    text: str
    is_reached: bool
    is_present: bool
    capabilities: list[Capability]
    action_url: str = ""
    action_text: str = ""


@dataclass(frozen=True)
class Link:
    url: str
    title: str
    text: str
    icon: str


def context_for(user: User, now: dt.datetime) -> dict[str, Any]:
    standing = levels.standing_of(user)
    proven = ProvenIdentity.objects.filter(user=user).first()
    sections, happenings = activity.activity_of(user)
    return {
        "person": user,
        "name": user.full_name,
        "level": standing.level,
        "is_resting": standing.is_proven and standing.level < Level.EDS,
        "proven": proven,
        "ladder": _ladder(standing),
        "facts": _facts(user, standing),
        "organizations": proofs.acts_for(user, now),
        "sections": sections,
        "happenings": happenings,
        "badges": activity.coming_badges(),
        "records": _records(user),
        "links": _links(),
        "can_represent": standing.level == Level.EDS and ncanode.is_available(),
    }


def _ladder(standing: Standing) -> list[Step]:
    """The next rung has the button; a rung that cannot be climbed here has none."""
    rungs = []
    for level in Level:
        reached = standing.level >= level
        url, words = ("", "") if reached or level != standing.level + 1 else _way_to(level, standing)
        rungs.append(
            Step(
                level=level,
                title=level.title,
                icon=ICONS[level],
                text=_words_of(level),
                is_reached=reached,
                is_present=standing.level == level,
                capabilities=[row for row in CAPABILITIES if row.level == level],
                action_url=url,
                action_text=words,
            )
        )
    return rungs


def _words_of(level: Level) -> str:
    return {
        Level.NONE: _("Nobody has to identify himself to be heard."),
        Level.CONTACT: _("A code sent to your phone or e-mail shows that it is yours."),
        Level.IIN: _(
            "Twelve digits that pass the check. This alone does not prove that the number is yours, nor that nobody "
            "else has given it."
        ),
        Level.EDS: _("Your key of the National Certification Centre proves who you are: one person, one account."),
    }[level]


def _way_to(level: Level, standing: Standing) -> tuple[str, str]:
    if level == Level.CONTACT:
        return reverse("signin:contacts"), _("Confirm a contact")
    if level == Level.IIN:
        return reverse("identity:iin"), _("Give the IIN")
    return (reverse("identity:start"), _("Confirm by signature")) if ncanode.is_available() else ("", "")


def _facts(user: User, standing: Standing) -> list[tuple[Any, ...]]:
    """Masked as everywhere; what can be changed has its link."""
    contacts, change = reverse("signin:contacts"), _("Change")
    rows: list[tuple[Any, ...]] = [(_("Name"), user.full_name or _("not given"))]
    iin = mask_identifier(user.iin) if user.iin else _("not given")
    if standing.is_proven:
        rows.append((_("IIN"), iin))
    else:
        rows.append((_("IIN"), iin, reverse("identity:iin"), change if user.iin else _("Give")))
    rows.append((_("Phone"), mask_phone(user.phone) if user.phone else _("not given"), contacts, change))
    rows.append((_("E-mail"), mask_email(user.email) if user.email else _("not given"), contacts, change))
    return rows


def _records(user: User) -> list[dict[str, Any]]:
    """How the level came about, newest first."""
    tones = {
        IdentityRecord.Method.CONTACT_GONE: "warn",
        IdentityRecord.Method.RELEASED: "warn",
        IdentityRecord.Method.SIGNATURE: "good",
    }
    rows = IdentityRecord.objects.filter(user=user).order_by("-id")[:MOST_RECORDS]
    return [
        {
            "at": row.at,
            "title": row.get_method_display(),
            "icon": "shield" if row.certificate_serial else "check-circle",
            "tone": tones.get(IdentityRecord.Method(row.method), "calm"),
            "text": _certificate_words(row),
        }
        for row in rows
    ]


def _certificate_words(row: IdentityRecord) -> str:
    if not row.certificate_serial or row.valid_until is None:
        return row.reason
    return _("Certificate …%(serial)s") % {"serial": row.certificate_serial[-8:]}


def _links() -> list[Link]:
    """Pages of other parts of the hub; a part that is not installed has no link."""
    wanted = [
        ("signin:security", _("Security of sign-in"), _("Second factor, devices and sessions"), "lock"),
        ("privacy:export", _("Export of my data"), _("Everything the hub holds of you, as a file"), "download"),
        ("appeals:who_looked", _("Who looked at my data"), _("Each look at your data is recorded"), "eye"),
        ("appeals:profile", _("My data"), _("Contacts, name, language, notices"), "user"),
    ]
    found = [Link(_address(name), title, text, icon) for name, title, text, icon in wanted]
    return [link for link in found if link.url]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
