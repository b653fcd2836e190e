"""Django app of the appeal: from any channel to an answer its author accepts."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppealsConfig(AppConfig):
    name = "appeals"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Appeals")

    def ready(self) -> None:
        """Load the channels and watch the tables that the hot path keeps in memory."""
        from django.db.models.signals import post_delete, post_save

        # Registers adapters, listeners, the outbox task and what one may choose of the notices.
        from appeals import (  # noqa: F401  # register themselves
            channels,
            connectors,
            contacts,
            gauges,
            notices,
            reactions,
            staff_notices,
            undelivered,
        )
        from appeals.personal_data.register import register_all
        from appeals.selectors import activity
        from appeals.views.citizen.navigation import register_navigation
        from appeals.views.staff.navigation import register_staff_navigation
        from common.rows import forget_rows

        register_all()
        register_navigation()
        register_staff_navigation()
        activity.announce()

        for model in ("SlaPolicy", "EscalationStep", "RoutingRule", "Topic", "ChannelParameters"):
            for signal in (post_save, post_delete):
                signal.connect(forget_rows, sender=f"appeals.{model}", dispatch_uid=f"forget-{model}-{id(signal)}")
        for label in ("common.CalendarDay", "common.OfficeHours", "organizations.Area", "organizations.Department"):
            for signal in (post_save, post_delete):
                signal.connect(forget_rows, sender=label, dispatch_uid=f"forget-{label}-{id(signal)}")
        for label in ("common.CalendarDay", "common.OfficeHours", "appeals.EscalationStep"):
            for signal in (post_save, post_delete):
                signal.connect(terms_changed, sender=label, dispatch_uid=f"recalculate-{label}-{id(signal)}")


def terms_changed(instance: Any, raw: bool = False, **_: Any) -> None:
    """An edited day, hour or rung of the ladder asks for the open terms to be computed anew, in the transaction of the
    edit and in the name of who made it."""
    from appeals import escalation
    from appeals.models import EscalationStep

    if not raw:
        escalation.request_recalculation(
            reason=str(instance),
            actor=getattr(instance, "edited_by", None),
            of_ladder=isinstance(instance, EscalationStep),
        )
