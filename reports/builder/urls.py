"""The addresses of the report builder."""

from django.urls import path

from reports.builder import views

urlpatterns = [
    path("reports/builder/", views.builder, name="builder"),
    path("reports/builder/table.<str:file_kind>", views.download, name="builder-file"),
    path("reports/builder/save/", views.save, name="builder-save"),
    path("reports/builder/link/<str:question_token>/", views.from_link, name="builder-link"),
    path("reports/builder/saved/<int:kept_id>/", views.saved, name="builder-saved"),
    path("reports/builder/saved/<int:kept_id>/rename/", views.rename, name="builder-rename"),
    path("reports/builder/saved/<int:kept_id>/share/", views.share, name="builder-share"),
    path("reports/builder/saved/<int:kept_id>/copy/", views.copy, name="builder-copy"),
    path("reports/builder/saved/<int:kept_id>/delete/", views.delete, name="builder-delete"),
]
