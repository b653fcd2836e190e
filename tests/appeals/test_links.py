"""Appeals that belong together: whose answer may be given in another appeal, and whose may not."""

import pytest

from appeals import intake, links
from appeals.models import Appeal, EventKind, LinkKind, Regime, Status, TimerCode
from appeals.selectors import case
from common.errors import Conflict
from tests.factories import make_appeal, make_department, make_identified_applicant, make_user

pytestmark = pytest.mark.django_db


def test_statutory_appeal_of_another_person_is_not_closed_as_a_duplicate() -> None:
    first = make_appeal(regime=Regime.APPEAL)
    someone = make_identified_applicant(identifier="000101301805", contact_confirmed=True)
    theirs = make_appeal(regime=Regime.APPEAL, applicant=someone)
    actor = make_user("inspector")
    with pytest.raises(Conflict):
        links.link_appeals(theirs.pk, first.pk, kind=LinkKind.DUPLICATE, actor=actor)
    theirs.refresh_from_db()
    assert theirs.status == Status.REGISTERED
    assert links.link_appeals(theirs.pk, first.pk, kind=LinkKind.RELATED, actor=actor)


def test_statutory_appeal_lives_on_in_another_one_of_its_author_but_not_in_a_request() -> None:
    first, again = (make_appeal(regime=Regime.APPEAL) for _ in range(2))
    request = make_appeal(applicant=make_identified_applicant())
    actor = make_user("inspector")
    with pytest.raises(Conflict):
        links.link_appeals(again.pk, request.pk, kind=LinkKind.DUPLICATE, actor=actor)
    links.link_appeals(again.pk, first.pk, kind=LinkKind.DUPLICATE, actor=actor)
    again.refresh_from_db()
    assert again.status == Status.CLOSED


def make_unconfirmed_duplicate(actor: object) -> tuple[Appeal, int]:
    first = make_appeal(regime=Regime.APPEAL)
    again = make_appeal(regime=Regime.APPEAL, applicant=make_identified_applicant())
    assert again.status == Status.RECEIVED
    return again, links.link_appeals(again.pk, first.pk, kind=LinkKind.DUPLICATE, actor=actor).pk


def running(appeal: Appeal) -> set[str]:
    return set(appeal.timers.filter(stopped_at__isnull=True).values_list("code", flat=True))


def test_duplicate_that_was_never_confirmed_waits_for_its_author_again() -> None:
    actor = make_user("inspector")
    again, link = make_unconfirmed_duplicate(actor)
    links.unlink_appeals(link, actor=actor)
    again.refresh_from_db()
    assert (again.status, again.outcome, again.closed_at) == (Status.RECEIVED, "", None)
    assert running(again) == {TimerCode.REGISTER, TimerCode.FORWARD, TimerCode.ANSWER}
    assert not again.events.filter(kind=EventKind.REGISTERED).exists()
    intake.confirm_contact(again.pk, address="a***@example.kz")
    again.refresh_from_db()
    assert again.status == Status.REGISTERED


def test_duplicate_confirmed_while_it_was_closed_is_registered_when_it_opens_again() -> None:
    actor = make_user("inspector")
    again, link = make_unconfirmed_duplicate(actor)
    intake.confirm_contact(again.pk, address="a***@example.kz")
    links.unlink_appeals(link, actor=actor)
    again.refresh_from_db()
    assert again.status == Status.REGISTERED
    assert TimerCode.REGISTER not in running(again)
    assert again.events.filter(kind=EventKind.REGISTERED).count() == 1


@pytest.mark.parametrize(("role", "sees"), [("inspector", True), ("executor", False)])
def test_link_with_a_confidential_appeal_is_shown_to_who_may_see_it(role: str, sees: bool) -> None:
    appeal, secret, plain = make_appeal(), make_appeal(is_confidential=True), make_appeal()
    actor = make_user("inspector")
    links.link_appeals(secret.pk, appeal.pk, kind=LinkKind.RELATED, actor=actor)
    links.link_appeals(plain.pk, appeal.pk, kind=LinkKind.RELATED, actor=actor)
    viewer = make_user(role, department=make_department() if role == "executor" else None)
    shown = {link.source_id for link in case.links_of(appeal, viewer)}
    assert shown == ({secret.pk, plain.pk} if sees else {plain.pk})
