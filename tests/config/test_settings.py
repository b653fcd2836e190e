"""Production refuses to start with anything unsafe; addresses of servers are taken apart rightly."""

import os
import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.settings.insecure import INSECURE_FIELD_KEY, INSECURE_HASH_KEY, INSECURE_SECRET_KEY, INSECURE_SSO_KEY
from config.settings.requirements import refuse_unsafe_settings

SAFE = {
    "debug": False,
    "secret_key": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-abcdef",
    "field_keys": ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="],
    "hash_key": "h" * 50,
    "allowed_hosts": ["halyq.example"],
    "database_url": "postgresql://hub@db/hub",
    "redis_url": "redis://kv:6379",
}

UNSAFE = {
    "DEBUG must be off": {"debug": True},
    "SECRET_KEY is not set": {"secret_key": ""},
    "SECRET_KEY is the published": {"secret_key": INSECURE_SECRET_KEY},
    "SECRET_KEY is shorter": {"secret_key": "short"},
    "SECRET_KEY_FALLBACKS is the published": {"secret_key_fallbacks": [INSECURE_SECRET_KEY]},
    "SECRET_KEY_FALLBACKS is shorter": {"secret_key_fallbacks": ["short"]},
    "OUTGOING_ALLOWED holds 0.0.0.0/0": {"outgoing_allowed": ["sms.local", "10.0.0.0/8", "0.0.0.0/0"]},
    "OUTGOING_ALLOWED holds ::/0": {"outgoing_allowed": ["::/0"]},
    "HALYQ_HASH_KEY is not set": {"hash_key": ""},
    "HALYQ_HASH_KEY is the published": {"hash_key": INSECURE_HASH_KEY},
    "HALYQ_FIELD_KEYS is not set": {"field_keys": []},
    "HALYQ_FIELD_KEYS contains the published": {"field_keys": [*SAFE["field_keys"], INSECURE_FIELD_KEY]},
    "HALYQ_FIELD_KEYS must be Fernet keys": {"field_keys": ["abc"]},
    "ALLOWED_HOSTS is not set": {"allowed_hosts": []},
    "ALLOWED_HOSTS must name the hosts": {"allowed_hosts": ["*"]},
    "DATABASE_URL is not set": {"database_url": ""},
    "REDIS_URL is not set": {"redis_url": ""},
    "HALYQ_SSO_KEYS holds no key": {"sso_keys": []},
    "HALYQ_SSO_KEYS contains the published": {"sso_keys": [INSECURE_SSO_KEY]},
    "HALYQ_SSO_KEYS must be RSA": {"sso_keys": ["-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----"]},
    "PUBLIC_URL must begin with https": {"sso_keys": [INSECURE_SSO_KEY], "public_url": "http://halyq.example"},
}


def test_safe_settings_start():
    refuse_unsafe_settings(**SAFE)


@pytest.mark.parametrize("problem", UNSAFE)
def test_unsafe_settings_do_not_start(problem):
    with pytest.raises(ImproperlyConfigured, match=problem):
        refuse_unsafe_settings(**(SAFE | UNSAFE[problem]))


def test_all_problems_are_named_at_once():
    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_unsafe_settings(**(SAFE | {"debug": True, "secret_key": "", "allowed_hosts": []}))
    for problem in ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"):
        assert problem in str(refused.value)


CHECK = "from django.core.management import call_command; call_command('check', deploy=True, fail_level='INFO')"


def start_in_production(then=CHECK, **changes):
    """Import the production settings as a web process would, in a process of its own."""
    variables = {
        "SECRET_KEY": SAFE["secret_key"],
        "HALYQ_FIELD_KEYS": SAFE["field_keys"][0],
        "HALYQ_HASH_KEY": SAFE["hash_key"],
        "ALLOWED_HOSTS": "halyq.example",
        "DATABASE_URL": SAFE["database_url"],
        "REDIS_URL": SAFE["redis_url"],
        "TRUSTED_PROXY_COUNT": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    }
    inherited = {name: os.environ[name] for name in ("PATH", "HALYQ_VAR") if name in os.environ}
    code = f"import sys; sys.path.append('platform'); import django; django.setup()\n{then}"
    return subprocess.run(
        [sys.executable, "-c", code], env=inherited | variables | changes, capture_output=True, text=True, check=False
    )


def test_production_starts_with_everything_it_needs():
    started = start_in_production()
    assert started.returncode == 0, started.stderr
    assert not re.findall(r"\w+\.[WE]\d+", started.stderr + started.stdout)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"SECRET_KEY": INSECURE_SECRET_KEY}, "SECRET_KEY is the published development value"),
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"HALYQ_SSO": "1"}, "HALYQ_SSO is on, but HALYQ_SSO_KEYS holds no key"),
        ({"HALYQ_SSO": "1", "HALYQ_SSO_KEYS": INSECURE_SSO_KEY}, "contains the published development key"),
    ],
)
def test_production_does_not_start_unsafe(changes, problem):
    started = start_in_production(**changes)
    assert started.returncode != 0
    assert problem in started.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://hub@/hub?host=/run/pg", {"NAME": "hub", "USER": "hub", "HOST": "/run/pg", "PORT": ""}),
        (
            "postgres://u%40x:p%2Fw@db.example:6432/name?sslmode=require",
            {"NAME": "name", "USER": "u@x", "PASSWORD": "p/w", "HOST": "db.example", "PORT": "6432"},
        ),
    ],
)
def test_database_address_is_taken_apart(url, expected):
    assert expected.items() <= environment.database(url).items()


def test_other_options_of_a_database_address_are_kept():
    assert environment.database("postgresql://u@h/n?sslmode=require")["OPTIONS"] == {"sslmode": "require"}


def test_only_postgresql_is_taken():
    with pytest.raises(ImproperlyConfigured, match="only PostgreSQL"):
        environment.database("sqlite:///hub.db")


@pytest.mark.parametrize(
    ("url", "cache", "broker"),
    [
        ("unix:///run/kv.sock", "unix:///run/kv.sock?db=1", "redis+socket:///run/kv.sock?virtual_host=1"),
        ("redis://:pw@kv:6379", "redis://:pw@kv:6379/1", "redis://:pw@kv:6379/1"),
        ("rediss://kv:6379/0?ssl_cert_reqs=required", *["rediss://kv:6379/1?ssl_cert_reqs=required"] * 2),
    ],
)
def test_key_value_address_names_a_database(url, cache, broker):
    assert environment.redis(url, 1) == cache
    assert environment.broker(url, 1) == broker


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("Yes", True), ("off", False), ("", False)])
def test_flags_are_words(monkeypatch, value, expected):
    monkeypatch.setenv("A_FLAG", value)
    assert environment.flag("A_FLAG") is expected


def test_a_flag_that_is_neither_is_refused(monkeypatch):
    monkeypatch.setenv("A_FLAG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="A_FLAG"):
        environment.flag("A_FLAG")


@pytest.mark.parametrize(("value", "found"), [("", ["TRK"]), ("SAU", ["SAU"]), ("SAU,TRK", ["SAU", "TRK"])])
def test_number_prefixes_of_the_installation(value, found, monkeypatch):
    monkeypatch.setenv("HALYQ_NUMBER_PREFIX", value)
    assert environment.number_prefixes("HALYQ_NUMBER_PREFIX", "TRK") == found


@pytest.mark.parametrize("value", ["trk", "T", "TRKTRK", "ТРК", "TRK,1"])
def test_prefix_that_nobody_can_type_is_refused(value, monkeypatch):
    monkeypatch.setenv("HALYQ_NUMBER_PREFIX", value)
    with pytest.raises(ImproperlyConfigured, match="Latin"):
        environment.number_prefixes("HALYQ_NUMBER_PREFIX", "TRK")


def test_several_keys_stand_one_after_another(monkeypatch, tmp_path):
    blocks = [f"-----BEGIN PRIVATE KEY-----\n{word}\n-----END PRIVATE KEY-----" for word in ("one", "two")]
    monkeypatch.setenv("KEYS", "\\n".join(blocks).replace("\n", "\\n"))
    assert environment.pem_blocks("KEYS") == blocks
    monkeypatch.delenv("KEYS")
    (tmp_path / "keys.pem").write_text("\n".join(blocks))
    monkeypatch.setenv("KEYS_FILE", str(tmp_path / "keys.pem"))
    assert environment.pem_blocks("KEYS") == blocks
    monkeypatch.setenv("KEYS_FILE", "/nowhere")
    with pytest.raises(ImproperlyConfigured, match="KEYS_FILE cannot be read"):
        environment.pem_blocks("KEYS")
