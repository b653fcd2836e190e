"""The addresses of early warning."""

from django.urls import path

from reports.warning import tension_views, views

urlpatterns = [
    path("warnings/", views.listing, name="warnings"),
    path("warnings/subscribe/", views.subscribe, name="warnings-subscribe"),
    path("warnings/<int:warning_id>/", views.card, name="warning"),
    path("warnings/<int:warning_id>/state/", views.change_state, name="warning-state"),
    path("warnings/<int:warning_id>/undo/", views.undo, name="warning-undo"),
    path("statistics/tension/", tension_views.tension, name="tension"),
]
