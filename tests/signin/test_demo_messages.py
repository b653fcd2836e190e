"""The page on which a newcomer to the demo city finds his code: on his own machine, and nowhere else."""

import pytest

from notifications import delivery
from notifications.transports.sms import SmsTransport
from tests.factories import make_reference, make_user
from tests.signin.by_form import CODE, PASSWORD, give_password, last_code

pytestmark = pytest.mark.django_db
PAGE = "/demo/messages/"


@pytest.fixture
def code(client):
    make_reference()
    user = make_user(password=PASSWORD, email="", phone="+77010000000", phone_confirmed_at="2026-01-01T00:00Z")
    give_password(client, user.username)
    return last_code()


def test_newcomer_finds_his_code(client, code):
    assert not SmsTransport().is_configured()
    assert code not in client.get(PAGE).content.decode()
    assert PAGE in client.get(CODE).content.decode()
    delivery.send_due(hurried=True)
    page = client.get(PAGE).content.decode()
    assert code in page
    assert "+7 701 ••• •• 00" in page


def test_page_does_not_exist_in_production(client, code, settings):
    settings.DEMO_ALLOWED = False
    delivery.send_due(hurried=True)
    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get(CODE).content.decode()
    settings.DEMO_ALLOWED = True
    assert code not in client.get(PAGE).content.decode()


def test_page_is_for_who_sits_at_the_machine(client):
    assert client.get(PAGE, REMOTE_ADDR="10.0.0.7").status_code == 404
    assert client.get(PAGE, REMOTE_ADDR="::1").status_code == 200
