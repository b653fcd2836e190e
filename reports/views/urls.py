"""Addresses of the dashboards, the charts and the dictionary; `reports.urls` includes them last."""

from django.urls import path

from reports.views import impact, metrics, officials, pages, problems, public_control

urlpatterns = [
    path("statistics/", pages.start, name="start"),
    path("statistics/reports/", pages.all_reports, name="all-reports"),
    path("statistics/reports/<slug:chart>.csv", pages.report_csv, name="report-csv"),
    path("statistics/reports/<slug:chart>.json", pages.report_json, name="report-json"),
    path("statistics/reports/<slug:chart>.svg", pages.report_svg, name="report-svg"),
    path("statistics/reports/<slug:chart>/", pages.report, name="report"),
    path("statistics/officials/", officials.officials, name="officials"),
    path("statistics/metrics/", metrics.all_metrics, name="metrics"),
    path("statistics/metrics.csv", metrics.metrics_csv, name="metrics-csv"),
    path("statistics/metrics.json", metrics.metrics_json, name="metrics-json"),
    path("statistics/metrics/<slug:metric>/", metrics.metric_page, name="metric"),
    path("statistics/public-control/", public_control.ranking, name="ranking"),
    path("statistics/public-control/compare/", public_control.pair, name="ranking-pair"),
    path("statistics/problems/", problems.listing, name="problems"),
    path("statistics/problems/<slug:problem>/", problems.problem, name="problem"),
    path("statistics/impact/", impact.impact, name="impact"),
    path("statistics/<slug:board>/", pages.dashboard, name="dashboard"),  # the last: every other page is met first
]
