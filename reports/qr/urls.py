"""The addresses of QR Score: the short one on the sheets, the results, and the pages of the staff."""

from django.urls import path

from reports.qr.views import citizen, results, review, staff

ONE = "staff/qr/<int:point_id>/"
urlpatterns = [
    path("q/<str:qr_code>/", citizen.rate, name="qr-rate"),
    path("q/<str:qr_code>/thanks/", citizen.thanks, name="qr-thanks"),
    path("statistics/qr/", results.listing, name="qr-results"),
    path("statistics/qr/<slug:body>/", results.institution, name="qr-institution"),
    path("statistics/qr/<slug:body>/<int:point_id>/", results.point, name="qr-point"),
    path("staff/qr/", staff.listing, name="qr-staff"),
    path("staff/qr/new/", staff.new, name="qr-staff-new"),
    path(ONE, staff.change, name="qr-staff-point"),
    path(f"{ONE}poster/", staff.poster, name="qr-staff-poster"),
    path(f"{ONE}reissue/", staff.reissue, name="qr-staff-reissue"),
    path("staff/qr/review/", review.listing, name="qr-review"),
    path("staff/qr/review/ratings/", review.heap, name="qr-review-heap"),
    path("staff/qr/review/comments/<int:comment_id>/", review.comment, name="qr-review-comment"),
]
