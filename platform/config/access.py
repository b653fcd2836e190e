"""What each page of the hub needs: one entry per URL name. A name without an entry is closed to everybody.

`tests/test_access.py` walks all addresses: each has an entry here, each entry an address, and for every role each is
allowed or refused as `tests/access_expected.py` says, which is written independently of this table.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounts.rights import Action
from config.access_open_api import OPEN_API
from config.access_rules import PUBLIC, SIGNED_IN, STAFF, Access, own_check, right

A = Action
SEE, WORK, ROUTE, CONFIGURE = right(A.SEE), right(A.WORK), right(A.ROUTE), right(A.CONFIGURE)
ADMINISTRATION = right(A.CONFIGURE, A.MANAGE_ACCOUNTS)  # the frame of the administration site
BY_CODE = own_check("Number and secret code, or the account that filed the appeal: appeals.views.citizen.access.")

SITE: dict[str, Access] = {
    "livez": PUBLIC,
    "readyz": PUBLIC,
    "metrics": own_check("The networks and the token of the settings, never through a proxy: monitoring.guard."),
    "csp_reports": PUBLIC,
    "set_language": PUBLIC,
    "ui:preferences": PUBLIC,
    "ui:style": own_check("Developers on their own machine, and members of the staff marked for the administration."),
    "notifications:preferences": SIGNED_IN,
}

ALLAUTH: dict[str, Access] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": PUBLIC,
    "account_email_verification_sent": PUBLIC,
    "account_confirm_email": own_check("The signed key in the address, sent to the e-mail address it confirms."),
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": own_check("The key in the address, sent to the e-mail address of the account."),
    "account_reset_password_from_key_done": PUBLIC,
    "account_confirm_login_code": own_check("The code of a sign-in that this session has begun."),
    "mfa_authenticate": own_check("The second factor of a sign-in that this session has begun."),
    "account_reauthenticate": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": right(A.MY_DATA, reauthentication=True),
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_login_webauthn": PUBLIC,
}

SIGN_IN_BEGUN = own_check("A sign-in, a registration or a reset that this session has begun.")

SIGN_IN: dict[str, Access] = {
    "signin:register": PUBLIC,
    "signin:registration_code": SIGN_IN_BEGUN,
    "signin:registration_send": SIGN_IN_BEGUN,
    "signin:second_factor": SIGN_IN_BEGUN,
    "signin:send_code": SIGN_IN_BEGUN,
    "signin:recovery_code": SIGN_IN_BEGUN,
    "signin:lost_phone": SIGN_IN_BEGUN,
    "signin:cancel": SIGN_IN_BEGUN,
    "signin:password_reset": PUBLIC,
    "signin:reset_code": SIGN_IN_BEGUN,
    "signin:reset_send": SIGN_IN_BEGUN,
    "signin:new_password": SIGN_IN_BEGUN,
    "signin:to_contacts": SIGNED_IN,
    "signin:find_account": right(A.SECURE_ACCOUNTS),
    "signin:account": right(A.SECURE_ACCOUNTS),
    "signin:take_away": right(A.SECURE_ACCOUNTS, reauthentication=True),
    "signin:close_sessions": right(A.SECURE_ACCOUNTS, reauthentication=True),
    "signin:send_link": right(A.SECURE_ACCOUNTS, reauthentication=True),
    "signin:not_now": SIGNED_IN,
    "signin:contacts": SIGNED_IN,
    "signin:change_contact": SIGNED_IN,
    "signin:confirm_contact": SIGNED_IN,
    "signin:remove_contact": SIGNED_IN,
    "signin:demo_messages": own_check("There on an installation for trying out alone, where no message leaves it."),
    "signin:security": SIGNED_IN,
    "signin:forget_device": SIGNED_IN,
    "signin:sessions": SIGNED_IN,
    "signin:end_session": SIGNED_IN,
    "signin:end_others": SIGNED_IN,
    "signin:end_everywhere": SIGNED_IN,
    "signin:not_me": SIGNED_IN,
    "signin:factors": SIGNED_IN,
    "signin:add_app": SIGNED_IN,
    "signin:add_passkey": SIGNED_IN,
    "signin:remove_passkey": SIGNED_IN,
    "signin:recovery_codes": SIGNED_IN,
    "signin:make_recovery_codes": SIGNED_IN,
    "signin:recovery_codes_sheet": SIGNED_IN,
    "signin:recovery_codes_file": SIGNED_IN,
}

IDENTITY: dict[str, Access] = {
    "identity:civic_id": SIGNED_IN,
    "identity:iin": SIGNED_IN,
    "identity:start": SIGNED_IN,
    "identity:hand_in": SIGNED_IN,
    "identity:challenge_file": SIGNED_IN,
    "identity:check_again": SIGNED_IN,
}

MANAGE_SSO = right(A.MANAGE_SSO, reauthentication=True)
BY_TOKEN = own_check("The secret, the code or the token of a connected system: sso.provider.")
SSO_BY_PERSON = own_check("Whoever is not signed in is led to sign in; a silent request gets an answer: sso.provider.")

SSO: dict[str, Access] = {
    "idp:oidc:configuration": PUBLIC,
    "idp:oidc:jwks": PUBLIC,
    "idp:oidc:authorization": SSO_BY_PERSON,
    "idp:oidc:consent": SSO_BY_PERSON,
    "idp:oidc:logout": own_check("The identity token of the sign-in that ends, or the answer of the person."),
    "idp:oidc:token": BY_TOKEN,
    "idp:oidc:revoke": BY_TOKEN,
    "idp:oidc:userinfo": BY_TOKEN,
    "idp:oidc:device_code": PUBLIC,  # nothing is offered there
    "socialaccount_login_cancelled": PUBLIC,
    "outside_login": PUBLIC,
    "outside_callback": own_check("The state of a sign-in that this session has begun, and the provider's signature."),
    "sso:connected": SIGNED_IN,
    "sso:withdraw": SIGNED_IN,
    "sso:unlink": right(A.MY_DATA, reauthentication=True),
    "sso:systems": right(A.MANAGE_SSO),
    "sso:system": right(A.MANAGE_SSO),
    "sso:system_new": MANAGE_SSO,
    "sso:system_change": MANAGE_SSO,
    "sso:system_secret": MANAGE_SSO,
    "sso:system_switch": MANAGE_SSO,
    "sso:outsides": right(A.MANAGE_SSO),
    "sso:outside": MANAGE_SSO,
    "sso:outside_new": MANAGE_SSO,
    "sso:outside_change": MANAGE_SSO,
    "sso:outside_switch": MANAGE_SSO,
    "sso:outside_unlink": MANAGE_SSO,
}

RESIDENTS: dict[str, Access] = {
    "appeals:home": PUBLIC,
    "appeals:public_list": PUBLIC,
    "appeals:public_csv": PUBLIC,
    "appeals:public_card": PUBLIC,
    "appeals:file": PUBLIC,
    "appeals:help": PUBLIC,
    "appeals:help_terms": PUBLIC,
    "appeals:help_privacy": PUBLIC,
    "appeals:help_accessibility": PUBLIC,
    "appeals:track": PUBLIC,
    "appeals:forget_cases": PUBLIC,
    "appeals:tracking": BY_CODE,
    "appeals:receipt": BY_CODE,
    "appeals:confirm_contact": BY_CODE,
    "appeals:send_code_again": BY_CODE,
    "appeals:add_message": BY_CODE,
    "appeals:judge": BY_CODE,
    "appeals:judge_solved": BY_CODE,
    "appeals:rate": BY_CODE,
    "appeals:withdraw": BY_CODE,
    "appeals:citizen_file": BY_CODE,
    "appeals:my_appeals": right(A.MY_APPEALS),
    "appeals:profile": SIGNED_IN,
    "appeals:who_looked": SIGNED_IN,
    "appeals:hook": own_check("The signature or the secret of the channel; the answer never depends on a session."),
}

CASES: dict[str, Access] = {
    "appeals:staff-home": STAFF,
    "appeals:staff-notices-read": STAFF,
    "appeals:oversight": right(A.OVERSEE),
    "appeals:oversight-export": right(A.OVERSEE),
    "appeals:desk": right(A.REGISTER),
    "appeals:desk-beside": right(A.REGISTER),
    "appeals:desk-done": right(A.REGISTER),
    "appeals:queue": SEE,
    "appeals:queue-count": SEE,
    "appeals:queue-bulk": SEE,
    "appeals:queue-export": right(A.EXPORT),
    "appeals:filter-save": SEE,
    "appeals:filter-open-first": SEE,
    "appeals:filter-delete": SEE,
    "appeals:filter-undo": SEE,
    "appeals:filter-forget": SEE,
    "appeals:case": SEE,
    "appeals:case-print": SEE,
    "appeals:case-file": SEE,
    "appeals:case-identity": right(A.SEE_IDENTITY),
    "appeals:case-register": right(A.REGISTER),
    "appeals:case-classify": right(A.CLASSIFY),
    "appeals:case-route": ROUTE,
    "appeals:case-accept-suggestion": ROUTE,
    "appeals:case-forward": ROUTE,
    "appeals:case-split": ROUTE,
    "appeals:case-link": ROUTE,
    "appeals:case-unlink": ROUTE,
    "appeals:case-incident": ROUTE,
    "appeals:case-incident-leave": ROUTE,
    "appeals:case-promote": ROUTE,
    "appeals:case-move-messages": ROUTE,
    "appeals:case-move-message": ROUTE,
    "appeals:case-claim": right(A.CLAIM),
    "appeals:case-assign": right(A.ASSIGN),
    "appeals:case-hand-back": WORK,
    "appeals:case-co-executors": WORK,
    "appeals:case-co-executor-release": WORK,
    "appeals:case-note": WORK,
    "appeals:case-message": WORK,
    "appeals:case-ask": WORK,
    "appeals:case-end-wait": WORK,
    "appeals:case-read": WORK,
    "appeals:case-files": WORK,
    "appeals:case-extend": right(A.WORK, A.EXTEND),
    "appeals:case-extension-grant": right(A.EXTEND),
    "appeals:case-extension-refuse": right(A.EXTEND),
    "appeals:case-reply": WORK,
    "appeals:case-reply-save": right(A.WORK, tells_visitors=True),
    "appeals:case-question": WORK,
    "appeals:case-close": right(A.REPLY),
}

OFFICERS: dict[str, Access] = {
    "audit:log": right(A.AUDIT),
    "audit:export": right(A.AUDIT),
    "audit:print": right(A.AUDIT),
    "audit:record": right(A.AUDIT),
    "audit:accept": right(A.MANAGE_BREACHES, reauthentication=True),
}

PRIVACY, TAKE_DOWNS, BREACHES = right(A.MANAGE_PRIVACY), right(A.TAKE_DOWN), right(A.MANAGE_BREACHES)

PERSONAL_DATA: dict[str, Access] = {
    "privacy:consents": PUBLIC,
    "privacy:takedown": PUBLIC,
    "privacy:requests": SIGNED_IN,
    "privacy:export": SIGNED_IN,
    "privacy:request-new": SIGNED_IN,
    "privacy:request": SIGNED_IN,
    "privacy:request-cancel": SIGNED_IN,
    "privacy:download": right(A.MY_DATA, reauthentication=True),
    "privacy:my-consents": SIGNED_IN,
    "privacy:consent-give": SIGNED_IN,
    "privacy:consent-withdraw": SIGNED_IN,
    "privacy:staff": PRIVACY,
    "privacy:staff-register": PRIVACY,
    "privacy:staff-request": PRIVACY,
    "privacy:staff-lift": PRIVACY,
    "privacy:staff-takedowns": TAKE_DOWNS,
    "privacy:staff-takedown": TAKE_DOWNS,
    "privacy:staff-retention": PRIVACY,
    "privacy:staff-hold": PRIVACY,
    "privacy:staff-hold-lift": PRIVACY,
    "privacy:staff-breaches": BREACHES,
    "privacy:staff-breach-new": BREACHES,
    "privacy:staff-breach": BREACHES,
    "privacy:staff-breach-edit": BREACHES,
    "privacy:staff-breach-told": BREACHES,
    "privacy:staff-breach-close": BREACHES,
    "privacy:staff-breach-notice": BREACHES,
    "privacy:staff-breach-persons": BREACHES,
    "privacy:staff-breach-csv": right(A.MANAGE_BREACHES, reauthentication=True),
    "privacy:staff-texts": CONFIGURE,
    "privacy:staff-text": CONFIGURE,
    "privacy:staff-text-publish": CONFIGURE,
}

MANAGE_POINTS, REVIEW_RATINGS = right(A.MANAGE_POINTS), right(A.REVIEW_RATINGS)

QR_SCORE: dict[str, Access] = {
    "reports:impact": PUBLIC,
    "reports:problems": PUBLIC,
    "reports:problem": PUBLIC,
    "reports:ranking": PUBLIC,
    "reports:ranking-pair": PUBLIC,
    "reports:qr-rate": PUBLIC,
    "reports:qr-thanks": PUBLIC,
    "reports:qr-results": PUBLIC,
    "reports:qr-institution": PUBLIC,
    "reports:qr-point": PUBLIC,
    "reports:qr-staff": MANAGE_POINTS,
    "reports:qr-staff-new": MANAGE_POINTS,
    "reports:qr-staff-point": MANAGE_POINTS,
    "reports:qr-staff-poster": MANAGE_POINTS,
    "reports:qr-staff-reissue": MANAGE_POINTS,
    "reports:qr-review": REVIEW_RATINGS,
    "reports:qr-review-heap": REVIEW_RATINGS,
    "reports:qr-review-comment": REVIEW_RATINGS,
}

OPEN_DATA_CARE = right(A.CONFIGURE, A.TAKE_DOWN)

OPEN_DATA: dict[str, Access] = {
    "reports:data": PUBLIC,
    "reports:data-jsonld": PUBLIC,
    "reports:data-turtle": PUBLIC,
    "reports:data-one": PUBLIC,
    "reports:data-latest": PUBLIC,
    "reports:data-file": PUBLIC,
    "reports:data-staff": OPEN_DATA_CARE,
    "reports:data-terms": CONFIGURE,
    "reports:data-make": CONFIGURE,
    "reports:data-withhold": OPEN_DATA_CARE,
    "reports:data-show": OPEN_DATA_CARE,
}

MANAGE_API = right(A.MANAGE_API)

CATALOGUE: dict[str, Access] = {
    "catalogue:platforms": PUBLIC,
    "catalogue:platform": PUBLIC,
    "catalogue:json": PUBLIC,
    "catalogue:connections": MANAGE_API,
    "catalogue:connection": MANAGE_API,
    "catalogue:start": MANAGE_API,
    "catalogue:pause": MANAGE_API,
    "catalogue:resume": MANAGE_API,
}

STATISTICS: dict[str, Access] = {
    "reports:start": PUBLIC,
    "reports:officials": right(A.OVERSEE),
    "reports:dashboard": PUBLIC,
    "reports:all-reports": PUBLIC,
    "reports:report": PUBLIC,
    "reports:report-csv": PUBLIC,
    "reports:report-json": PUBLIC,
    "reports:report-svg": PUBLIC,
    "reports:metrics": PUBLIC,
    "reports:metric": PUBLIC,
    "reports:metrics-csv": PUBLIC,
    "reports:metrics-json": PUBLIC,
    "reports:study": PUBLIC,
    "reports:study-contradictions": PUBLIC,
    "reports:study-years": PUBLIC,
    "reports:study-years-csv": PUBLIC,
    "reports:study-group": PUBLIC,
    "reports:study-csv": PUBLIC,
    "reports:study-json": PUBLIC,
}
SEE_REPORTS = right(A.OVERSEE, A.EXPORT)  # which forms: reports.periodic.rights
MANAGE_REPORTS = right(A.MANAGE_REPORTS)

REPORTS: dict[str, Access] = {
    "reports:periodic": SEE_REPORTS,
    "reports:periodic-form": SEE_REPORTS,
    "reports:periodic-make": MANAGE_REPORTS,
    "reports:published": SEE_REPORTS,
    "reports:published-state": SEE_REPORTS,
    "reports:published-again": MANAGE_REPORTS,
    "reports:published-file": SEE_REPORTS,
    "reports:schedules": SEE_REPORTS,
    "reports:schedule": SEE_REPORTS,
    "reports:schedule-new": MANAGE_REPORTS,
    "reports:schedule-edit": MANAGE_REPORTS,
    "reports:schedule-run": MANAGE_REPORTS,
    "reports:schedule-pause": MANAGE_REPORTS,
    "reports:schedule-resume": MANAGE_REPORTS,
    "reports:schedule-delete": MANAGE_REPORTS,
    "reports:check-start": PUBLIC,
    "reports:check": PUBLIC,
    "reports:check-file": PUBLIC,
    **dict.fromkeys(
        (
            "reports:builder", "reports:builder-file", "reports:builder-save", "reports:builder-link",
            "reports:builder-saved", "reports:builder-rename", "reports:builder-share", "reports:builder-copy",
            "reports:builder-delete",
        ),
        right(A.OVERSEE),
    ),
}  # fmt: skip

WARNINGS: dict[str, Access] = {
    "reports:warnings": right(A.OVERSEE),
    "reports:warnings-subscribe": right(A.OVERSEE),
    "reports:warning": right(A.OVERSEE),
    "reports:warning-state": right(A.OVERSEE),
    "reports:warning-undo": right(A.OVERSEE),
    "reports:tension": PUBLIC,
}

TEAM: dict[str, Access] = {
    "accounts:rights": right(A.SEE_RIGHTS),
    "accounts:rights-csv": right(A.SEE_RIGHTS),
    "accounts:substitutions": right(A.SUBSTITUTE),
    "accounts:substitution-end": right(A.SUBSTITUTE),
    "accounts:shifts": right(A.SEE_SHIFTS),
    "accounts:shift-undo": right(A.MANAGE_SHIFTS),
    "accounts:roster": right(A.MANAGE_SHIFTS),
    "accounts:week-copy": right(A.MANAGE_SHIFTS),
    "accounts:shift": right(A.MANAGE_SHIFTS),
    "accounts:shift-swap": right(A.MANAGE_SHIFTS),
    "accounts:shift-delete": right(A.MANAGE_SHIFTS),
}

# Tables of the administration site: what one needs to open one of their five pages.
ADMIN_TABLES: dict[str, Access] = {
    "common_calendarday": CONFIGURE,
    "common_officehours": CONFIGURE,
    "appeals_topic": CONFIGURE,
    "appeals_slapolicy": CONFIGURE,
    "appeals_escalationstep": CONFIGURE,
    "appeals_routingrule": CONFIGURE,
    "appeals_knowledgearticle": CONFIGURE,
    "appeals_replytemplate": CONFIGURE,
    "appeals_channelparameters": CONFIGURE,
    "appeals_replygateparameters": CONFIGURE,
    "organizations_organization": CONFIGURE,
    "organizations_department": CONFIGURE,
    "organizations_area": CONFIGURE,
    "organizations_sector": CONFIGURE,
    "appeals_appealevent": right(A.SEE_LOGS),
    "appeals_rawdelivery": right(A.SEE_LOGS),
    "appeals_channelcounter": right(A.SEE_LOGS),
    "appeals_termrecalculation": right(A.SEE_LOGS),
    "notifications_notification": right(A.SEE_LOGS),
    "audit_auditrecord": right(A.AUDIT),
    "audit_auditcheckpoint": right(A.AUDIT),
    "audit_chaincheck": right(A.AUDIT),
    "accounts_user": right(A.MANAGE_ACCOUNTS, reauthentication=True),
    "catalogue_platform": CONFIGURE,
    "catalogue_platformfact": CONFIGURE,
    "catalogue_dataflow": CONFIGURE,
    "reports_disclosurerule": CONFIGURE,
    "reports_warningthreshold": CONFIGURE,
    "reports_tensioncomponent": CONFIGURE,
    "privacy_term": CONFIGURE,
    "privacy_ground": CONFIGURE,
    "privacy_retentionrule": CONFIGURE,
    "privacy_consentpurpose": CONFIGURE,
    "privacy_retentionrun": right(A.SEE_LOGS),
    "privacy_consentevent": right(A.AUDIT),
    "privacy_caseevent": right(A.AUDIT),
}
ADMIN_PAGES = ("changelist", "add", "history", "delete", "change")

ADMIN: dict[str, Access] = {
    "admin:login": PUBLIC,  # leads to the hub's own page
    "admin:logout": SIGNED_IN,
    "admin:index": ADMINISTRATION,
    "admin:app_list": ADMINISTRATION,
    "admin:rights": ADMINISTRATION,
    "admin:autocomplete": ADMINISTRATION,
    "admin:jsi18n": ADMINISTRATION,
    "admin:view_on_site": ADMINISTRATION,
    "admin:password_change": ADMINISTRATION,
    "admin:password_change_done": ADMINISTRATION,
    "admin:auth_user_password_change": right(A.MANAGE_ACCOUNTS, reauthentication=True),
    # The short addresses of a row, and whatever else stands below /admin/: they lead on or to nothing.
    "admin:django.views.generic.base.RedirectView": ADMINISTRATION,
    "admin:django.contrib.admin.sites.catch_all_view": ADMINISTRATION,
}


def _admin_tables() -> Iterator[tuple[str, Access]]:
    for table, access in ADMIN_TABLES.items():
        for page in ADMIN_PAGES:
            yield f"admin:{table}_{page}", access


ACCESS: dict[str, Access] = {
    **SITE,
    **ALLAUTH,
    **SIGN_IN,
    **SSO,
    **IDENTITY,
    **RESIDENTS,
    **CASES,
    **TEAM,
    **OFFICERS,
    **PERSONAL_DATA,
    **OPEN_DATA,
    **CATALOGUE,
    **QR_SCORE,
    **STATISTICS,
    **WARNINGS,
    **REPORTS,
    **OPEN_API,
    **ADMIN,
    **dict(_admin_tables()),
}
