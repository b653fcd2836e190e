"""Celery entry points of the single sign-on."""

from __future__ import annotations

from celery import shared_task

from sso import connections


@shared_task
def forget_old_sign_ins() -> None:
    connections.forget_old()
