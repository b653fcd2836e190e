"""Addresses of the team's pages."""

from django.urls import path

from accounts.views import rights, shifts, substitutions

app_name = "accounts"
urlpatterns = [
    path("staff/rights/", rights.rights, name="rights"),
    path("staff/rights/rights.csv", rights.rights_csv, name="rights-csv"),
    path("staff/substitutions/", substitutions.substitutions, name="substitutions"),
    path("staff/substitutions/<int:substitution_id>/end/", substitutions.end_substitution, name="substitution-end"),
    path("staff/shifts/", shifts.shifts, name="shifts"),
    path("staff/shifts/undo/", shifts.restore_shift, name="shift-undo"),
    path("staff/shifts/units/<int:department_id>/new/", shifts.make_roster, name="roster"),
    path("staff/shifts/units/<int:department_id>/copy/", shifts.copy_week, name="week-copy"),
    path("staff/shifts/<int:shift_id>/", shifts.change_shift, name="shift"),
    path("staff/shifts/<int:shift_id>/swap/", shifts.swap_shift, name="shift-swap"),
    path("staff/shifts/<int:shift_id>/delete/", shifts.delete_shift, name="shift-delete"),
]
