"""Every stable error code the API gives, with what it means: what the page of errors shows, code by code."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class ErrorCode:
    """`status` is the usual one; the answer itself says which it was."""

    code: str
    status: int
    meaning: Words


KEY = (
    ErrorCode("not_authenticated", 401, _("No key was sent. Send it as “Authorization: Bearer” or as “X-API-Key”.")),
    ErrorCode("key_invalid", 401, _("The key is unknown, expired or revoked.")),
    ErrorCode("application_closed", 403, _("The application is not approved, or its owner is locked.")),
    ErrorCode("address_not_allowed", 403, _("The key does not work from this address.")),
    ErrorCode("scope_missing", 403, _("The key lacks the scope that the operation needs.")),
    ErrorCode("not_allowed", 403, _("The owner of the key, or the role in the sandbox, may not do this here.")),
    ErrorCode("permission_denied", 403, _("You have no right to do this.")),
    ErrorCode("throttled", 429, _("Too many requests in a minute. Retry-After says how long to wait.")),
    ErrorCode("too_many", 429, _("Too many tries in a short time, or too many parts in one request.")),
    ErrorCode("appeals_per_day", 429, _("This applicant has filed as many appeals as one may in a day.")),
)
REQUEST = (
    ErrorCode("parse_error", 400, _("The body is no valid JSON.")),
    ErrorCode("no_such_address", 404, _("There is nothing at this address.")),
    ErrorCode("not_found", 404, _("It does not exist, or not for this key.")),
    ErrorCode("method_not_allowed", 405, _("This address does not take that method")),
    ErrorCode("not_acceptable", 406, _("That format is not offered")),
    ErrorCode("unsupported_media_type", 415, _("That format is not understood")),
    ErrorCode("invalid_cursor", 422, _("This is no cursor: take `next_cursor` of the page before.")),
    ErrorCode("needed", 422, _("A statutory appeal needs the applicant's name, IIN or BIN and postal address.")),
    ErrorCode("unknown", 422, _("Something the request names does not exist; `errors` says what.")),
    ErrorCode("conflict", 409, _("The state has changed in the meantime or does not allow the step.")),
    ErrorCode("error", 500, _("Something broke in the hub. Repeat with the same Idempotency-Key.")),
    ErrorCode("domain_error", 400, _("This cannot be done.")),
)
REPEATING = (
    ErrorCode(
        "idempotency_key_missing",
        422,
        _("Send an Idempotency-Key, such as a UUID: a repeated request is then done once."),
    ),
    ErrorCode("idempotency_key_invalid", 422, _("The Idempotency-Key must have 1 to 255 visible ASCII signs.")),
    ErrorCode("idempotency_key_reused", 422, _("This Idempotency-Key was used for another request. Take a new one.")),
    ErrorCode("too_large", 413, _("The request is larger than the hub takes.")),
    ErrorCode("busy", 409, _("The same is being done at the moment. Try again shortly.")),
    ErrorCode(
        "version_missing",
        428,
        _("Send If-Match with the ETag of what you have read, or * to go on whatever has happened."),
    ),
    ErrorCode("changed", 412, _("It has changed since you read it. Read it again and decide anew.")),
    ErrorCode("draft_changed", 409, _("Somebody has changed the draft since you read it.")),
)
FIELDS = (
    ErrorCode("invalid", 400, _("What was sent is not valid; see `errors`.")),
    ErrorCode("required", 400, _("A field that is needed is missing.")),
    ErrorCode("blank", 400, _("The field must not be empty.")),
    ErrorCode("null", 400, _("The field must not be null.")),
    ErrorCode("max_length", 400, _("The text is too long.")),
    ErrorCode("min_length", 400, _("The text is too short.")),
    ErrorCode("max_value", 400, _("The number is too large.")),
    ErrorCode("min_value", 400, _("The number is too small.")),
    ErrorCode("max_string_length", 400, _("The number has too many digits.")),
    ErrorCode("not_a_list", 400, _("A list was expected.")),
    ErrorCode("not_a_dict", 400, _("An object was expected.")),
    ErrorCode("null_characters_not_allowed", 400, _("The text contains a sign that cannot be stored.")),
    ErrorCode("invalid_choice", 400, _("The value is none of those that are offered; see the reference data.")),
    ErrorCode("does_not_exist", 400, _("What the value names does not exist.")),
    ErrorCode("future", 400, _("This time has not come yet.")),
    ErrorCode("too_old", 400, _("This lies too far back; import old appeals as history.")),
    ErrorCode("too_short", 422, _("The text is too short.")),
    ErrorCode("too_long", 422, _("The text is too long.")),
    ErrorCode("not_digits", 422, _("Use digits only.")),
    ErrorCode("wrong_length", 422, _("The number must have 12 digits.")),
    ErrorCode("wrong_check_digit", 422, _("There is no such number. Check every digit.")),
    ErrorCode("not_iin", 422, _("This is the BIN of a firm. Give the IIN of a person.")),
    ErrorCode("not_bin", 422, _("This is the IIN of a person. Give the BIN of a firm.")),
    ErrorCode("born_in_future", 422, _("By this number its owner is not born yet. Check every digit.")),
    ErrorCode("wrong_phone", 422, _("Give a telephone number such as +7 701 123 45 67.")),
)
FILES = (
    ErrorCode("upload_unknown", 422, _("There is no such uploaded file. Files wait for a day; upload it again.")),
    ErrorCode("no_files", 422, _("Choose a file.")),
    ErrorCode("too_many_files", 422, _("There are too many files.")),
    ErrorCode("file_too_large", 422, _("A file is too large.")),
    ErrorCode("files_too_large", 422, _("The files are too large together.")),
    ErrorCode("too_many_pixels", 422, _("The picture has too many pixels.")),
    ErrorCode(
        "broken_picture",
        422,
        _("The picture cannot be opened, it may be damaged. Take it again or send another one."),
    ),
    ErrorCode("sent", 409, _("This file or this answer has been sent already.")),
)
APPEALS = (
    ErrorCode("identity", 422, _("A statutory appeal needs the applicant's name, IIN or BIN and postal address.")),
    ErrorCode("anonymous", 422, _("A statutory appeal is never anonymous, nor what a key files in its owner's name.")),
    ErrorCode("reason", 422, _("A reason is missing, or how the applicant was identified.")),
    ErrorCode("closed", 409, _("The appeal is closed.")),
    ErrorCode("later_answer", 409, _("There is a later answer; judge that one.")),
    ErrorCode("judged", 409, _("You have already judged this answer.")),
    ErrorCode("nothing_to_judge", 409, _("There is no answer to judge at the moment.")),
    ErrorCode("dispute_over", 409, _("The term for disputing this answer is over.")),
    ErrorCode("solved", 422, _("A matter that is solved needs no second look.")),
    ErrorCode("rating", 422, _("The rating goes from 1 to 5.")),
    ErrorCode("reasons", 422, _("Say what is wrong with the answer: choose a reason or write a line.")),
    ErrorCode("not_withdrawable", 409, _("This appeal can no longer be withdrawn.")),
    ErrorCode("nothing_to_confirm", 422, _("There is nothing to confirm.")),
    ErrorCode("from_body", 403, _("The sender is a body that appeals are forwarded to; it files none of its own.")),
    ErrorCode("gratitude", 422, _("Gratitude asks for nothing: choose another kind.")),
    ErrorCode("statutory", 409, _("A statutory appeal gets a written answer.")),
)
EVENTS = (
    ErrorCode("cursor_unknown", 422, _("The feed has no such place. It may have begun anew: begin without a cursor.")),
    ErrorCode("cursor_expired", 422, _("The feed no longer goes back so far: read the appeals, then begin anew.")),
    ErrorCode("webhook_address", 422, _("Give the https address of a public server, without a password in it.")),
    ErrorCode("switched_off", 409, _("The webhook is switched off. Switch it on first.")),
    ErrorCode("too_far_back", 422, _("Replay reaches back 30 days at most.")),
    ErrorCode("too_much", 422, _("That is too much to replay: choose a later date, or read the feed.")),
)
CASES = (
    ErrorCode("wrong_status", 409, _("This step is not possible in the present state of the appeal.")),
    ErrorCode("taken", 409, _("Somebody else has taken this appeal already.")),
    ErrorCode("not_executor", 403, _("This is decided by the executor of the appeal or the head of the unit.")),
    ErrorCode("head_only", 403, _("A statutory appeal is closed without an answer only by the head of the unit.")),
    ErrorCode(
        "complained_about",
        409,
        _("The appeal complains about this person or this unit; somebody else must have it."),
    ),
    ErrorCode("disputed", 409, _("The answer of this unit is disputed; the second look goes to another one.")),
    ErrorCode("not_in_unit", 422, _("Choose a person of the unit that has the appeal.")),
    ErrorCode("no_unit", 409, _("The appeal has not been given to a unit yet.")),
    ErrorCode("in_queue", 409, _("The appeal is in the unit's queue already.")),
    ErrorCode("is_executor", 409, _("This person is the executor already.")),
    ErrorCode("external", 422, _("This body is outside the hub: forward the appeal to it.")),
    ErrorCode("ground", 422, _("Choose a ground that fits this appeal.")),
    ErrorCode("answered", 409, _("The appeal has been answered; the applicant judges the answer.")),
    ErrorCode("outcome", 422, _("Choose how the appeal ended.")),
    ErrorCode("findings", 422, _("The check of the answer found something that must be mended first.")),
    ErrorCode("places", 422, _("The text has places that are not filled in yet.")),
    ErrorCode("questions", 409, _("Questions of the appeal still wait for their answer.")),
    ErrorCode("question_done", 409, _("This question is already dealt with.")),
    ErrorCode("too_few", 422, _("A split needs at least two questions.")),
    ErrorCode("wrong_until", 422, _("Give a day within the next 30 days.")),
    ErrorCode("proposed", 409, _("An extension has been proposed already and waits for the head's decision.")),
    ErrorCode("decided", 409, _("This proposal has been decided already.")),
    ErrorCode("no_extension", 409, _("The term of this appeal cannot be extended.")),
    ErrorCode("no_timer", 409, _("No term is running that could be extended.")),
    ErrorCode("not_later", 409, _("The new date must be later than the present one.")),
    ErrorCode("over_cap", 409, _("The term cannot be extended so far.")),
    ErrorCode("itself", 422, _("An appeal cannot be linked with itself.")),
    ErrorCode("other_applicant", 422, _("The other appeal belongs to a different applicant.")),
    ErrorCode(
        "own_answer",
        409,
        _("This person is owed an answer of his own. Join both appeals to an incident instead."),
    ),
    ErrorCode("incident_closed", 409, _("This incident is closed.")),
    ErrorCode(
        "duplicate_of_duplicate",
        409,
        _("The other appeal is itself closed as a duplicate; choose the one it lives on in."),
    ),
    ErrorCode("work_begun", 409, _("Work on the new appeal has begun, so the message stays there.")),
    ErrorCode("not_incoming", 422, _("Only messages from the applicant can be moved.")),
)
CODES_OF_CONTACTS = (
    ErrorCode("code_wrong", 422, _("The code is wrong.")),
    ErrorCode("code_expired", 422, _("The code has expired. Ask for a new one.")),
    ErrorCode("code_exhausted", 429, _("Too many wrong codes. A new one can be asked for after a while.")),
    ErrorCode("code_used", 409, _("This code has been used already.")),
    ErrorCode("too_soon", 429, _("A code has just been sent. The next one can be asked for after a while.")),
    ErrorCode("too_many_codes", 429, _("So many codes are not sent to one address in an hour.")),
)
OWN = (
    ErrorCode("no_such_one", 422, _("There is no such person, group or way.")),
    ErrorCode("owed", 422, _("Of these notices one way must stay.")),
    ErrorCode("name", 422, _("Give the filter a name of at most 80 characters.")),
    ErrorCode("too_many_filters", 409, _("You have 30 saved filters. Delete one first.")),
    ErrorCode("overlap", 409, _("Somebody stands in or is on duty already at that time.")),
    ErrorCode("over", 409, _("This substitution is over already.")),
    ErrorCode("empty", 422, _("There are no shifts in this week.")),
    ErrorCode("no_action", 422, _("Choose what to do with the ticked appeals.")),
    ErrorCode("no_value", 422, _("This step needs a value.")),
    ErrorCode("taken_down", 410, _("This request was taken off the public list.")),
)
STATISTICS = (
    ErrorCode("period", 422, _("The period makes no sense: it ends before it begins, or lies outside of all figures.")),
    ErrorCode("owner", 422, _("The unit does not belong to the organization.")),
    ErrorCode("asked_elsewhere", 422, _("Another operation answers with this figure; `errors` says which.")),
    ErrorCode("too_few_cases", 422, _("There are too few cases to say anything.")),
    ErrorCode("unlike_mix", 422, _("A body has a mix that hardly anybody else has: choose another mix.")),
    ErrorCode("months_only", 422, _("These filters together are kept by months: ask by month, quarter or year.")),
    ErrorCode("officials", 422, _("Figures of officials are kept by unit: name the department, and nothing else.")),
    ErrorCode("too_many_figures", 422, _("More than 20,000 figures: ask for fewer metrics, days or dimensions.")),
    ErrorCode("too_many_cells", 422, _("The answer to the saved question has more than 20,000 cells.")),
    ErrorCode("question_outdated", 422, _("What the saved question names is gone: mend it in the report builder.")),
)
GROUPS: tuple[tuple[Words, tuple[ErrorCode, ...]], ...] = (
    (_("Key, rights and limits"), KEY),
    (_("The request"), REQUEST),
    (_("Repeated and concurrent requests"), REPEATING),
    (_("Fields"), FIELDS),
    (_("Files"), FILES),
    (_("Filing and following appeals"), APPEALS),
    (_("Working on cases"), CASES),
    (_("Events and webhooks"), EVENTS),
    (_("Codes that confirm a contact"), CODES_OF_CONTACTS),
    (_("Lists, notices, the team"), OWN),
    (_("Statistics"), STATISTICS),
)
CODES: dict[str, ErrorCode] = {row.code: row for _title, rows in GROUPS for row in rows}
