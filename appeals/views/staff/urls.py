"""Addresses of the staff's pages. Whatever begins with a word stands before the number of a case."""

from django.urls import URLPattern, URLResolver, include, path

from appeals.views.staff import bulk, export, home, oversight, queue, saved

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="staff-home"),
    path("notices/read/", home.read_notices, name="staff-notices-read"),
    path("oversight/", oversight.oversight, name="oversight"),
    path("oversight/export/", oversight.export, name="oversight-export"),
    path("register/", include("appeals.views.staff.desk.urls")),
    path("appeals/", queue.queue, name="queue"),
    path("appeals/count/", queue.count, name="queue-count"),
    path("appeals/bulk/", bulk.bulk, name="queue-bulk"),
    path("appeals/export/", export.export, name="queue-export"),
    path("appeals/filters/save/", saved.save, name="filter-save"),
    path("appeals/filters/<int:filter_id>/open-first/", saved.open_first, name="filter-open-first"),
    path("appeals/filters/<int:filter_id>/delete/", saved.delete, name="filter-delete"),
    path("appeals/filters/undo/", saved.undo, name="filter-undo"),
    path("appeals/filters/forget/", saved.forget, name="filter-forget"),
    path("appeals/", include("appeals.views.staff.dispatch.urls")),
    path("appeals/", include("appeals.views.staff.case.urls")),
]
