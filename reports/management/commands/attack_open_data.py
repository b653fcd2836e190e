"""`manage.py attack_open_data`: look for people in the public versions of the open data, and say how it went."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports import sources
from reports.models import DatasetVersion
from reports.opendata import attack, storage, versions
from reports.opendata.datasets import appeals
from reports.opendata.deidentification import COLUMNS, PUBLIC_LIST, Row


class Command(BaseCommand):
    help = (
        "Attack the newest public versions as somebody who knows what the public pages tell. Exit code 1 when an "
        "appeal can be singled out or a hidden figure computed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        bad = self._appeals() + self._figures()
        if bad:
            raise SystemExit(1)

    def _appeals(self) -> int:
        version = versions.newest_of(appeals.SLUG)
        if version is None or version.covers_from is None:
            self.stdout.write("appeals: nothing is published")
            return 0
        released = {tuple(str(row[name]) for name in COLUMNS): int(str(row["appeals"]))
                    for row in storage.rows_of(version)}  # fmt: skip
        targets, bad = _targets(version), 0
        self.stdout.write(f"appeals, version {version.number}: {sum(released.values())} in {len(released)} rows")
        for name, known in attack.ATTACKERS.items():
            found = attack.attack(released, targets, known)
            bad += found.singled_out
            learned = ", ".join(f"{column} {found.share(count):.1%}" for column, count in found.inferred.items())
            guesses = ", ".join(
                f"{column} {found.share(count):.0%} (blindly {attack.best_blind_guess(targets, column):.0%})"
                for column, count in found.guessed.items()
            )
            self.stdout.write(
                f"  {name}: of {found.looked_for} singled out {found.singled_out} "
                f"({found.share(found.singled_out):.1%}), at least {found.fewest} fit; learned: {learned or 'nothing'}"
                + (f"; guessed rightly from the closest rows: {guesses}" if guesses else "")
            )
        for column, count in attack.told_by_the_group(released).items():
            bad += count
            self.stdout.write(f"  told of a whole group: {column} of {count} appeals")
        naive = attack.attack(targets, targets, PUBLIC_LIST)
        self.stdout.write(f"  without the method the public list would single out {naive.share(naive.singled_out):.1%}")
        return bad

    def _figures(self) -> int:
        version = versions.newest_of("monthly-figures")
        if version is None:
            self.stdout.write("monthly figures: nothing is published")
            return 0
        sectors = {choice.key: choice.slug for choice in sources.choices("sector")}
        parents = {choice.slug: sectors.get(choice.parent or 0, "none") for choice in sources.choices("topic")}
        found = attack.recovered(storage.rows_of(version), parents)
        self.stdout.write(f"monthly figures, version {version.number}: hidden figures computed: {len(found)}")
        return len(found)


def _targets(version: DatasetVersion) -> Counter[Row]:
    """What is true of every appeal that may be in the version."""
    assert version.covers_from is not None and version.covers_until is not None
    counted: Counter[Row] = Counter()
    today = timezone.localdate()
    for row, _is_about_staff, count in appeals.told(version.covers_from, version.covers_until, today=today):
        counted[row] += count
    return counted
