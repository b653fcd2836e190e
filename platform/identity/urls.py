"""Addresses: identity levels of an account, the state signature and the digital civic ID."""

from django.urls import path

from identity import views

app_name = "identity"
urlpatterns = [
    path("my/id/", views.civic_id, name="civic_id"),
    path("my/id/iin/", views.give_iin, name="iin"),
    path("my/id/signature/", views.start, name="start"),
    path("my/id/signature/<int:challenge_id>/", views.hand_in, name="hand_in"),
    path("my/id/signature/<int:challenge_id>/file/", views.challenge_file, name="challenge_file"),
    path("my/id/signature/<int:challenge_id>/again/", views.check_again, name="check_again"),
]
