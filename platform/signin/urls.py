"""Addresses: signing in with two factors, sessions and devices."""

from django.urls import URLPattern, URLResolver, path

from signin.views import contacts, demo, password_reset, registration, second_factor

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
    path("accounts/password/reset/", password_reset.ask, name="password_reset"),
    path("accounts/password/reset/code/", password_reset.enter_code, name="reset_code"),
    path("accounts/password/reset/code/send/", password_reset.send_code, name="reset_send"),
    path("accounts/password/reset/new/", password_reset.new_password, name="new_password"),
    path("demo/messages/", demo.messages, name="demo_messages"),
    path("accounts/email/", contacts.to_contacts, name="to_contacts"),
    path("accounts/contacts/", contacts.show, name="contacts"),
    path("accounts/contacts/change/", contacts.change, name="change_contact"),
    path("accounts/contacts/confirm/", contacts.confirm, name="confirm_contact"),
    path("accounts/contacts/remove/<str:medium>/", contacts.remove, name="remove_contact"),
]
