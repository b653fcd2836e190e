"""A hub that other systems reach over real HTTP."""

import pytest

from tests.factories import make_user
from tests.sso.relying_party import PASSWORD, RelyingParty, Visitor, make_system


@pytest.fixture
def hub(live_server, settings):
    """The address of the running hub; it is the issuer of the tokens."""
    settings.PUBLIC_URL = live_server.url
    return live_server.url


@pytest.fixture
def party(hub):
    system, secret = make_system()
    return RelyingParty(hub, system.client_id, secret)


@pytest.fixture
def person():
    return make_user(language="ru", patronymic="Маратқызы", password=PASSWORD)


@pytest.fixture
def visitor(hub, person):
    return Visitor(hub, person)
