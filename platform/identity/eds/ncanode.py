"""Ask NCANode (github.com/malikzh/NCANode, version 3) over HTTP whether a signature holds and whose it is.

NCANode looks at the data sent along only when the signature is detached. So what an attached signature carries is
asked for as well (`/cms/extract`), and the rules compare it. Both questions are about the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common import outgoing
from common.errors import DomainError, ValidationFailed
from identity.eds import answers
from identity.eds.answers import BadAnswer, Verification

logger = logging.getLogger(__name__)

MAX_BYTES = 512 * 1024
REVOCATION = ["OCSP"]


class VerifierUnavailable(DomainError):
    """Nothing is known of the signature; it is kept, and asking again later is right."""

    code = "verifier_unavailable"
    status = 503
    default_message = _(
        "The signature could not be checked just now: the service of the certification centre does not answer. "
        "Your signature is kept; try again in a few minutes."
    )


def is_available() -> bool:
    return bool(settings.NCANODE_URL)


def verify(signature: bytes, data: bytes) -> Verification:
    """What NCANode says of a CMS over the data."""
    cms = base64.b64encode(signature).decode()
    question = {"cms": cms, "data": base64.b64encode(data).decode(), "revocationCheck": REVOCATION}
    status, body = _ask("/cms/verify", question)
    if status == 400:
        raise ValidationFailed(
            _("The signature cannot be read. Make it anew with your signing program."),
            code="signature_unreadable",
            field="signature",
        )
    try:
        valid, signers = answers.read_signers(_good(status, body))
        content = _content(cms)
    except BadAnswer as error:
        logger.warning("ncanode_answer: %s", error)
        raise VerifierUnavailable from error
    return Verification(valid, signers, content)


def ask_nothing() -> tuple[int, Any]:
    """Status and body of its answer to what is no signature, for whoever wants to know whether it is there."""
    return _ask("/cms/verify", {"cms": "", "data": "", "revocationCheck": []})


def _content(cms: str) -> bytes | None:
    """Version 3 answers 400 when there is no content, which after a readable signature means: detached."""
    status, body = _ask("/cms/extract", {"cms": cms})
    if status == 400:
        return None
    try:
        return base64.b64decode(str(_good(status, body)["data"]), validate=True)
    except (KeyError, binascii.Error) as error:
        raise BadAnswer("no data") from error


def _good(status: int, body: Any) -> dict[str, Any]:
    if status != 200 or not isinstance(body, dict) or body.get("status", 200) != 200:
        raise BadAnswer(f"status {status}")
    return body


def _ask(path: str, question: dict[str, Any]) -> tuple[int, Any]:
    if not is_available():
        raise VerifierUnavailable
    url = settings.NCANODE_URL.rstrip("/") + path
    try:
        response = outgoing.request(
            "POST", url, allow_private=True, timeout=settings.NCANODE_TIMEOUT, max_bytes=MAX_BYTES, json=question
        )
        return response.status_code, json.loads(response.content)
    except (httpx.HTTPError, ValueError) as error:
        logger.warning("ncanode_unreachable: %s", type(error).__name__)
        raise VerifierUnavailable from error
