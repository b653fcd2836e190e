"""Addresses of the audit log."""

from django.urls import path

from audit.views import accept, export, log, record

app_name = "audit"
urlpatterns = [
    path("staff/audit/", log.page, name="log"),
    path("staff/audit/export/", export.export, name="export"),
    path("staff/audit/print/", log.print_view, name="print"),
    path("staff/audit/<int:record_id>/", record.page, name="record"),
    path("staff/audit/<int:record_id>/accept/", accept.page, name="accept"),
]
