"""What of a person's appeals can be anonymised when he asks, and what the law keeps."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals.models import Appeal, Regime
from appeals.personal_data import redaction
from appeals.personal_data.own import appeals_of
from privacy import holds, retention
from privacy.models import Decision, RetentionRule
from privacy.registries import Erased, Erasure, Held, Subject, erasures

OPEN, PERIOD, HOLD = "open_appeal", "statutory_period", "legal_hold"
STATUTORY = "statutory_appeals"  # the record type whose period binds


def held() -> Q:
    """Appeals under a hold of their own or of their author's account."""
    return Q(pk__in=holds.held_ids("appeal")) | Q(applicant__user__in=holds.held_ids("user"))


def _within_period() -> Q:
    """Statutory appeals are kept for their whole period, whoever asks. Without a rule for it nothing ends."""
    rule = RetentionRule.objects.filter(record_type=STATUTORY).first()
    if rule is None:
        return Q(regime=Regime.APPEAL)
    return Q(regime=Regime.APPEAL, closed_at__gte=retention.cutoff_of(rule, timezone.now()))


def _all(subject: Subject, regime: str) -> QuerySet[Appeal]:
    return appeals_of(subject).filter(regime=regime, anonymised_at=None)


def _look(subject: Subject, regime: str) -> Held:
    rows = _all(subject, regime)
    reasons = ((OPEN, Q(closed_at=None)), (HOLD, held()), (PERIOD, _within_period()))
    counts = {slug: rows.filter(condition).count() for slug, condition in reasons}
    ground = next((slug for slug, count in counts.items() if count), "")
    return Held(count=rows.count(), kept=rows.filter(_kept()).count(), ground=ground)


def _kept() -> Q:
    return Q(closed_at=None) | held() | _within_period()


def _erase(subject: Subject, regime: str, ground: str) -> Erased:
    def is_due(appeal_id: int) -> bool:
        return _free(subject, regime).filter(pk=appeal_id).exists()

    changed = 0
    for appeal_id in list(_free(subject, regime).order_by("pk").values_list("pk", flat=True)):
        changed += redaction.anonymise(appeal_id, ground=ground or "request", cause=subject.ref, is_due=is_due)
    return Erased(changed=changed, kept=_all(subject, regime).filter(_kept()).count())


def _free(subject: Subject, regime: str) -> QuerySet[Appeal]:
    """What nothing obliges us to keep at this moment."""
    rows = _all(subject, regime)
    return rows.exclude(pk__in=rows.filter(_kept()).values("pk"))


def register_erasures() -> None:
    erasures.register("service_requests")(
        Erasure(
            title=_("Service requests"),
            actions=(Decision.Action.ANONYMISE,),
            look=lambda subject: _look(subject, Regime.REQUEST),
            erase=lambda subject, _action, ground: _erase(subject, Regime.REQUEST, ground),
            explanation=_("Name, contacts, texts, files and place go; topic, dates and outcome stay for statistics."),
            order=10,
        )
    )
    erasures.register(STATUTORY)(
        Erasure(
            title=_("Official appeals"),
            actions=(Decision.Action.ANONYMISE,),
            look=lambda subject: _look(subject, Regime.APPEAL),
            erase=lambda subject, _action, ground: _erase(subject, Regime.APPEAL, ground),
            explanation=_("Those within their retention period stay, whatever is decided here."),
            order=20,
        )
    )
