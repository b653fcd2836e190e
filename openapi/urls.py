"""The addresses of the open API and of the pages by which one comes to it."""

from django.urls import include, path

from openapi import documents
from openapi.views import deliveries, developers, downloads, keys, reading, sandbox, staff, usage, webhooks

app_name = "openapi"
OWN, PROGRAM = "developers/applications/<int:application_id>/", "staff/applications/<int:program_id>/"
HOOK = f"{OWN}webhooks/<int:webhook_id>/"
MESSAGE = f"{HOOK}deliveries/<int:delivery_id>/"
urlpatterns = [
    path("api/v1/openapi.json", documents.as_json, name="document"),
    path("api/v1/", include("openapi.v1.urls")),
    path("open311/", include("openapi.open311.urls")),
    path("developers/", developers.developers, name="developers"),
    path("developers/errors/", reading.errors, name="errors"),
    path("developers/changes/", downloads.changes, name="changes"),
    path("developers/collection.json", downloads.postman, name="collection"),
    path("developers/cookbook/", reading.cookbook_page, name="cookbook"),
    path("developers/dictionary/", downloads.dictionary, name="dictionary"),
    path("developers/dictionary.csv", downloads.dictionary_csv, name="dictionary_csv"),
    path("developers/dictionary.json", downloads.dictionary_json, name="dictionary_json"),
    path("developers/docs/", reading.swagger, name="swagger"),
    path("developers/redoc/", reading.redoc, name="redoc"),
    path("developers/reference/", reading.reference, name="reference"),
    path("developers/new/sandbox/", developers.new, {"environment": "sandbox"}, name="new_sandbox"),
    path("developers/new/live/", developers.new, {"environment": "live"}, name="new_live"),
    path("developers/sandbox/", sandbox.sandbox, name="sandbox"),
    path("developers/sandbox/clock/", sandbox.move, name="sandbox_move"),
    path("developers/sandbox/reset/", sandbox.reset, name="sandbox_reset"),
    path(OWN, developers.application, name="application"),
    path(f"{OWN}usage/", usage.of_own, name="usage"),
    path(f"{OWN}change/", developers.change, name="application_change"),
    path(f"{OWN}keys/new/", keys.issue, name="key_new"),
    path(f"{OWN}keys/<int:key_id>/rotate/", keys.rotate, name="key_rotate"),
    path(f"{OWN}keys/<int:key_id>/revoke/", keys.revoke, name="key_revoke"),
    path(f"{OWN}webhooks/", webhooks.listing, name="webhooks"),
    path(f"{OWN}webhooks/new/", webhooks.new, name="webhook_new"),
    path(HOOK, deliveries.webhook, name="webhook"),
    path(f"{HOOK}change/", webhooks.change, name="webhook_change"),
    path(f"{HOOK}pause/", webhooks.switch, {"state": "off"}, name="webhook_pause"),
    path(f"{HOOK}resume/", webhooks.switch, {"state": "on"}, name="webhook_resume"),
    path(f"{HOOK}secret/", webhooks.rotate, name="webhook_secret"),
    path(f"{HOOK}delete/", webhooks.delete, name="webhook_delete"),
    path(f"{HOOK}test/", deliveries.test, name="webhook_test"),
    path(f"{HOOK}replay/", deliveries.replay, name="webhook_replay"),
    path(MESSAGE, deliveries.delivery, name="webhook_delivery"),
    path(f"{MESSAGE}again/", deliveries.again, name="webhook_again"),
    path("staff/applications/", staff.listing, name="staff_applications"),
    path(PROGRAM, staff.application, name="staff_application"),
    path(f"{PROGRAM}usage/", usage.of_any, name="staff_usage"),
    path(f"{PROGRAM}approve/", staff.decide, {"step": "approve"}, name="staff_approve"),
    path(f"{PROGRAM}refuse/", staff.decide, {"step": "refuse"}, name="staff_refuse"),
    path(f"{PROGRAM}suspend/", staff.decide, {"step": "suspend"}, name="staff_suspend"),
    path(f"{PROGRAM}resume/", staff.decide, {"step": "resume"}, name="staff_resume"),
]
