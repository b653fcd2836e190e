"""Who may open which page, written down by hand and on purpose not computed from the table it is compared with.

A new page needs a line here beside its entry in `config/access.py`. Under each name stand the roles that may; `BY_CODE`
pages open for the resident whose appeal it is (and for whoever has the code, which the tests of these pages prove).
"""

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

EXPECTED: dict[str, str] = {
    "livez": EVERYBODY,
    "readyz": EVERYBODY,
    "csp_reports": EVERYBODY,
    "set_language": EVERYBODY,
    "ui:preferences": EVERYBODY,
    "ui:style": "administrator methodologist",
    "notifications:preferences": SIGNED_IN,
    # sign-in
    "account_login": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_inactive": EVERYBODY,
    "account_signup": EVERYBODY,
    "account_email_verification_sent": EVERYBODY,
    "account_confirm_email": EVERYBODY,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "account_confirm_login_code": SIGNED_IN,  # leads home; a visitor who has begun no sign-in is sent to begin one
    "mfa_authenticate": SIGNED_IN,  # likewise
    "account_reauthenticate": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
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
    "mfa_login_webauthn": SIGNED_IN,  # leads home; a visitor is led to the page with the button for it
    # Pages of a sign-in or registration that was begun lead away whoever has begun none: to sign in, or home.
    "signin:register": EVERYBODY,
    "signin:registration_code": EVERYBODY,
    "signin:registration_send": EVERYBODY,
    "signin:second_factor": SIGNED_IN,
    "signin:send_code": SIGNED_IN,
    "signin:recovery_code": SIGNED_IN,
    "signin:lost_phone": SIGNED_IN,
    "signin:cancel": SIGNED_IN,
    "signin:password_reset": EVERYBODY,
    "signin:reset_code": EVERYBODY,
    "signin:reset_send": EVERYBODY,
    "signin:new_password": EVERYBODY,
    "signin:to_contacts": SIGNED_IN,
    "signin:find_account": "administrator security_officer",
    "signin:account": "administrator security_officer",
    "signin:take_away": "administrator security_officer",
    "signin:close_sessions": "administrator security_officer",
    "signin:send_link": "administrator security_officer",
    "signin:not_now": SIGNED_IN,
    "signin:contacts": SIGNED_IN,
    "signin:change_contact": SIGNED_IN,
    "signin:confirm_contact": SIGNED_IN,
    "signin:remove_contact": SIGNED_IN,
    "signin:demo_messages": EVERYBODY,
    # the audit log
    "audit:log": OFFICERS,
    "audit:export": OFFICERS,
    "audit:print": OFFICERS,
    "audit:record": OFFICERS,
    "audit:accept": BREACHES,
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
    # residents
    "appeals:home": EVERYBODY,
    "appeals:public_list": EVERYBODY,
    "appeals:public_csv": EVERYBODY,
    "appeals:public_card": EVERYBODY,
    "appeals:file": EVERYBODY,
    "appeals:help": EVERYBODY,
    "appeals:help_terms": EVERYBODY,
    "appeals:help_privacy": EVERYBODY,
    "appeals:help_accessibility": EVERYBODY,
    "appeals:track": EVERYBODY,
    "appeals:forget_cases": EVERYBODY,
    "appeals:tracking": OWNER,
    "appeals:receipt": OWNER,
    "appeals:confirm_contact": OWNER,
    "appeals:send_code_again": OWNER,
    "appeals:add_message": OWNER,
    "appeals:judge": OWNER,
    "appeals:judge_solved": OWNER,
    "appeals:rate": OWNER,
    "appeals:withdraw": OWNER,
    "appeals:citizen_file": OWNER,
    "appeals:my_appeals": SIGNED_IN,
    "appeals:profile": SIGNED_IN,
    "appeals:who_looked": SIGNED_IN,
    "appeals:hook": NOBODY,  # whatever role: without the signature of the channel it is refused
    # the identity of one's own account
    "identity:civic_id": SIGNED_IN,
    "identity:iin": SIGNED_IN,
    "identity:start": SIGNED_IN,
    "identity:hand_in": SIGNED_IN,
    "identity:challenge_file": SIGNED_IN,
    "identity:check_again": SIGNED_IN,
    # staff
    "appeals:staff-home": STAFF,
    "appeals:staff-notices-read": STAFF,
    "appeals:oversight": OVERSEE,
    "appeals:oversight-export": OVERSEE,
    "appeals:desk": REGISTER,
    "appeals:desk-beside": REGISTER,
    "appeals:desk-done": REGISTER,
    "appeals:queue": SEE,
    "appeals:queue-count": SEE,
    "appeals:queue-bulk": SEE,
    "appeals:queue-export": "inspector analyst head deputy_akim akim administrator",
    "appeals:filter-save": SEE,
    "appeals:filter-open-first": SEE,
    "appeals:filter-delete": SEE,
    "appeals:filter-undo": SEE,
    "appeals:filter-forget": SEE,
    "appeals:case": SEE,
    "appeals:case-print": SEE,
    "appeals:case-file": SEE,
    "appeals:case-identity": IDENTITY,
    "appeals:case-register": REGISTER,
    "appeals:case-classify": CLASSIFY,
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
    "appeals:case-claim": "executor head",
    "appeals:case-assign": "inspector head deputy_akim akim",
    "appeals:case-hand-back": WORK,
    "appeals:case-co-executors": WORK,
    "appeals:case-co-executor-release": "inspector head",  # others release only themselves, or from their own case
    "appeals:case-note": WORK,
    "appeals:case-message": WORK,
    "appeals:case-ask": WORK,
    "appeals:case-end-wait": WORK,
    "appeals:case-read": WORK,
    "appeals:case-files": WORK,
    "appeals:case-extend": f"{WORK} deputy_akim akim",
    "appeals:case-extension-grant": DECIDE,
    "appeals:case-extension-refuse": DECIDE,
    "appeals:case-reply": WORK,
    "appeals:case-reply-save": f"anonymous {WORK}",  # a visitor is told beside his text that the session is over
    "appeals:case-question": WORK,
    "appeals:case-close": "executor head",
    # one sign-in for the connected systems, and through an outside provider
    "idp:oidc:configuration": EVERYBODY,
    "idp:oidc:jwks": EVERYBODY,
    "idp:oidc:authorization": NOBODY,  # without a system it is refused; see tests/sso/test_provider.py
    "idp:oidc:consent": NOBODY,
    "idp:oidc:logout": EVERYBODY,  # asks whether to sign out
    # the open API: a session opens nothing there
    "openapi:document": EVERYBODY,
    "openapi:v1:appeals-list": NOBODY,
    "openapi:v1:appeals-detail": NOBODY,
    "openapi:v1:reference-topics": NOBODY,
    "openapi:v1:reference-sectors": NOBODY,
    "openapi:v1:reference-areas": NOBODY,
    "openapi:v1:reference-departments": NOBODY,
    "openapi:v1:sandbox": NOBODY,
    "openapi:v1:sandbox-clock": NOBODY,
    "openapi:v1:sandbox-reset": NOBODY,
    "openapi:v1:sandbox-messages": NOBODY,
    "idp:oidc:token": NOBODY,
    "idp:oidc:revoke": NOBODY,
    "idp:oidc:userinfo": NOBODY,
    "idp:oidc:device_code": NOBODY,
    "socialaccount_login_cancelled": EVERYBODY,
    "outside_login": NOBODY,
    "outside_callback": NOBODY,
    "sso:connected": SIGNED_IN,
    "sso:withdraw": SIGNED_IN,
    "sso:unlink": SIGNED_IN,
    "sso:systems": ACCOUNTS,
    "sso:system": ACCOUNTS,
    "sso:system_new": ACCOUNTS,
    "sso:system_change": ACCOUNTS,
    "sso:system_secret": ACCOUNTS,
    "sso:system_switch": ACCOUNTS,
    "sso:outsides": ACCOUNTS,
    "sso:outside": ACCOUNTS,
    "sso:outside_new": ACCOUNTS,
    "sso:outside_change": ACCOUNTS,
    "sso:outside_switch": ACCOUNTS,
    "sso:outside_unlink": ACCOUNTS,
    # personal data
    "privacy:consents": EVERYBODY,
    "privacy:takedown": EVERYBODY,
    "privacy:requests": SIGNED_IN,
    "privacy:export": SIGNED_IN,
    "privacy:request-new": SIGNED_IN,
    "privacy:request": SIGNED_IN,
    "privacy:request-cancel": SIGNED_IN,
    "privacy:download": NOBODY,  # there is no copy before a job has made it; its tests prove the rest
    "privacy:my-consents": SIGNED_IN,
    "privacy:consent-give": NOBODY,  # asked without the purpose
    "privacy:consent-withdraw": NOBODY,  # asked without the consent
    "privacy:staff": PRIVACY,
    "privacy:staff-register": PRIVACY,
    "privacy:staff-request": PRIVACY,
    "privacy:staff-lift": PRIVACY,
    "privacy:staff-takedowns": TAKE_DOWN,
    "privacy:staff-takedown": TAKE_DOWN,
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
    "privacy:staff-breach-persons": NOBODY,  # asked without the way to search
    "privacy:staff-breach-csv": BREACHES,
    "privacy:staff-texts": CONFIGURE,
    "privacy:staff-text": CONFIGURE,
    "privacy:staff-text-publish": CONFIGURE,
    # the team
    "accounts:rights": STAFF,
    "accounts:rights-csv": STAFF,
    "accounts:substitutions": STAFF,
    "accounts:substitution-end": STAFF,  # one's own; a head's people and an administrator's are tested with the step
    "accounts:shifts": STAFF,
    "accounts:shift-undo": ROSTER,
    "accounts:roster": ROSTER,
    "accounts:week-copy": ROSTER,
    "accounts:shift": ROSTER,
    "accounts:shift-swap": ROSTER,
    "accounts:shift-delete": ROSTER,
    # the administration site
    "admin:login": CONFIGURE,  # whoever may not enter is told so; a visitor signs in on the page of the hub
    "admin:logout": SIGNED_IN,
    "admin:index": CONFIGURE,
    "admin:app_list": CONFIGURE,
    "admin:rights": CONFIGURE,
    "admin:autocomplete": NOBODY,  # asked without the field it is for
    "admin:jsi18n": CONFIGURE,
    "admin:view_on_site": NOBODY,  # nothing there has a page of its own on the site
    "admin:password_change": CONFIGURE,
    "admin:password_change_done": CONFIGURE,
    "admin:auth_user_password_change": ACCOUNTS,
    "admin:django.views.generic.base.RedirectView": CONFIGURE,
    "admin:django.contrib.admin.sites.catch_all_view": NOBODY,
}

# Tables of the administration site: who may open the list and a row, who may add, who may delete.
ADMIN_TABLES: dict[str, tuple[str, str, str]] = {
    "common_calendarday": (CONFIGURE, CONFIGURE, CONFIGURE),
    "common_officehours": (CONFIGURE, CONFIGURE, CONFIGURE),
    "appeals_topic": (CONFIGURE, CONFIGURE, CONFIGURE),
    "appeals_slapolicy": (CONFIGURE, CONFIGURE, CONFIGURE),
    "appeals_escalationstep": (CONFIGURE, CONFIGURE, CONFIGURE),
    "appeals_routingrule": (CONFIGURE, CONFIGURE, NOBODY),
    "appeals_knowledgearticle": (CONFIGURE, CONFIGURE, CONFIGURE),
    "appeals_replytemplate": (CONFIGURE, CONFIGURE, CONFIGURE),
    "appeals_channelparameters": (CONFIGURE, CONFIGURE, CONFIGURE),
    "appeals_replygateparameters": (CONFIGURE, NOBODY, NOBODY),  # there is one row
    "appeals_appealevent": (CONFIGURE, NOBODY, NOBODY),
    "appeals_rawdelivery": (CONFIGURE, NOBODY, NOBODY),
    "appeals_channelcounter": (CONFIGURE, NOBODY, NOBODY),
    "appeals_termrecalculation": (CONFIGURE, NOBODY, NOBODY),
    "notifications_notification": (CONFIGURE, NOBODY, NOBODY),
    "audit_auditrecord": (AUDIT, NOBODY, NOBODY),
    "audit_auditcheckpoint": (AUDIT, NOBODY, NOBODY),
    "audit_chaincheck": (AUDIT, NOBODY, NOBODY),
    "accounts_user": (ACCOUNTS, ACCOUNTS, NOBODY),
    "privacy_term": (CONFIGURE, CONFIGURE, CONFIGURE),
    "privacy_ground": (CONFIGURE, CONFIGURE, CONFIGURE),
    "privacy_retentionrule": (CONFIGURE, CONFIGURE, CONFIGURE),
    "privacy_consentpurpose": (CONFIGURE, CONFIGURE, CONFIGURE),
    "privacy_retentionrun": (CONFIGURE, NOBODY, NOBODY),
    "privacy_consentevent": (AUDIT, NOBODY, NOBODY),
    "privacy_caseevent": (AUDIT, NOBODY, NOBODY),
    "organizations_organization": (CONFIGURE, CONFIGURE, CONFIGURE),
    "organizations_department": (CONFIGURE, CONFIGURE, CONFIGURE),
    "organizations_area": (CONFIGURE, CONFIGURE, CONFIGURE),
    "organizations_sector": (CONFIGURE, CONFIGURE, CONFIGURE),
}
for table, (view, add, delete) in ADMIN_TABLES.items():
    may = {"changelist": view, "history": view, "add": add, "change": view, "delete": delete}
    EXPECTED |= {f"admin:{table}_{page}": roles for page, roles in may.items()}
