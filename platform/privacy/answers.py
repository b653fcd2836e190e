"""The reasoned answer to a request, in the person's language: what went, what stays, on which ground."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from privacy.models import DataRequest, Decision, Ground
from privacy.registries import erasures

KIND, STATE = DataRequest.Kind, DataRequest.State


def words_of(request: DataRequest) -> tuple[str, str]:
    """Subject and text; call with the person's language active."""
    subject = _("Your request about personal data No. %(number)s") % {"number": request.pk}
    return subject, "\n\n".join(
        part for part in (_opening(request), _list(request), request.answer, _ending(request)) if part
    )


def _opening(request: DataRequest) -> str:
    kind = str(KIND(request.kind).label)
    if request.state == STATE.REFUSED:
        return _("Your request «%(kind)s» was refused.") % {"kind": kind}
    return _("Your request «%(kind)s» was carried out.") % {"kind": kind}


def _ending(request: DataRequest) -> str:
    kept = any(line.kept or line.action == Decision.Action.KEEP for line in request.decisions.all())
    if request.state == STATE.REFUSED or kept:
        return _("You may complain against this decision to the authorised body for personal data or to a court.")
    return ""


def _list(request: DataRequest) -> str:
    return "\n".join(f"- {line_of(line)}" for line in request.decisions.select_related("ground"))


def plan_of(line: Decision) -> str:
    """What was decided and is still to be done: «Service requests: Anonymise»."""
    return f"{_title(line)}: {line.get_action_display()}{_ground(line.ground)}"


def line_of(line: Decision) -> str:
    """«Service requests: anonymised 3, kept 1 (open appeal; APPC, art. 65)»."""
    parts = []
    if line.action == Decision.Action.DELETE and line.changed:
        parts.append(_("deleted: %(count)s") % {"count": line.changed})
    if line.action == Decision.Action.ANONYMISE and line.changed:
        parts.append(_("anonymised: %(count)s") % {"count": line.changed})
    if line.kept or line.action == Decision.Action.KEEP:
        parts.append(_("kept by law: %(count)s") % {"count": line.kept} + _ground(line.ground))
    done = ", ".join(parts) or _("nothing was left to do")
    return f"{_title(line)}: {done}"


def _title(line: Decision) -> str:
    return str(erasures.get(line.record_type).title) if line.record_type in erasures else line.record_type


def _ground(ground: Ground | None) -> str:
    if ground is None:
        return ""
    name = ground.name_in(get_language() or "kk")
    return f" ({name}; {ground.law})" if ground.law else f" ({name})"
