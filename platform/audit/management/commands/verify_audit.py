"""`manage.py verify_audit`: prove the chain of the audit log, or name the first record that does not fit."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit import checks, sealing
from audit.models import AuditRecord, ChainCheck
from audit.verification import Link, Problem, beginning, check_end, check_waiting, walk
from common.progress import Progress


class Command(BaseCommand):
    help = "Recompute every hash of the audit log. Exit code 1 names the first record that does not fit."

    def handle(self, *args: Any, **options: Any) -> None:
        progress = Progress(sys.stderr, "audit log")
        check = ChainCheck(is_whole=True)
        sealing.seal_all()
        start = beginning()
        problem = start if isinstance(start, Problem) else self._walk(check, start, progress)
        progress.end()
        problem = problem or check_end() or check_waiting()
        check.finished_at = timezone.now()
        if problem:
            check.problem, check.problem_seq = str(problem.why), problem.seq
        checks.keep(check)
        if problem:
            checks.tell(problem)
            raise CommandError(self._words(problem), returncode=1)
        rate = check.checked / max(progress.seconds, 0.001)
        self.stdout.write(
            f"The audit log holds: {check.checked:,} records up to number {check.through_seq:,} "
            f"({progress.seconds:.1f} s, {rate:,.0f} records/s)."
        )

    def _walk(self, check: ChainCheck, start: Link, progress: Progress) -> Problem | None:
        total = max(AuditRecord.objects.filter(seq__gt=start.seq).count(), 1)
        check.through_seq, check.through_hash = start.seq, start.hash
        for step in walk(start):
            check.checked += step.checked
            check.through_seq, check.through_hash = step.link.seq, step.link.hash
            progress.show(min(check.checked / total, 1.0), check.checked)
            if step.problem:
                return step.problem
        return None

    def _words(self, problem: Problem) -> str:
        row = AuditRecord.objects.filter(pk=problem.row_id or 0).first()
        where = f"number {problem.seq}" if problem.seq else "waiting record"
        said = f", row {row.pk} ({row.action}, {row.at:%Y-%m-%d %H:%M:%S})" if row else ""
        return f"The audit log does not hold at {where}{said}: {problem.why.value}"
