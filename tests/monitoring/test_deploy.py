"""Dashboards and alarms ask only for what the hub exposes, and fit the compose file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitoring import exposition
from tests.monitoring import names
from tests.monitoring.scrape import parse, scrape

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PROMETHEUS = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
PROMTOOL: Any = shutil.which("promtool")
EXPRESSIONS = list(names.expressions())
OPERATIONS_OF_ALARMS = {
    "HubDown", "WorkerDown", "TicksMissing", "FiguresMissing", "ErrorShareHigh", "PagesSlow", "ApiSlow", "QueueLong",
    "OutboxLags", "TasksFailAgain", "CodesLate", "NoticesFail", "WebhookDeadLetters", "AppealsOverdue", "BackupOld",
    "CertificateEnds", "AuditChainBroken", "AuditCheckOld",
}  # fmt: skip


def problems(expression: str) -> list[str]:
    """What an expression asks for that nobody exposes."""
    known, found = names.series(), []
    asked = list(names.selectors(expression))
    labels: set[str] = set()
    for name, matchers in asked:
        if name not in known:
            found.append(f"{name} is not exposed")
            continue
        labels |= known[name]
        found += [f"{name} has no label {label}" for label in matchers if label not in known[name]]
    found += [f"nothing has the label {label}" for label in names.grouped(expression) if label not in labels]
    return found if asked else ["asks for nothing"]


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=[where for where, _expression in EXPRESSIONS])
def test_an_expression_asks_for_what_is_exposed(where: str, expression: str) -> None:
    assert not problems(expression)
    assert [expression.count(sign) for sign in "({["] == [expression.count(sign) for sign in ")}]"]


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("sum(rate(halyq_http_request_total[5m]))", "is not exposed"),
        ("sum(rate(halyq_http_request_seconds[5m]))", "is not exposed"),
        ("max(halyq_outbox_waiting) + nonsense", "is not exposed"),
        ('halyq_queue_waiting{way="sms"}', "has no label"),
        ("sum by (number) (halyq_queue_waiting)", "nothing has the label"),
        ("1 + 1", "asks for nothing"),
    ],
)
def test_a_wrong_expression_is_noticed(expression: str, problem: str) -> None:
    assert any(problem in found for found in problems(expression))


@pytest.mark.django_db
def test_words_that_selectors_name_exist() -> None:
    """Of figures that always list all their words: a state that is none would never be found."""
    figures = scrape()
    for where, expression in EXPRESSIONS:
        for name, matchers in names.selectors(expression):
            rows = [dict(labels) for labels in figures.get(name, {})] if name.startswith("halyq_") else []
            for label, (sign, word) in matchers.items():
                if sign == "=" and rows and name in dict(names.gauges):
                    assert word in {row[label] for row in rows}, (where, name, label, word)


def test_every_alarm_says_how_bad_it_is_and_what_to_do() -> None:
    seen = []
    for path in names.RULES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            for rule in group["rules"]:
                seen.append(rule["alert"])
                assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
                assert rule["labels"]["severity"] in {"critical", "warning", "info"}, rule["alert"]
                assert rule["annotations"]["summary"] and rule["annotations"]["description"], rule["alert"]
                assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s")), rule["alert"]
    assert len(seen) == len(set(seen))
    assert set(seen) >= OPERATIONS_OF_ALARMS
    docs = (ROOT / "docs" / "monitoring.md").read_text()
    assert not [alarm for alarm in seen if f"`{alarm}`" not in docs]


@pytest.mark.parametrize("path", names.DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_can_be_read_by_grafana(path: Path) -> None:
    board: dict[str, Any] = json.loads(path.read_text())
    assert board["uid"] == path.stem
    assert board["title"] and board["schemaVersion"] >= 39
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    source = yaml.safe_load((ROOT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())
    (uid,) = [one["uid"] for one in source["datasources"]]
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        assert panel["title"] and panel["targets"], panel["id"]
        assert {panel["datasource"]["uid"], *(target["datasource"]["uid"] for target in panel["targets"])} == {uid}
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}  # fmt: skip
        assert place["x"] + place["w"] <= 24 and not cells & taken, panel["title"]
        taken |= cells


def test_there_is_a_dashboard_for_each_matter() -> None:
    assert [path.stem for path in names.DASHBOARDS] == [
        "halyq-api", "halyq-database", "halyq-overview", "halyq-queues",
    ]  # fmt: skip


def test_every_metric_is_looked_at_by_somebody() -> None:
    """What no dashboard and no alarm asks for costs a query for nothing."""
    asked = {name for _where, expression in EXPRESSIONS for name, _matchers in names.selectors(expression)}
    bare = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked} | asked
    assert not set(names.exposed()) - bare


def test_prometheus_asks_the_services_of_the_compose_file_with_the_token() -> None:
    (secret,) = COMPOSE["secrets"]
    assert COMPOSE["secrets"][secret] == {"environment": "HALYQ_METRICS_TOKEN"}
    assert [one["source"] for one in COMPOSE["services"]["prometheus"]["secrets"]] == [secret]
    ports = {"web": 8000, "worker": 9101}
    assert COMPOSE["services"]["worker"]["environment"]["HALYQ_WORKER_METRICS"] == "0.0.0.0:9101"
    for job in PROMETHEUS["scrape_configs"]:
        (found,) = job["dns_sd_configs"]
        assert job["authorization"] == {"credentials_file": f"/run/secrets/{secret}"}
        assert found["names"] == [job["job_name"]] and found["port"] == ports[job["job_name"]]
    assert {job["job_name"] for job in PROMETHEUS["scrape_configs"]} == set(ports)


def test_files_are_mounted_where_they_are_looked_for() -> None:
    mounts = dict(volume.split(":")[:2] for volume in COMPOSE["services"]["grafana"]["volumes"])
    provider = yaml.safe_load((ROOT / "deploy/grafana/provisioning/dashboards/hub.yml").read_text())["providers"][0]
    assert mounts["./deploy/grafana/dashboards"] == provider["options"]["path"]
    assert mounts["./deploy/grafana/provisioning"] == "/etc/grafana/provisioning"
    mounts = dict(volume.split(":")[:2] for volume in COMPOSE["services"]["prometheus"]["volumes"])
    (rules,) = PROMETHEUS["rule_files"]
    assert rules == f"{mounts['./deploy/prometheus']}/rules/*.yml"


def test_counts_that_alarms_look_at_are_there_before_the_first_one() -> None:
    """A count that appears as 1 has not grown, says Prometheus: the first dead letter would raise no alarm."""
    found = parse(exposition.text(with_figures=False).decode())
    assert (("outcome", "dead"),) in found["halyq_webhook_deliveries_total"]
    assert (("outcome", "failed"), ("way", "sms")) in found["halyq_notifications_total"]


@pytest.mark.skipif(PROMTOOL is None, reason="needs promtool, which comes with Prometheus")
def test_alarms_ring_when_they_should() -> None:
    """Prometheus's own tool tries the alarms on invented series, and reads the expressions of the dashboards."""
    folder = ROOT / "deploy" / "prometheus"
    tried = subprocess.run([PROMTOOL, "test", "rules", folder / "tests" / "hub.yml"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stdout + tried.stderr
    checked = subprocess.run(
        [PROMTOOL, "check", "config", "--syntax-only", folder / "prometheus.yml"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="needs promtool, which comes with Prometheus")
def test_prometheus_reads_every_expression(tmp_path: Path) -> None:
    rules = [{"record": f"tried:number{place}", "expr": one} for place, (_where, one) in enumerate(EXPRESSIONS)]
    path = tmp_path / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "tried", "rules": rules}]}))
    checked = subprocess.run([PROMTOOL, "check", "rules", path], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
