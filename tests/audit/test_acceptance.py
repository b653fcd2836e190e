"""A break that the security officer has accepted alarms no longer; what is changed later does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Role
from audit import acceptance, checks, sealing, trail
from audit.models import AcceptedBreak, AuditRecord, ChainCheck
from common.errors import Conflict, NotAllowed, ValidationFailed
from tests.audit.test_chain import as_owner
from tests.factories import make_user
from tests.privacy.test_exporting import prove_again

pytestmark = pytest.mark.django_db
WHY = "Дерекқор әкімшісі қате түзеткен"


def chain(count: int = 5) -> list[AuditRecord]:
    rows = [trail.record(action="exported", actor=None, subject_ref="queue") for _ in range(count)]
    sealing.seal_all()
    return [AuditRecord.objects.get(pk=row.pk) for row in rows]


def found() -> tuple[int | None, str] | None:
    check = checks.check_whole()
    return (check.problem_seq, check.problem) if check.problem else None


def change(row: AuditRecord) -> None:
    as_owner("UPDATE audit_auditrecord SET reason = reason || 'x' WHERE id = %s", row.pk)


def remove(row: AuditRecord) -> None:
    as_owner("DELETE FROM audit_auditrecord WHERE id = %s", row.pk)


def make_officer() -> Any:
    return make_user(Role.SECURITY_OFFICER, password="bir-eki-ush-tort")


@pytest.mark.parametrize(("damage", "why"), [(change, "changed"), (remove, "missing")])
def test_an_accepted_break_alarms_no_longer_and_a_new_one_does(damage: Any, why: str) -> None:
    rows = chain()
    damage(rows[1])
    at = rows[1] if damage is change else rows[2]
    assert found() == (at.seq, why)
    assert acceptance.accept(at, reason=WHY, actor=make_officer()) == [why]
    assert found() is None
    told = AuditRecord.objects.filter(action="chain_broken").count()
    assert checks.check_new().problem == ""
    assert AuditRecord.objects.filter(action="chain_broken").count() == told
    call_command("verify_audit")
    change(rows[3])
    assert found() == (rows[3].seq, "changed")
    assert AuditRecord.objects.filter(action="chain_broken").count() == told + 1


def test_what_is_changed_once_more_at_the_same_record_is_a_new_break() -> None:
    rows = chain()
    change(rows[1])
    acceptance.accept(rows[1], reason=WHY, actor=make_officer())
    change(rows[1])
    assert found() == (rows[1].seq, "changed")


def test_accepting_is_recorded_with_its_reason() -> None:
    rows, officer = chain(), make_officer()
    change(rows[1])
    acceptance.accept(rows[1], reason=WHY, actor=officer)
    record = AuditRecord.objects.get(action="break_accepted")
    assert (record.actor, record.reason, record.subject_ref) == (officer, WHY, f"audit:{rows[1].seq}")
    assert record.details == {"seq": rows[1].seq, "row": rows[1].pk}


def test_what_only_the_database_accepts_counts_for_nothing() -> None:
    rows, officer = chain(), make_officer()
    change(rows[1])
    acceptance.accept(rows[1], reason=WHY, actor=officer)
    change(rows[3])
    AcceptedBreak.objects.create(seq=rows[3].seq, why="changed", reason=WHY, accepted_by=officer, proof="a" * 64)
    assert found() == (rows[3].seq, "changed")
    AcceptedBreak.objects.filter(seq=rows[1].seq).update(reason="rewritten")
    assert found() == (rows[1].seq, "changed")


def test_nothing_whole_is_accepted_nor_without_a_reason_nor_by_an_administrator() -> None:
    rows, officer = chain(), make_officer()
    with pytest.raises(Conflict):
        acceptance.accept(rows[1], reason=WHY, actor=officer)
    change(rows[1])
    with pytest.raises(ValidationFailed):
        acceptance.accept(rows[1], reason="жоқ", actor=officer)
    with pytest.raises(NotAllowed):
        acceptance.accept(rows[1], reason=WHY, actor=make_user(Role.ADMINISTRATOR))
    assert not AcceptedBreak.objects.exists()


def test_the_officer_accepts_it_on_the_page_of_the_alarm(client: Client) -> None:
    rows, officer = chain(), make_officer()
    change(rows[1])
    checks.check_whole()
    client.force_login(officer)
    prove_again(client)
    url = f"/staff/audit/{rows[1].pk}/accept/"
    assert url in client.get("/staff/audit/").content.decode()
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "жоқ"}).status_code == 422
    assert client.post(url, {"reason": WHY}).status_code == 303
    assert ChainCheck.objects.order_by("-pk")[0].problem == ""
    assert url not in client.get("/staff/audit/").content.decode()
    chief = Client()
    chief.force_login(make_user(Role.ADMINISTRATOR))
    assert chief.get(url).status_code == 403
