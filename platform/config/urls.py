"""The addresses of the site, app by app."""

from django.contrib import admin
from django.urls import include, path

from config import health
from config.csp_reports import csp_reports
from monitoring.views import metrics

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("csp-reports/", csp_reports, name="csp_reports"),
    path("", include("openapi.urls")),  # programs ask most often
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("notifications.urls")),
    path("", include("audit.urls")),
    path("", include("signin.urls")),  # before allauth's: its own pages at the same addresses win
    path("", include("identity.urls")),
    path("", include("sso.provider.urls")),
    path("", include("sso.urls")),
    path("", include("privacy.urls")),
    path("", include("catalogue.urls")),
    # Of allauth's pages those that the hub offers: nobody opens an account through an outside provider.
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/", include("sso.outside.urls")),
    path("admin/", admin.site.urls),
    path("", include("ui.urls")),
    path("", include("accounts.urls")),
    path("", include("reports.urls")),
    path("", include("appeals.urls")),
]

handler400 = "ui.views.errors.bad_request"
handler403 = "ui.views.errors.permission_denied"
handler404 = "ui.views.errors.page_not_found"
handler500 = "ui.views.errors.server_error"
