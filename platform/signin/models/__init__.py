"""What sign-in keeps: open sessions, known devices and the state of passwords; one file per model."""

from signin.models.known_device import KnownDevice
from signin.models.open_session import OpenSession
from signin.models.password_state import PasswordState

__all__ = ["KnownDevice", "OpenSession", "PasswordState"]
