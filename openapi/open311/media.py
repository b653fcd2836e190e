"""The photo that a report names by its address: fetched while the client waits, and checked like one that was sent."""

from __future__ import annotations

import httpx
import structlog

from common import limits, outgoing, realm
from common.errors import DomainError
from common.files import USUAL_LIMITS, CheckedFile, check_file

logger = structlog.get_logger(__name__)
PATIENCE = 5.0  # seconds, for everything together
MOST = 30  # a minute and application: each one holds a process of the hub while a stranger's server answers
NAME = "media"


def fetched(url: str, *, application_id: int) -> CheckedFile | None:
    """The file; None when it cannot be had. The report is filed anyway: the city must hear of it."""
    if realm.current():  # nothing leaves a sandbox
        return None
    try:
        limits.count("open311-media", str(application_id), limit=MOST, seconds=60)
        answer = outgoing.request("GET", url, timeout=PATIENCE, max_bytes=USUAL_LIMITS.max_bytes, follow_redirects=True)
        if answer.status_code != 200:
            return None
        return check_file(NAME, answer.content, field=NAME)
    except (httpx.HTTPError, DomainError) as error:
        logger.info("open311_media_not_taken", why=type(error).__name__)
        return None
