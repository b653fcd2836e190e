"""Addresses: duties of the law on personal data: consents, requests, retention, take-downs and breaches."""

from django.urls import URLPattern, URLResolver, path

from privacy.views import breaches, consents, mine, public, staff_requests, staff_retention, staff_takedowns, texts

app_name = "privacy"
urlpatterns: list[URLPattern | URLResolver] = [
    path("privacy/consents/", public.consents, name="consents"),
    path("privacy/takedown/<slug:kind>/<str:item>/", public.ask_takedown, name="takedown"),
    path("my/data/", mine.requests_page, name="requests"),
    path("my/data/export/", mine.export, name="export"),
    path("my/data/new/<slug:right>/", mine.new_request, name="request-new"),
    path("my/data/<int:request_id>/", mine.request_page, name="request"),
    path("my/data/<int:request_id>/cancel/", mine.cancel, name="request-cancel"),
    path("my/data/<int:request_id>/download/", mine.download, name="download"),
    path("my/consents/", consents.my_consents, name="my-consents"),
    path("my/consents/give/", consents.give, name="consent-give"),
    path("my/consents/withdraw/", consents.withdraw, name="consent-withdraw"),
    path("staff/privacy/", staff_requests.requests_list, name="staff"),
    path("staff/privacy/requests/new/", staff_requests.register, name="staff-register"),
    path("staff/privacy/requests/<int:request_id>/", staff_requests.request_page, name="staff-request"),
    path("staff/privacy/requests/<int:request_id>/lift/", staff_requests.lift, name="staff-lift"),
    path("staff/privacy/takedowns/", staff_takedowns.takedowns_list, name="staff-takedowns"),
    path("staff/privacy/takedowns/<int:takedown_id>/", staff_takedowns.takedown_page, name="staff-takedown"),
    path("staff/privacy/retention/", staff_retention.retention_page, name="staff-retention"),
    path("staff/privacy/retention/holds/", staff_retention.place_hold, name="staff-hold"),
    path("staff/privacy/retention/holds/<int:hold_id>/lift/", staff_retention.lift_hold, name="staff-hold-lift"),
    path("staff/privacy/breaches/", breaches.breaches_list, name="staff-breaches"),
    path("staff/privacy/breaches/new/", breaches.new_breach, name="staff-breach-new"),
    path("staff/privacy/breaches/<int:breach_id>/", breaches.breach_page, name="staff-breach"),
    path("staff/privacy/breaches/<int:breach_id>/edit/", breaches.edit_breach, name="staff-breach-edit"),
    path("staff/privacy/breaches/<int:breach_id>/told/", breaches.told, name="staff-breach-told"),
    path("staff/privacy/breaches/<int:breach_id>/close/", breaches.close, name="staff-breach-close"),
    path("staff/privacy/breaches/<int:breach_id>/notice/", breaches.notice, name="staff-breach-notice"),
    path("staff/privacy/breaches/<int:breach_id>/persons/", breaches.add_persons, name="staff-breach-persons"),
    path("staff/privacy/breaches/<int:breach_id>/persons.csv", breaches.persons_csv, name="staff-breach-csv"),
    path("staff/privacy/texts/", texts.texts_list, name="staff-texts"),
    path("staff/privacy/texts/<int:text_id>/", texts.text_page, name="staff-text"),
    path("staff/privacy/texts/<int:text_id>/publish/", texts.publish, name="staff-text-publish"),
]
