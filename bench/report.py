"""The table of a run: ours, the calibration of the same run and the ratio, with the machine it was measured on."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from tools.stack.folders import ROOT

RESULTS = Path(__file__).parent / "results"
INSERTS = ("filing", "Telegram")
# name, clients, what is looked at, bar in words, and the check over (figure, calibration, figure at 10,000 appeals)
BARS = (
    ("queue with filters", 1, "p95", 40.0),
    ("queue with text", 1, "p95", 40.0),
    ("queue with text and filters", 1, "p95", 40.0),
    ("queue, thousandth page", 1, "p95", 40.0),
    ("case page", 1, "p95", 30.0),
    ("figures, read anew", 1, "p95", 100.0),
    ("figures, as asked for", 1, "p95", 100.0),
    ("status change: claim", 1, "p95", 30.0),
    ("status change: hand back", 1, "p95", 30.0),
    ("API: read a case", 1, "p95", 15.0),
    ("API: read an appeal", 1, "p95", 15.0),
    ("API: list of cases", 1, "p95", 25.0),
    ("API: list of appeals", 1, "p95", 25.0),
)
RATIOS = (("filing, web form", 0.20), ("filing, intake view", 0.20), ("filing, API", 0.20), ("Telegram webhook", 0.60))
GROWTH = 1.5
PEER = {"filing, web form": 26.0, "filing, intake view": 26.0, "filing, API": 26.0}
TIMES_PEER = 10


def machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next(
        (line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name")),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "commit": commit.stdout.strip(),
        "load_before": round(os.getloadavg()[2], 1),
    }


def write(measured: dict[int, Any], *, partial: bool) -> list[Path]:
    """Print the table; a whole run is also kept as JSON and Markdown."""
    here = machine()
    text = _markdown(measured, here)
    print("\n" + text)
    if partial:
        return []
    RESULTS.mkdir(exist_ok=True)
    stem = RESULTS / f"{dt.date.today():%Y-%m-%d}-{here['cores']}cores"
    paths = [stem.with_suffix(".json"), stem.with_suffix(".md")]
    paths[0].write_text(
        json.dumps({"machine": here, "sizes": measured}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    paths[1].write_text(text, encoding="utf-8")
    return paths


def _markdown(measured: dict[int, Any], here: dict[str, Any]) -> str:
    lines = [
        f"# Bench of {dt.date.today():%Y-%m-%d}",
        "",
        f"{here['cpu']}, {here['cores']} cores, {here['memory_gb']} GB, {here['system']}, Python {here['python']}, "
        f"commit {here['commit']}. Load of the 15 minutes before: {here['load_before']}. Two web processes of four "
        "threads, worker and beat running; the load generator is one process on the same machine.",
    ]
    for size, result in measured.items():
        lines += ["", f"## {size:,} appeals", "", *_table(result["figures"])]
        memory = ", ".join(f"{megabytes} MB" for megabytes in result["memory_mb"].values())
        lines += [
            "",
            f"Memory of the web processes after it: {memory}. The «thousandth» page here is page {result['page']:,}.",
        ]
    lines += ["", "## Against the bars", "", *_bars(measured)]
    return "\n".join(lines) + "\n"


def _table(figures: list[dict[str, Any]]) -> list[str]:
    insert = _find(figures, "bare insert", 8)
    view = _find(figures, "bare view", 8)
    lines = [
        "| what | clients | median, ms | p95, ms | per second | share of the bare insert (view) |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in figures:
        if one["state"] != "measured":
            lines.append(f"| {one['name']} | {one['clients']} | | | | {one['state']} |")
            continue
        base = insert if one["name"].startswith(INSERTS) or one["name"].startswith("status") else view
        same = _find(figures, base["name"], one["clients"]) if base else None
        share = (
            f"{one['rate'] / same['rate']:.1%}" if same and same["rate"] and not one["name"].startswith("bare") else ""
        )
        lines.append(
            f"| {one['name']} | {one['clients']} | {one['median']:.1f} | {one['p95']:.1f} "
            f"| {one['rate']:,.0f} | {share} |"
        )
    return lines


def _bars(measured: dict[int, Any]) -> list[str]:
    largest, smallest = measured[max(measured)]["figures"], measured[min(measured)]["figures"]
    lines = ["| bar | measured | |", "| --- | ---: | --- |"]
    for name, clients, column, most in BARS:
        one, small = _find(largest, name, clients), _find(smallest, name, clients)
        if one is None:
            lines.append(f"| {name}, p95 below {most:.0f} ms | | not measured |")
            continue
        lines.append(f"| {name}, p95 below {most:.0f} ms | {one[column]:.1f} ms | {_met(one[column] < most)} |")
        if small and len(measured) > 1 and name.startswith("queue"):
            growth = one[column] / small[column]
            lines.append(f"| {name}, at most {GROWTH} times the small one | {growth:.2f} | {_met(growth <= GROWTH)} |")
    insert = _find(largest, "bare insert", 8)
    for name, share in RATIOS:
        one = _find(largest, name, 8)
        if one is None or insert is None:
            lines.append(f"| {name}, {share:.0%} of the bare insert at 8 clients | | not measured |")
            continue
        got = one["rate"] / insert["rate"]
        lines.append(f"| {name}, {share:.0%} of the bare insert at 8 clients | {got:.1%} | {_met(got >= share)} |")
        if name in PEER:
            enough = TIMES_PEER * PEER[name]
            words = f"{name}, {TIMES_PEER} times the peer's {PEER[name]:.0f}/s"
            lines.append(f"| {words} | {one['rate']:.0f}/s | {_met(one['rate'] >= enough)} |")
    sizes = [int(megabytes) for megabytes in measured[max(measured)]["memory_mb"].values()]
    if sizes:
        lines.append(f"| memory of a web process below 150 MB | {max(sizes)} MB | {_met(max(sizes) < 150)} |")
    return lines


def _met(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def _find(figures: list[dict[str, Any]], name: str, clients: int) -> dict[str, Any] | None:
    found = (one for one in figures if one["name"] == name and one["clients"] == clients and one["state"] == "measured")
    return next(found, None)
