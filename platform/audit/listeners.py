"""Who else tells the log: what an administrator edits."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from audit import trail
from audit.actions import Action
from common.admin import configured


@receiver(configured, dispatch_uid="audit-configured")
def keep_configuration(actor: User, subject: str, what: list[str], **_: Any) -> None:
    trail.record(actor=actor, action=Action.CONFIGURED, subject_ref=subject, fields=what)
