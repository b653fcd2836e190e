"""What somebody with an app meets after his password: a trusted device, a printed code in whatever form."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Role
from signin import recovery_codes
from tests.signin.by_form import give_password
from tests.signin.people import add_app, make_person

pytestmark = pytest.mark.django_db


def test_a_resident_with_an_app_may_trust_his_device_and_the_staff_may_not():
    user, clerk = make_person(email="a@example.kz"), make_person(Role.ANALYST, email="b@example.kz")
    for who, may in ((user, True), (clerk, False)):
        app, visitor = add_app(who), Client()
        give_password(visitor, who.username)
        page = visitor.get("/accounts/2fa/authenticate/")
        assert (b'name="trust"' in page.content) is may
        visitor.post("/accounts/2fa/authenticate/", {"code": app.now(), "trust": "on"})
        visitor.cookies.pop("sessionid", None)
        answer = give_password(visitor, who.username)
        assert ("2fa" not in answer["Location"]) is may


@pytest.mark.parametrize("written", ["{}", "{0:.4} {0[4]}{0[5]}{0[6]}{0[7]}", " {0:.4}-{0[4]}{0[5]}{0[6]}{0[7]} "])
def test_a_printed_code_is_taken_however_its_groups_are_written(written):
    user = make_person()
    row = Authenticator.objects.create(
        user=user, type=Authenticator.Type.RECOVERY_CODES, data=recovery_codes.hashed(["12345678", "87654321"])
    )
    add_app(user)
    visitor = Client()
    give_password(visitor, user.username)
    answer = visitor.post("/accounts/2fa/authenticate/", {"code": written.format("12345678")})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert len(row.data["hashes"]) == 1
