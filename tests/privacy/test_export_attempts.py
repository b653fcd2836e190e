"""A copy that cannot be made: it is tried a few times, and whoever lost his claim touches nothing."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.test import Client
from django.utils import timezone

from common.errors import Conflict
from notifications.models import Notification
from privacy import exporting, requests, tasks
from privacy.models import CaseEvent, DataRequest, ExportFile
from tests.factories import make_user
from tests.privacy.people import make_duties, make_resident, subject_of

pytestmark = pytest.mark.django_db


def waiting() -> ExportFile:
    make_duties()
    request = requests.open_request(subject_of(make_resident()), DataRequest.Kind.KNOW, language="kk")
    return request.export


def expire_lease(export: ExportFile) -> None:
    ExportFile.objects.filter(pk=export.pk).update(leased_until=timezone.now() - dt.timedelta(seconds=1))


def test_copy_that_kills_its_maker_each_time_is_given_up() -> None:
    export = waiting()
    for _attempt in range(exporting.MOST_ATTEMPTS):
        assert exporting._claim() is not None
        expire_lease(export)
    assert exporting._claim() is None
    export.refresh_from_db()
    assert (export.state, export.path, export.key) == ("failed", "", "")


def test_maker_whose_lease_ran_out_does_not_undo_the_next_one() -> None:
    export = waiting()
    slow = exporting._claim()
    expire_lease(export)
    second = exporting._claim()
    assert slow is not None and second is not None
    exporting._failed(slow)
    exporting._build(second)
    export.refresh_from_db()
    assert export.state == "ready"
    assert exporting.is_available(export)


def given_up(monkeypatch: pytest.MonkeyPatch | None = None) -> ExportFile:
    """A copy whose maker was killed each time, or, with a patch, failed each time."""
    export = waiting()
    for _attempt in range(exporting.MOST_ATTEMPTS):
        if monkeypatch is None:
            assert exporting._claim() is not None
            expire_lease(export)
        else:
            with monkeypatch.context() as broken:
                broken.setattr(exporting, "_fill", lambda *_: 1 / 0)
                ExportFile.objects.update(leased_until=None)
                exporting.build_due()
    if monkeypatch is None:
        assert exporting._claim() is None
    export.refresh_from_db()
    assert export.state == "failed"
    return export


@pytest.mark.parametrize("is_killed", [True, False])
def test_copy_that_is_given_up_is_told_to_the_person_and_to_the_officers(
    is_killed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = given_up(None if is_killed else monkeypatch)
    ref = export.request.ref
    person = Notification.objects.get(subject_ref=ref)
    assert (person.template, person.transport) == ("privacy_export_failed_1", "email")
    officers = Notification.objects.filter(template="privacy_staff", subject_ref=f"{ref}:failed:1")
    assert {row.transport for row in officers} == {"inbox", "email"}
    assert CaseEvent.objects.filter(case_ref=ref, kind="failed").count() == 1


def test_person_sees_that_it_failed_and_has_it_begun_again(client: Client) -> None:
    export = given_up()
    client.force_login(export.request.user)
    client.cookies["django_language"] = "en"
    page = f"/my/data/{export.request_id}/"
    assert "The copy could not be made" in client.get(page).content.decode()
    assert "The copy could not be made" in client.get("/my/data/export/").content.decode()
    assert client.post("/my/data/export/")["Location"] == page, "the same request goes on, nothing blocks it"
    assert tasks.build_exports() == 1
    export.refresh_from_db()
    assert exporting.is_available(export)
    assert DataRequest.objects.get().state == DataRequest.State.DONE


def test_officers_see_that_it_failed_and_begin_it_again(client: Client) -> None:
    export = given_up()
    client.force_login(make_user("security_officer"))
    client.cookies["django_language"] = "en"
    page = f"/staff/privacy/requests/{export.request_id}/"
    assert "Copy failed" in client.get("/staff/privacy/").content.decode()
    assert "Begin the copy again" in client.get(page).content.decode()
    assert client.post(page, {"action": "retry"}).status_code == 303
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("waiting", 0)
    assert "Begin the copy again" not in client.get(page).content.decode()
    with pytest.raises(Conflict):
        requests.retry_copy(export.request_id, actor=make_user("security_officer"))
    client.force_login(make_user("head"))
    assert client.post(page, {"action": "retry"}).status_code == 403


def test_each_time_it_comes_to_that_is_told_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    export = given_up()
    requests.open_request(subject_of(export.request.user), DataRequest.Kind.KNOW, language="kk")
    for _attempt in range(exporting.MOST_ATTEMPTS):
        assert exporting._claim() is not None
        expire_lease(export)
    assert exporting._claim() is None
    assert Notification.objects.filter(template__startswith="privacy_export_failed").count() == 2


def test_file_that_no_row_names_goes_once_it_is_old() -> None:
    export = waiting()
    exporting.build_due()
    export.refresh_from_db()
    kept, fresh, old = (
        exporting.file_of(path) for path in (export.path, "privacy-exports/fresh.sealed", "privacy-exports/old.sealed")
    )
    for path in (fresh, old):
        path.write_bytes(b"x")
    for path in (kept, old):
        os.utime(path, (0, 0))
    assert tasks.remove_expired_exports() == 1
    assert (kept.exists(), fresh.exists(), old.exists()) == (True, True, False)
    fresh.unlink()
