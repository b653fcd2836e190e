"""Fixtures of the tests of identities."""

from tests.identity.ncanode_double import ncanode  # noqa: F401 - a fixture
