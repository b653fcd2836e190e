"""The demo city at work: a fortnight's roster of both contact centres, and one colleague on leave."""

from __future__ import annotations

import datetime as dt

from accounts import shifts, substitutions
from accounts.models import Role, Shift, Substitution, User
from accounts.rosters import week_of
from accounts.shifts import Roster
from organizations.models import Department

DAY = dt.timedelta(days=1)
FORTNIGHT = 14 * DAY
P = Shift.Pattern
# Eleven hours each: two crews by day, two by night, and on working days a shift over the evening.
MORNING, NIGHT, EVENING = (dt.time(8), dt.time(19)), (dt.time(21), dt.time(8)), (dt.time(12), dt.time(23))
CREWS = (
    (P.TWO_TWO, 0, MORNING),
    (P.TWO_TWO, 2, MORNING),
    (P.TWO_TWO, 0, NIGHT),
    (P.TWO_TWO, 2, NIGHT),
    (P.FIVE_TWO, 0, EVENING),
    (P.FIVE_TWO, 0, EVENING),
)
CENTRES = ("contact-109", "contact-1310")
AWAY, STANDS_IN = "head.land", "executor.land"


def ensure_duty(today: dt.date) -> None:
    """Made once; a second run on another day adds what is ahead and changes nothing that is there."""
    for slug in CENTRES:
        unit = Department.objects.filter(slug=slug).first()
        if unit is not None:
            _roster(unit, week_of(today)[0])
    people = {user.username: user for user in User.objects.filter(username__in=(AWAY, STANDS_IN))}
    if len(people) == 2 and not Substitution.objects.filter(user=people[AWAY], ends_on__gte=today).exists():
        substitutions.set_substitution(
            user=people[AWAY],
            substitute=people[STANDS_IN],
            begins_on=today,
            ends_on=today + FORTNIGHT,
            reason="Жыл сайынғы еңбек демалысы",
            actor=people[AWAY],
        )


def _roster(unit: Department, monday: dt.date) -> None:
    head = User.objects.filter(role_assignments__department=unit, role_assignments__role=Role.HEAD).first()
    executors = {"role_assignments__department": unit, "role_assignments__role": Role.EXECUTOR}
    people = list(User.objects.filter(is_active=True, **executors).order_by("pk"))
    if head is None or Shift.objects.filter(department=unit, starts_at__date__gte=monday).exists():
        return
    for number, person in enumerate(people):
        pattern, later, (begins, ends) = CREWS[number % len(CREWS)]
        wanted = Roster([person], pattern, monday + later * DAY, monday + FORTNIGHT - DAY, begins, ends)
        shifts.make_roster(unit, wanted, actor=head)
