"""Which roles may what, in words for the tables of expectations."""

from __future__ import annotations

STAFF = (
    "operator inspector executor co_executor analyst methodologist head deputy_akim akim moderator administrator"
    " security_officer"
)
EVERYBODY = f"anonymous resident {STAFF}"
SIGNED_IN = f"resident {STAFF}"
OWNER = "resident"
NOBODY = ""
SEE = "operator inspector executor co_executor analyst methodologist head deputy_akim akim moderator administrator"
IDENTITY = "operator inspector executor head deputy_akim akim"
REGISTER = "operator inspector"
CLASSIFY = "operator inspector moderator"
ROUTE = "inspector"
WORK = "inspector executor co_executor head"
DECIDE = "head deputy_akim akim"
OVERSEE = "analyst head deputy_akim akim administrator"
CONFIGURE = "methodologist administrator"
ACCOUNTS = "administrator"
ROSTER = "head methodologist administrator"
OFFICERS = "security_officer administrator"
AUDIT = "administrator"  # the security officer has a page of his own, outside the administration site

PRIVACY = "administrator security_officer"
TAKE_DOWN = "moderator administrator security_officer"
BREACHES = "security_officer"
POINTS = "head methodologist administrator"
RATINGS = "moderator administrator"
