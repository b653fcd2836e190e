"""Appeals that belong together: whose answer may be given in another appeal, and whose may not."""

import pytest

from appeals import links
from appeals.models import LinkKind, Regime, Status
from common.errors import Conflict
from tests.factories import make_appeal, make_identified_applicant, make_user

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
