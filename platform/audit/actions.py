"""What the log knows of: every action with its category. A new kind of act is one member and one line of the table."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    AUTHENTICATION = "authentication", _("Sign-in")
    ACCESS = "access", _("Access to data")
    EXPORT = "export", _("Export")
    PERMISSION = "permission", _("Rights")
    CONFIGURATION = "configuration", _("Configuration")
    PRIVACY = "privacy", _("Personal data")
    SECURITY = "security", _("Attempts against the hub")
    SYSTEM = "system", _("The log itself")


class Outcome(models.TextChoices):
    SUCCESS = "success", _("Done")
    FAILURE = "failure", _("Refused or failed")


class Action(models.TextChoices):
    # sign-in
    SIGNED_UP = "signed_up", _("Signed up")
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_STEP = "sign_in_step", _("Passed a step of sign-in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in refused")
    SIGNED_OUT = "signed_out", _("Signed out")
    SESSIONS_ENDED = "sessions_ended", _("Ended sessions")
    SIGN_IN_DISOWNED = "sign_in_disowned", _("Said that a sign-in was not theirs")
    PASSWORD_CHANGED = "password_changed", _("Changed the password")
    PASSWORD_RESET = "password_reset", _("Reset the password")
    EMAIL_CHANGED = "email_changed", _("Changed the e-mail address")
    EMAIL_CONFIRMED = "email_confirmed", _("Confirmed the e-mail address")
    PHONE_CHANGED = "phone_changed", _("Changed the phone number")
    FACTOR_ADDED = "factor_added", _("Added a second factor")
    FACTOR_REMOVED = "factor_removed", _("Removed a second factor")
    FACTOR_RENEWED = "factor_renewed", _("Renewed a second factor")
    # one sign-in for the connected systems, and through an outside provider
    SSO_SIGNED_IN = "sso_signed_in", _("Signed in to a connected system")
    SSO_SIGNED_OUT = "sso_signed_out", _("Signed out at a connected system")
    SSO_AGREED = "sso_agreed", _("Let a connected system have data")
    SSO_WITHDREW = "sso_withdrew", _("Took the data back from a connected system")
    SSO_MISUSED = "sso_misused", _("Stopped a code or token that was used twice")
    OUTSIDE_LINKED = "outside_linked", _("Linked an account of an outside provider")
    OUTSIDE_UNLINKED = "outside_unlinked", _("Unlinked an account of an outside provider")
    # access
    VIEWED_IDENTITY = "viewed_identity", _("Viewed personal data")
    VIEWED_RESTRICTED = "viewed_restricted", _("Viewed a confidential appeal")
    VIEWED_LOG = "viewed_log", _("Looked at the audit log")
    DOWNLOADED = "downloaded", _("Downloaded a file")
    EXPORTED = "exported", _("Exported data")
    # identity
    IIN_GIVEN = "iin_given", _("Gave an IIN")
    IDENTITY_PROVEN = "identity_proven", _("Confirmed an identity by state signature")
    REPRESENTATION_PROVEN = "representation_proven", _("Confirmed a right to act for an organization")
    IDENTITY_RELEASED = "identity_released", _("Took back an identity confirmed by signature")
    # rights
    ROLE_GIVEN = "role_given", _("Gave a role")
    ROLE_CHANGED = "role_changed", _("Changed a role")
    ROLE_TAKEN = "role_taken", _("Took a role away")
    ACCOUNT_CHANGED = "account_changed", _("Opened or closed an account")
    SUBSTITUTION_CHANGED = "substitution_changed", _("Set or ended a substitution")
    ROSTER_CHANGED = "roster_changed", _("Changed a duty roster")
    # configuration
    CONFIGURED = "configured", _("Changed configuration")
    RATINGS_REVIEWED = "ratings_reviewed", _("Decided about ratings by QR code")
    CONNECTION_STEERED = "connection_steered", _("Started, paused or resumed a connection")
    # programs that call the hub
    APPLICATION_CHANGED = "application_changed", _("Registered, changed or decided about an application")
    API_KEY_ISSUED = "api_key_issued", _("Issued an API key")
    API_KEY_ROTATED = "api_key_rotated", _("Rotated an API key")
    API_KEY_REVOKED = "api_key_revoked", _("Revoked an API key")
    WEBHOOK_CHANGED = "webhook_changed", _("Changed a webhook of an application")
    # attempts against the hub
    MALWARE_FOUND = "malware_found", _("Sent harmful software")
    # personal data
    CONSENT_CHANGED = "consent_changed", _("Gave, withdrew or published a consent")
    DATA_REQUESTED = "data_requested", _("Asked something of the own data")
    DATA_DECIDED = "data_decided", _("Decided a request about personal data")
    DATA_ERASED = "data_erased", _("Deleted or anonymised personal data")
    TAKEN_DOWN = "taken_down", _("Hid a public item or showed it again")
    HOLD_CHANGED = "hold_changed", _("Placed or lifted a legal hold")
    BREACH_RECORDED = "breach_recorded", _("Recorded or changed a breach")
    # the log itself
    CHECKPOINT_MADE = "checkpoint_made", _("Made a checkpoint of the log")
    SEGMENT_REMOVED = "segment_removed", _("Removed records before a checkpoint")
    CHAIN_BROKEN = "chain_broken", _("Found a broken chain")
    BREAK_ACCEPTED = "break_accepted", _("Accepted a break of the chain")


CATEGORY_OF: dict[str, Category] = {
    Action.SIGNED_UP: Category.AUTHENTICATION,
    Action.SIGNED_IN: Category.AUTHENTICATION,
    Action.SIGN_IN_STEP: Category.AUTHENTICATION,
    Action.SIGN_IN_FAILED: Category.AUTHENTICATION,
    Action.SIGNED_OUT: Category.AUTHENTICATION,
    Action.SESSIONS_ENDED: Category.AUTHENTICATION,
    Action.SIGN_IN_DISOWNED: Category.AUTHENTICATION,
    Action.PASSWORD_CHANGED: Category.AUTHENTICATION,
    Action.PASSWORD_RESET: Category.AUTHENTICATION,
    Action.EMAIL_CHANGED: Category.AUTHENTICATION,
    Action.EMAIL_CONFIRMED: Category.AUTHENTICATION,
    Action.PHONE_CHANGED: Category.AUTHENTICATION,
    Action.FACTOR_ADDED: Category.AUTHENTICATION,
    Action.FACTOR_REMOVED: Category.AUTHENTICATION,
    Action.FACTOR_RENEWED: Category.AUTHENTICATION,
    Action.SSO_SIGNED_IN: Category.AUTHENTICATION,
    Action.SSO_SIGNED_OUT: Category.AUTHENTICATION,
    Action.SSO_AGREED: Category.PRIVACY,
    Action.SSO_WITHDREW: Category.PRIVACY,
    Action.SSO_MISUSED: Category.AUTHENTICATION,
    Action.OUTSIDE_LINKED: Category.AUTHENTICATION,
    Action.OUTSIDE_UNLINKED: Category.AUTHENTICATION,
    Action.VIEWED_IDENTITY: Category.ACCESS,
    Action.VIEWED_RESTRICTED: Category.ACCESS,
    Action.VIEWED_LOG: Category.ACCESS,
    Action.DOWNLOADED: Category.EXPORT,
    Action.EXPORTED: Category.EXPORT,
    Action.IIN_GIVEN: Category.AUTHENTICATION,
    Action.IDENTITY_PROVEN: Category.AUTHENTICATION,
    Action.REPRESENTATION_PROVEN: Category.AUTHENTICATION,
    Action.IDENTITY_RELEASED: Category.AUTHENTICATION,
    Action.ROLE_GIVEN: Category.PERMISSION,
    Action.ROLE_CHANGED: Category.PERMISSION,
    Action.ROLE_TAKEN: Category.PERMISSION,
    Action.ACCOUNT_CHANGED: Category.PERMISSION,
    Action.SUBSTITUTION_CHANGED: Category.PERMISSION,
    Action.ROSTER_CHANGED: Category.PERMISSION,
    Action.CONFIGURED: Category.CONFIGURATION,
    Action.RATINGS_REVIEWED: Category.CONFIGURATION,
    Action.CONNECTION_STEERED: Category.CONFIGURATION,
    Action.APPLICATION_CHANGED: Category.PERMISSION,
    Action.API_KEY_ISSUED: Category.PERMISSION,
    Action.API_KEY_ROTATED: Category.PERMISSION,
    Action.API_KEY_REVOKED: Category.PERMISSION,
    Action.WEBHOOK_CHANGED: Category.PERMISSION,
    Action.MALWARE_FOUND: Category.SECURITY,
    Action.CONSENT_CHANGED: Category.PRIVACY,
    Action.DATA_REQUESTED: Category.PRIVACY,
    Action.DATA_DECIDED: Category.PRIVACY,
    Action.DATA_ERASED: Category.PRIVACY,
    Action.TAKEN_DOWN: Category.PRIVACY,
    Action.HOLD_CHANGED: Category.PRIVACY,
    Action.BREACH_RECORDED: Category.PRIVACY,
    Action.CHECKPOINT_MADE: Category.SYSTEM,
    Action.SEGMENT_REMOVED: Category.SYSTEM,
    Action.CHAIN_BROKEN: Category.SYSTEM,
    Action.BREAK_ACCEPTED: Category.SYSTEM,
}


def action_choices() -> list[tuple[str, str | Promise]]:
    """Called by the field, so that a new member needs no migration."""
    return list(Action.choices)


def category_choices() -> list[tuple[str, str | Promise]]:
    return list(Category.choices)
