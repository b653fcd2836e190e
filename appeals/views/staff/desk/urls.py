"""Addresses of the desk; included under the pages of the staff."""

from django.urls import path

from appeals.views.staff.desk import page

urlpatterns = [
    path("", page.register, name="desk"),
    path("beside/", page.beside, name="desk-beside"),
    path("<str:number>/", page.done, name="desk-done"),
]
