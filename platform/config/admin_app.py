"""Puts the hub's own administration site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class HubAdminConfig(AdminConfig):
    default_site = "config.admin_site.HubAdminSite"
