"""What sign-in keeps: sessions, devices, counters of tries, what waits for a code; one file per model."""

from signin.models.known_device import KnownDevice
from signin.models.open_session import OpenSession
from signin.models.password_reset import PasswordReset
from signin.models.password_state import PasswordState
from signin.models.pending_registration import PendingRegistration
from signin.models.throttle import Throttle
from signin.models.trusted_device import TrustedDevice

__all__ = [
    "KnownDevice",
    "OpenSession",
    "PasswordReset",
    "PasswordState",
    "PendingRegistration",
    "Throttle",
    "TrustedDevice",
]
