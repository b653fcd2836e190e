"""Until when the certificate of an address is good."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from cryptography import x509

logger = structlog.get_logger(__name__)
SECONDS = 5.0


def end_of_certificate(url: str) -> datetime | None:
    """Asks as a visitor would; also one that has ended or is signed by nobody tells its end. None without TLS."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is looked at, not believed
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), timeout=SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=parts.hostname) as secured,
        ):
            found = secured.getpeercert(binary_form=True)
    except OSError as error:
        logger.warning("certificate_not_seen", host=parts.hostname, why=type(error).__name__)
        return None
    return x509.load_der_x509_certificate(found).not_valid_after_utc if found else None
