"""Addresses: signing in with two factors, sessions and devices."""

from django.urls import URLPattern, URLResolver, path

from signin.views import (
    account_help,
    contacts,
    demo,
    mfa,
    password_reset,
    registration,
    second_factor,
    security,
    sessions,
)

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
    path("accounts/security/", security.security, name="security"),
    path("accounts/security/devices/<int:device_id>/forget/", security.forget_device, name="forget_device"),
    path("accounts/sessions/", sessions.session_list, name="sessions"),
    path("accounts/sessions/<int:session_id>/end/", sessions.end_session, name="end_session"),
    path("accounts/sessions/end-others/", sessions.end_sessions, {"scope": sessions.OTHERS}, name="end_others"),
    path("accounts/sessions/end-all/", sessions.end_sessions, {"scope": sessions.EVERYWHERE}, name="end_everywhere"),
    path("accounts/not-me/", sessions.not_me, name="not_me"),
    # At allauth's addresses, which stand after these.
    path("accounts/2fa/", mfa.index, name="factors"),
    path("accounts/2fa/totp/activate/", mfa.AddApp.as_view(), name="add_app"),
    path("accounts/2fa/webauthn/add/", mfa.AddPasskey.as_view(), name="add_passkey"),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", mfa.RemovePasskey.as_view(), name="remove_passkey"),
    path("accounts/2fa/recovery-codes/", mfa.recovery_codes_page, name="recovery_codes"),
    path("accounts/2fa/recovery-codes/generate/", mfa.make_recovery_codes, name="make_recovery_codes"),
    path("accounts/2fa/recovery-codes/sheet/", mfa.recovery_codes_sheet, name="recovery_codes_sheet"),
    path("accounts/2fa/recovery-codes/download/", mfa.recovery_codes_file, name="recovery_codes_file"),
    path("accounts/second-way/not-now/", contacts.not_now, name="not_now"),
    path("staff/accounts/", account_help.find, name="find_account"),
    path("staff/accounts/<int:pk>/", account_help.show, name="account"),
    path("staff/accounts/<int:pk>/lost/", account_help.take_away, name="take_away"),
    path("staff/accounts/<int:pk>/sessions/", account_help.close_sessions, name="close_sessions"),
    path("staff/accounts/<int:pk>/link/", account_help.send_link, name="send_link"),
]
