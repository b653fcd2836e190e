"""The addresses of the catalogue."""

from django.urls import path

from catalogue.views import connections, public

app_name = "catalogue"
ONE = "staff/connections/<slug:slug>/"
urlpatterns = [
    path("platforms/", public.listing, name="platforms"),
    path("platforms/platforms.json", public.as_json, name="json"),
    path("platforms/<slug:platform_key>/", public.platform, name="platform"),
    path("staff/connections/", connections.listing, name="connections"),
    path(ONE, connections.connection, name="connection"),
    path(f"{ONE}start/<slug:what>/", connections.start, name="start"),
    path(f"{ONE}pause/", connections.pause, name="pause"),
    path(f"{ONE}resume/", connections.resume, name="resume"),
]
