"""Broken rules: what a step raises and a view turns into a clear message."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Message = str | Promise


class DomainError(Exception):
    """A rule of the field was broken. `message` is shown to the user in his language, `code` is stable for programs."""

    code = "domain_error"
    status = 400
    default_message: Message = _("This cannot be done.")

    def __init__(self, message: Message | None = None, *, code: str | None = None, field: str | None = None) -> None:
        self.message: Message = message if message is not None else self.default_message
        self.code = code or type(self).code
        self.field = field
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class ValidationFailed(DomainError):
    """What was given is not acceptable; `field` names the input it belongs to."""

    code = "invalid"
    status = 422


class NotAllowed(DomainError):
    """The actor may not do this."""

    code = "not_allowed"
    status = 403
    default_message = _("You have no right to do this.")


class NotFound(DomainError):
    """The thing does not exist, or not for this actor."""

    code = "not_found"
    status = 404
    default_message = _("Nothing was found.")


class Conflict(DomainError):
    """The state has changed in the meantime or does not allow the step."""

    code = "conflict"
    status = 409
    default_message = _("The appeal has changed in the meantime. Look at its present state and try again.")


class RateLimited(DomainError):
    """Too many tries in a short time."""

    code = "too_many"
    status = 429
    default_message = _("Too many tries. Please wait a little.")
