"""The forms themselves, one file each; they announce themselves when the app is ready."""

from reports.periodic.forms import monthly, quarterly, register, weekly

__all__ = ["monthly", "quarterly", "register", "weekly"]
