"""Taking an appeal in: once, whole, and with the law's minimum of data."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from appeals import intake
from appeals.models import Appeal, AppealEvent, Channel, EventKind, Regime, Status, Timer, TimerCode
from common.errors import ValidationFailed
from tests.factories import make_appeal, make_identified_applicant, make_incoming, make_reference

pytestmark = pytest.mark.django_db
ALMATY = ZoneInfo("Asia/Almaty")


@pytest.fixture(autouse=True)
def reference() -> None:
    make_reference()


def test_request_is_registered_at_once_with_its_clocks() -> None:
    submitted = intake.submit_appeal(make_incoming())
    appeal = Appeal.objects.get()
    assert submitted.created
    assert appeal.status == Status.REGISTERED
    assert appeal.due_at == Timer.objects.get(code=TimerCode.ANSWER).due_at
    assert set(Timer.objects.values_list("code", flat=True)) == {TimerCode.FIRST_REACTION, TimerCode.ANSWER}
    event = AppealEvent.objects.get()
    assert (event.kind, event.seq, event.hash) == (EventKind.RECEIVED, 1, appeal.history_head)


def test_repeated_delivery_creates_one_appeal() -> None:
    first = intake.submit_appeal(make_incoming(external_id="same"))
    again = intake.submit_appeal(make_incoming(external_id="same", text="Тағы да сол өтініш келді"))
    other_channel = intake.submit_appeal(make_incoming(external_id="same", channel=Channel.EMAIL))
    assert (first.created, again.created, other_channel.created) == (True, False, True)
    assert again.appeal.pk == first.appeal.pk
    assert Appeal.objects.count() == 2
    assert AppealEvent.objects.count() == 2


def test_statutory_appeal_waits_for_the_confirmed_contact() -> None:
    incoming = make_incoming(regime=Regime.APPEAL, applicant=make_identified_applicant())
    appeal = intake.submit_appeal(incoming).appeal
    assert appeal.status == Status.RECEIVED
    intake.confirm_contact(appeal.pk, address="+77010000000")
    intake.confirm_contact(appeal.pk, address="+77010000000")
    appeal.refresh_from_db()
    assert appeal.status == Status.REGISTERED
    kinds = list(AppealEvent.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == [EventKind.RECEIVED, EventKind.CONTACT_CONFIRMED, EventKind.REGISTERED]
    assert Timer.objects.get(code=TimerCode.REGISTER).outcome == Timer.Outcome.MET


@pytest.mark.parametrize("missing", ["full_name", "identifier", "postal_address"])
def test_statutory_appeal_needs_identity(missing: str) -> None:
    applicant = replace(make_identified_applicant(), **{missing: ""})
    with pytest.raises(ValidationFailed) as refused:
        intake.submit_appeal(make_incoming(regime=Regime.APPEAL, applicant=applicant))
    assert refused.value.field == missing
    assert not Appeal.objects.exists()


def test_statutory_appeal_of_a_saturday_is_registered_on_monday_and_due_in_15_working_days() -> None:
    saturday = datetime(2026, 11, 21, 12, tzinfo=ALMATY)
    applicant = replace(make_identified_applicant(), contact_confirmed=True)
    incoming = make_incoming(regime=Regime.APPEAL, applicant=applicant, received_at=saturday)
    appeal = intake.submit_appeal(incoming).appeal
    assert appeal.received_at == saturday
    assert timezone.localtime(appeal.registered_at).date().isoformat() == "2026-11-23"
    assert appeal.clock_start_on.isoformat() == "2026-11-24"
    assert timezone.localtime(appeal.due_at).date().isoformat() == "2026-12-14"


def test_identifier_is_unreadable_in_the_table_and_found_by_its_hash() -> None:
    from django.db import connection

    intake.submit_appeal(make_incoming(regime=Regime.APPEAL, applicant=make_identified_applicant()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT identifier, full_name, phone, identifier_hash FROM appeals_applicant")
        identifier, full_name, phone, digest = cursor.fetchone()
    assert b"000101300019" not in bytes(identifier)
    assert bytes(full_name) and bytes(phone)
    assert len(digest) == 64
    applicant = Appeal.objects.get().applicant
    assert applicant.identifier == "000101300019"


@pytest.mark.parametrize("text", ["", "а", "   су   ", "x" * 20_001])
def test_text_too_short_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        intake.submit_appeal(make_incoming(text=text))
    assert refused.value.field == "text"


def test_seven_days_of_the_contact_centre() -> None:
    received = timezone.now()
    appeal = intake.submit_appeal(make_incoming(received_at=received)).appeal
    assert timezone.localtime(appeal.due_at).date() == timezone.localtime(received).date() + timedelta(days=7)


@pytest.mark.parametrize("point", [("NaN", "68.2"), ("91", "68.2"), ("43.3", "-999999999")])
def test_a_point_that_is_nowhere_and_signs_no_database_keeps_refuse_nobody(point: tuple[str, str]) -> None:
    appeal = make_appeal(
        text="Су жоқ,\x00 құбыр \ud83d жарылған",
        address="Тәуке хан\x00 1",
        latitude=Decimal(point[0]),
        longitude=Decimal(point[1]),
        applicant=make_identified_applicant(full_name="Серікова\x00 Айгүл"),
    )
    appeal.refresh_from_db()
    assert (appeal.text, appeal.address) == ("Су жоқ, құбыр  жарылған", "Тәуке хан 1")
    assert (appeal.latitude, appeal.longitude) == (None, None)
    assert appeal.applicant.full_name == "Серікова Айгүл"
