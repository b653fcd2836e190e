"""Rows of the single sign-on: connected systems, who signed in to them, and outside providers."""

from sso.models.outside import OutsideProvider
from sso.models.systems import ConnectedSystem, Connection, SpentToken, SystemSignIn

__all__ = ["ConnectedSystem", "Connection", "OutsideProvider", "SpentToken", "SystemSignIn"]
