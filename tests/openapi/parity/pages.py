"""What each page does, and the operations that do the same; or why no program does it. Written by hand.

A page without a line here fails `test_table.py`: say which operation does the same, or why none should.
"""

from __future__ import annotations

PERSON = "A matter of the person himself, who signs in for it with two factors: no key acts for him there."
ADMINISTRATION = "The administration of the hub: done by few, seldom, signed in with two factors."
VISITOR = "Said by somebody who stands there with a phone in his hand: programs have been served at no window."
OFFICERS = "The work of officers with personal data and the log: never left to a program."
DEVELOPERS = "The pages by which programs come to the API; a key makes no keys."
LOOK = "How a page looks in a browser, or a part of it that a program has no use for."
READING = "A page to read; what stands on it comes from reference data and the terms."
CATALOGUE = "The map of the systems around the hub: read as JSON, kept by administrators; nothing is done with appeals."
FRAME = "Asked by machines or leads on; nothing is done with appeals."

# The resident and everybody.
CITIZENS: dict[str, tuple[str, ...]] = {
    "appeals:home": ("list_public_requests", "read_public_figures", "list_terms"),
    "appeals:public_list": ("list_public_requests",),
    "appeals:public_csv": ("list_public_requests",),
    "appeals:public_card": ("read_public_request",),
    "appeals:file": ("file_appeal", "file_appeals", "upload_file"),
    "appeals:help_terms": ("list_terms",),
    "appeals:track": ("read_appeal",),
    "appeals:tracking": ("read_appeal", "read_story", "list_files"),
    "appeals:receipt": ("read_receipt", "print_appeal"),
    "appeals:confirm_contact": ("confirm_contact",),
    "appeals:send_code_again": ("send_contact_code",),
    "appeals:add_message": ("add_message", "upload_file"),
    "appeals:judge": ("judge_reply", "dispute_reply"),
    "appeals:judge_solved": ("judge_reply",),
    "appeals:rate": ("rate_reply",),
    "appeals:withdraw": ("withdraw_appeal",),
    "appeals:citizen_file": ("download_file",),
    "appeals:my_appeals": ("list_appeals",),
    "appeals:who_looked": ("list_looks",),
    "notifications:preferences": ("list_notice_choices", "choose_notices"),
}

# The staff.
STAFF: dict[str, tuple[str, ...]] = {
    "appeals:staff-home": ("read_me", "list_tabs", "list_notices"),
    "appeals:staff-notices-read": ("mark_notices_read",),
    "appeals:oversight": ("read_oversight",),
    "appeals:oversight-export": ("read_oversight",),
    "appeals:desk": ("register_appeal",),
    "appeals:desk-beside": ("look_up",),
    "appeals:desk-done": ("register_appeal", "read_case"),
    "appeals:queue": ("list_cases", "list_tabs", "list_filters"),
    "appeals:queue-count": ("count_cases",),
    "appeals:queue-bulk": ("work_on_cases", "route_cases", "export_cases"),
    "appeals:queue-export": ("export_cases",),
    "appeals:filter-save": ("save_filter",),
    "appeals:filter-open-first": ("open_filter_first",),
    "appeals:filter-delete": ("delete_filter",),
    "appeals:filter-undo": ("save_filter",),
    "appeals:case": ("read_case", "read_case_story", "list_case_options"),
    "appeals:case-print": ("read_case", "read_case_story"),
    "appeals:case-file": ("download_case_file", "list_case_files"),
    "appeals:case-identity": ("read_identity",),
    "appeals:case-register": ("register_case",),
    "appeals:case-classify": ("classify_case",),
    "appeals:case-route": ("route_case",),
    "appeals:case-accept-suggestion": ("accept_suggestion",),
    "appeals:case-forward": ("forward_case",),
    "appeals:case-split": ("split_case",),
    "appeals:case-link": ("link_case",),
    "appeals:case-unlink": ("unlink_case",),
    "appeals:case-incident": ("join_incident", "list_case_options"),
    "appeals:case-incident-leave": ("leave_incident",),
    "appeals:case-promote": ("promote_case",),
    "appeals:case-move-messages": ("read_case_story", "list_case_options"),
    "appeals:case-move-message": ("move_message",),
    "appeals:case-claim": ("claim_case",),
    "appeals:case-assign": ("assign_case",),
    "appeals:case-hand-back": ("hand_back_case",),
    "appeals:case-co-executors": ("add_co_executor", "list_case_options"),
    "appeals:case-co-executor-release": ("remove_co_executor",),
    "appeals:case-note": ("add_note",),
    "appeals:case-message": ("write_to_applicant",),
    "appeals:case-ask": ("ask_applicant",),
    "appeals:case-end-wait": ("end_wait",),
    "appeals:case-read": ("mark_read",),
    "appeals:case-files": ("add_case_file",),
    "appeals:case-extend": ("extend_case",),
    "appeals:case-extension-grant": ("grant_extension",),
    "appeals:case-extension-refuse": ("refuse_extension",),
    "appeals:case-reply": (
        "read_draft", "check_reply", "send_reply", "discard_draft", "keep_back_file", "list_case_options",
    ),
    "appeals:case-reply-save": ("save_draft",),
    "appeals:case-question": ("answer_question",),
    "appeals:case-close": ("close_case",),
    "accounts:substitutions": ("list_substitutions", "list_substitutes", "set_substitution"),
    "accounts:substitution-end": ("end_substitution",),
    "accounts:shifts": ("list_shifts",),
    "accounts:shift-undo": ("make_roster",),
    "accounts:roster": ("make_roster",),
    "accounts:week-copy": ("copy_week",),
    "accounts:shift": ("change_shift",),
    "accounts:shift-swap": ("swap_shifts",),
    "accounts:shift-delete": ("delete_shift",),
}  # fmt: skip

# The statistics.
STATISTICS: dict[str, tuple[str, ...]] = {
    "reports:start": ("list_statistics", "get_statistics"),
    "reports:dashboard": ("list_statistics", "get_statistics"),
    "reports:all-reports": ("list_statistics",),
    "reports:report": ("get_statistics", "get_figures", "get_series"),
    "reports:report-csv": ("get_statistics",),
    "reports:report-json": ("get_statistics",),
    "reports:officials": ("read_oversight",),
    "reports:metrics": ("list_metrics",),
    "reports:metric": ("get_metric", "get_figures"),
    "reports:metrics-csv": ("list_metrics",),
    "reports:metrics-json": ("list_metrics",),
    "reports:data": ("list_datasets",),
    "reports:data-jsonld": ("list_datasets",),
    "reports:data-turtle": ("list_datasets",),
    "reports:data-one": ("get_dataset",),
    "reports:data-latest": ("get_dataset",),
    "reports:data-file": ("get_dataset",),
    "reports:ranking": ("get_ranking",),
    "reports:ranking-csv": ("get_ranking",),
    "reports:ranking-pair": ("compare_bodies",),
    "reports:tension": ("get_tension",),
    "reports:study": ("list_study_tables", "list_study_series"),
    "reports:study-group": ("list_study_tables", "get_study_table"),
    "reports:study-years": ("list_study_series", "get_series"),
    "reports:study-years-csv": ("list_study_series", "get_series"),
    "reports:study-contradictions": ("list_study_checks",),
    "reports:study-csv": ("get_study_table",),
    "reports:study-json": ("get_study_table",),
    "reports:qr-results": ("list_institution_ratings",),
    "reports:qr-institution": ("read_institution_ratings",),
    "reports:qr-point": ("read_point_ratings",),
    "reports:qr-staff": ("list_service_points",),
    "reports:qr-staff-new": ("add_service_point",),
    "reports:qr-staff-point": ("change_service_point",),
    "reports:qr-staff-poster": ("list_service_points",),
    "reports:qr-staff-reissue": ("reissue_point_code",),
    "reports:qr-review": ("list_ratings_to_review",),
    "reports:qr-review-heap": ("decide_ratings",),
    "reports:qr-review-comment": ("decide_rating_comment",),
}

# Single pages that no operation stands for.
WITHOUT: dict[str, str] = {
    "livez": FRAME,
    "readyz": FRAME,
    "metrics": FRAME,
    "csp_reports": FRAME,
    "set_language": LOOK,
    "ui:preferences": LOOK,
    "ui:style": LOOK,
    "appeals:filter-forget": LOOK,
    "appeals:forget_cases": LOOK,
    "appeals:help": READING,
    "appeals:help_privacy": READING,
    "appeals:help_accessibility": READING,
    "appeals:profile": PERSON,
    "appeals:hook": FRAME,
    "accounts:rights": READING,
    "accounts:rights-csv": READING,
    "outside_login": PERSON,
    **{f"reports:data-{page}": ADMINISTRATION for page in ("staff", "terms", "make", "withhold", "show")},
    "reports:report-svg": LOOK,
    "reports:qr-rate": VISITOR,
    "reports:qr-thanks": VISITOR,
    "outside_callback": PERSON,
}

# Whole families of pages, by how their names begin.
FAMILIES: dict[str, str] = {
    "account_": PERSON,
    "mfa_": PERSON,
    "socialaccount_": PERSON,
    "signin:": PERSON,
    "identity:": PERSON,
    "sso:": ADMINISTRATION,
    "idp:": FRAME,
    "audit:": OFFICERS,
    "privacy:": OFFICERS,
    "admin:": ADMINISTRATION,
    "openapi:": DEVELOPERS,
    "catalogue:": CATALOGUE,
    "reports:data": "Open data: files at addresses that stay, each with a data package, all of them by DCAT-AP.",
}

PAGES = {**CITIZENS, **STAFF, **STATISTICS}
