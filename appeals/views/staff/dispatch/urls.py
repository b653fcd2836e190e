"""Addresses of the inspector's actions, below the number of the appeal."""

from django.urls import path

from appeals.views.staff.dispatch import views

urlpatterns = [
    path("<str:number>/classify/", views.Classify.as_view(), name="case-classify"),
    path("<str:number>/route/", views.Route.as_view(), name="case-route"),
    path("<str:number>/route/accept/", views.accept_suggestion, name="case-accept-suggestion"),
    path("<str:number>/forward/", views.Forward.as_view(), name="case-forward"),
    path("<str:number>/split/", views.Split.as_view(), name="case-split"),
    path("<str:number>/link/", views.Link.as_view(), name="case-link"),
    path("<str:number>/links/<int:link_id>/remove/", views.unlink, name="case-unlink"),
    path("<str:number>/incident/", views.JoinIncident.as_view(), name="case-incident"),
    path("<str:number>/incident/leave/", views.leave_incident, name="case-incident-leave"),
    path("<str:number>/register/", views.Register.as_view(), name="case-register"),
    path("<str:number>/promote/", views.Promote.as_view(), name="case-promote"),
    path("<str:number>/messages/", views.move_messages, name="case-move-messages"),
    path("<str:number>/messages/<int:message_id>/move/", views.move_message, name="case-move-message"),
]
