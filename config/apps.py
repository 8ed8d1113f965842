"""Django's admin, with our own site in it."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    default_site = "config.adminsite.DeskAdminSite"
