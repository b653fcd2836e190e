"""Which addresses may be registered: a table of what attackers and careless people write."""

import pytest

from sso.addresses import issuer_problem, redirect_problem


@pytest.mark.parametrize(
    ("address", "loopback", "apps", "allowed"),
    [
        ("https://kezek.example.kz/callback", False, False, True),
        ("https://kezek.example.kz:8443/a/b?tenant=1", False, False, True),
        ("http://kezek.example.kz/callback", False, False, False),
        ("http://127.0.0.1:8000/callback", True, False, True),
        ("http://localhost/callback", True, False, True),
        ("http://127.0.0.1:8000/callback", False, False, False),
        ("http://127.0.0.1.evil.example/callback", True, False, False),
        ("https://*.example.kz/callback", False, False, False),
        ("https://kezek.example.kz/callback#part", False, False, False),
        ("https://kezek.example.kz/callback#", False, False, False),
        ("https://user@evil.example/callback", False, False, False),
        ("https://kezek.example.kz\\@evil.example/", False, False, False),
        ("https://kezek.example.kz/a b", False, False, False),
        ("https://kezek.example.kz/\r\nLocation:x", False, False, False),
        ("https://kezek.example.kz/callback?code=1", False, False, False),
        ("https://kezek.example.kz/callback?state=", False, False, False),
        ("https://[::1", False, False, False),
        ("https://kezek.example.kz:99999/", False, False, False),
        ("https:///callback", False, False, False),
        ("//kezek.example.kz/callback", False, False, False),
        ("javascript:alert(1)", False, True, False),
        ("data:text/html,x", False, True, False),
        ("kz.example.kezek:/callback", False, True, True),
        ("kz.example.kezek:/callback", False, False, False),
        ("myapp:/callback", False, True, False),
        ("https://kezek.example.kz/" + "a" * 500, False, False, False),
        ("https://кезек.қаз/callback", False, False, False),
        ("", False, False, False),
    ],
)
def test_only_safe_addresses_are_registered(address, loopback, apps, allowed):
    assert (redirect_problem(address, loopback=loopback, apps=apps) is None) is allowed


@pytest.mark.parametrize(
    ("issuer", "allowed"),
    [("https://id.gov.kz", True), ("https://id.gov.kz/realms/a", True), ("https://id.gov.kz?a=1", False),
     ("http://id.gov.kz", False), ("kz.gov.id:/", False)],
)  # fmt: skip
def test_issuers_are_plain(issuer, allowed):
    assert (issuer_problem(issuer, loopback=False) is None) is allowed
