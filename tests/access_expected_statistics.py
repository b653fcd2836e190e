"""Who may open which page of the statistics; a part of `tests.access_expected`."""

from __future__ import annotations

from tests.access_roles import CONFIGURE, EVERYBODY, OVERSEE, POINTS, RATINGS

SEE_REPORTS = f"inspector {OVERSEE}"  # the register is for those who may export; they may have no other form
MANAGE_REPORTS = "analyst head administrator"

DATA_CARE = "moderator methodologist administrator security_officer"

STATISTICS: dict[str, str] = {
    # open data
    "reports:data": EVERYBODY,
    "reports:data-jsonld": EVERYBODY,
    "reports:data-turtle": EVERYBODY,
    "reports:data-one": EVERYBODY,
    "reports:data-latest": EVERYBODY,
    "reports:data-file": EVERYBODY,
    "reports:data-staff": DATA_CARE,
    "reports:data-terms": CONFIGURE,
    "reports:data-make": CONFIGURE,
    "reports:data-withhold": DATA_CARE,
    "reports:data-show": DATA_CARE,
    # ratings of service points
    "reports:ranking": EVERYBODY,
    "reports:ranking-csv": EVERYBODY,
    "reports:ranking-pair": EVERYBODY,
    "reports:qr-rate": EVERYBODY,
    "reports:qr-thanks": EVERYBODY,
    "reports:qr-results": EVERYBODY,
    "reports:qr-institution": EVERYBODY,
    "reports:qr-point": EVERYBODY,
    "reports:qr-staff": POINTS,
    "reports:qr-staff-new": POINTS,
    "reports:qr-staff-point": POINTS,
    "reports:qr-staff-poster": POINTS,
    "reports:qr-staff-reissue": POINTS,
    "reports:qr-review": RATINGS,
    "reports:qr-review-heap": RATINGS,
    "reports:qr-review-comment": RATINGS,
    # dashboards, single reports, the dictionary
    "reports:start": EVERYBODY,
    "reports:dashboard": EVERYBODY,
    "reports:all-reports": EVERYBODY,
    "reports:report": EVERYBODY,
    "reports:report-csv": EVERYBODY,
    "reports:report-json": EVERYBODY,
    "reports:report-svg": EVERYBODY,
    "reports:metrics": EVERYBODY,
    "reports:metric": EVERYBODY,
    "reports:metrics-csv": EVERYBODY,
    "reports:metrics-json": EVERYBODY,
    # the years before the hub
    "reports:study": EVERYBODY,
    "reports:study-contradictions": EVERYBODY,
    "reports:study-group": EVERYBODY,
    "reports:study-csv": EVERYBODY,
    "reports:study-json": EVERYBODY,
    # early warning
    "reports:warnings": OVERSEE,
    "reports:warnings-subscribe": OVERSEE,
    "reports:warning": OVERSEE,
    "reports:warning-state": OVERSEE,
    "reports:warning-undo": OVERSEE,
    "reports:tension": EVERYBODY,
    "openapi:v1:statistics-metrics": EVERYBODY,
    "openapi:v1:statistics-metric": EVERYBODY,
    "openapi:v1:statistics-figures": EVERYBODY,
    "openapi:v1:statistics-series": EVERYBODY,
    # reports
    "reports:periodic": SEE_REPORTS,
    "reports:periodic-form": OVERSEE,
    "reports:periodic-make": MANAGE_REPORTS,
    "reports:published": OVERSEE,
    "reports:published-state": OVERSEE,
    "reports:published-again": MANAGE_REPORTS,
    "reports:published-file": OVERSEE,
    "reports:schedules": SEE_REPORTS,
    "reports:schedule": OVERSEE,
    "reports:schedule-new": MANAGE_REPORTS,
    "reports:schedule-edit": MANAGE_REPORTS,
    "reports:schedule-run": MANAGE_REPORTS,
    "reports:schedule-pause": MANAGE_REPORTS,
    "reports:schedule-resume": MANAGE_REPORTS,
    "reports:schedule-delete": MANAGE_REPORTS,
    "reports:check-start": EVERYBODY,
    "reports:check": EVERYBODY,
    "reports:check-file": EVERYBODY,
    "reports:builder": OVERSEE,
    "reports:builder-file": OVERSEE,
    "reports:builder-save": OVERSEE,
    "reports:builder-link": OVERSEE,
    "reports:builder-saved": OVERSEE,
    "reports:builder-rename": OVERSEE,
    "reports:builder-share": OVERSEE,
    "reports:builder-copy": OVERSEE,
    "reports:builder-delete": OVERSEE,
}
