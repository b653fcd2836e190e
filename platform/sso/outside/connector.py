"""Outside sign-in as a connector: whether each provider still says of itself what the hub relies on."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
from django.utils.translation import gettext_lazy as _

from common import outgoing
from common.connectors import ConnectionTrouble, Connector, Reason, connectors
from sso.models import OutsideProvider
from sso.outside.calls import MOST_BYTES, SECONDS


class OutsideSignIn(Connector):
    name = _("Sign-in through an outside provider")
    platform = "outside-sign-in"
    check_every = timedelta(minutes=15)

    def is_configured(self) -> bool:
        return OutsideProvider.objects.filter(switched_off_at=None).exists()

    def check(self) -> str:
        """Each provider that is switched on: its description names it as we know it, and its keys can be read."""
        slugs = []
        for row in OutsideProvider.objects.filter(switched_off_at=None):
            config = self._read(row, f"{row.issuer.rstrip('/')}/.well-known/openid-configuration")
            if config.get("issuer") != row.issuer:
                raise ConnectionTrouble(Reason.ANSWER, f"{row.slug}: it calls itself by another name")
            keys = self._read(row, str(config.get("jwks_uri", ""))).get("keys")
            if not isinstance(keys, list) or not keys:
                raise ConnectionTrouble(Reason.ANSWER, f"{row.slug}: no keys")
            slugs.append(row.slug)
        return ", ".join(slugs)

    @staticmethod
    def _read(row: OutsideProvider, url: str) -> dict[str, Any]:
        try:
            response = outgoing.request("GET", url, allow_private=True, timeout=SECONDS, max_bytes=MOST_BYTES)
            body = json.loads(response.content)
        except httpx.TimeoutException as error:
            raise ConnectionTrouble(Reason.SLOW, row.slug) from error
        except httpx.HTTPError as error:
            raise ConnectionTrouble(Reason.UNREACHABLE, f"{row.slug}: {type(error).__name__}") from error
        except ValueError as error:
            raise ConnectionTrouble(Reason.ANSWER, row.slug) from error
        if response.status_code != 200 or not isinstance(body, dict):
            raise ConnectionTrouble(Reason.ANSWER, f"{row.slug}: HTTP {response.status_code}")
        return body


connectors.register("outside-sign-in")(OutsideSignIn())
