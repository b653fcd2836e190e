"""Addresses: signing in with two factors, sessions and devices."""

from django.urls import URLPattern, URLResolver, path

from signin.views import registration, second_factor

app_name = "signin"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/code/", second_factor.enter_code, name="second_factor"),
    path("accounts/code/send/", second_factor.send_code, name="send_code"),
    path("accounts/code/recovery/", second_factor.recovery_code, name="recovery_code"),
    path("accounts/code/lost/", second_factor.lost_phone, name="lost_phone"),
    path("accounts/code/cancel/", second_factor.cancel, name="cancel"),
    path("accounts/signup/", registration.register, name="register"),
    path("accounts/signup/code/", registration.enter_code, name="registration_code"),
    path("accounts/signup/code/send/", registration.send_code, name="registration_send"),
]
