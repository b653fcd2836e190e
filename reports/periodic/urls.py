"""The addresses of the periodic reports."""

from django.urls import path

from reports.periodic.views import check, pages, schedules

urlpatterns = [
    path("reports/", pages.listing, name="periodic"),
    path("reports/forms/<slug:form_slug>/", pages.of_form, name="periodic-form"),
    path("reports/forms/<slug:form_slug>/make/", pages.make, name="periodic-make"),
    path("reports/forms/<slug:form_slug>/schedule/", schedules.new, name="schedule-new"),
    path("reports/<int:report_id>/", pages.published, name="published"),
    path("reports/<int:report_id>/state/", pages.state, name="published-state"),
    path("reports/<int:report_id>/again/", pages.again, name="published-again"),
    path("reports/<int:report_id>/report.<str:file_kind>", pages.file, name="published-file"),
    path("reports/schedules/", schedules.listing, name="schedules"),
    path("reports/schedules/<int:schedule_id>/", schedules.schedule, name="schedule"),
    path("reports/schedules/<int:schedule_id>/edit/", schedules.edit, name="schedule-edit"),
    path("reports/schedules/<int:schedule_id>/run/", schedules.run_now, name="schedule-run"),
    path("reports/schedules/<int:schedule_id>/pause/", schedules.pause, name="schedule-pause"),
    path("reports/schedules/<int:schedule_id>/resume/", schedules.resume, name="schedule-resume"),
    path("reports/schedules/<int:schedule_id>/delete/", schedules.delete, name="schedule-delete"),
    path("reports/check/", check.start, name="check-start"),
    path("reports/check/<slug:code>/", check.check, name="check"),
    path("reports/check/<slug:code>/report.<str:file_kind>", check.file, name="check-file"),
]
