"""NCANode as a connector: whether what checks state signatures answers as it should."""

from __future__ import annotations

import httpx
from django.utils.translation import gettext_lazy as _

from common.connectors import ConnectionTrouble, Connector, Reason, connectors
from identity.eds import ncanode


class SignatureCheck(Connector):
    name = _("Check of state signatures (NCANode)")
    platform = "ncanode"

    def is_configured(self) -> bool:
        return ncanode.is_available()

    def check(self) -> str:
        """Show it what is no signature: only NCANode itself says so with 400 and a body of its own."""
        try:
            status, body = ncanode.ask_nothing()
        except ncanode.VerifierUnavailable as error:
            raise ConnectionTrouble(_reason(error.__cause__), type(error.__cause__).__name__) from error
        if status != 400 or not isinstance(body, dict):
            raise ConnectionTrouble(Reason.ANSWER, f"HTTP {status}")
        return "NCANode"


def _reason(cause: BaseException | None) -> Reason:
    if isinstance(cause, httpx.TimeoutException):
        return Reason.SLOW
    return Reason.ANSWER if isinstance(cause, ValueError) else Reason.UNREACHABLE


connectors.register("ncanode")(SignatureCheck())
