"""Who stands in for whom, and who is on duty: see it, set it, end it, as far as the caller's roles reach."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import shifts as duty
from accounts import substitutions
from accounts.models import Shift, Substitution, User
from accounts.permissions import has_right
from accounts.rights import Action
from accounts.rosters import week_of
from appeals import terms
from appeals.selectors import names
from common.errors import NotAllowed, NotFound, ValidationFailed
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.cases.base import PersonSerializer
from openapi.v1.fields import ClockTimeField, KeyField, NumberField, TextField
from organizations.models import Department

MOST_PAST = 30
PATTERNS = Shift.Pattern.choices


class SubstitutionSerializer(serializers.Serializer[Any]):
    """`user` is away, `substitute` has his roles meanwhile."""

    id = serializers.IntegerField()
    user = PersonSerializer()
    substitute = PersonSerializer()
    begins_on = serializers.DateField()
    ends_on = serializers.DateField()
    reason = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    may_end = serializers.BooleanField()


class SetSubstitutionSerializer(serializers.Serializer[Any]):
    user = NumberField(required=False, allow_null=True, default=None)
    substitute = NumberField()
    begins_on = serializers.DateField()
    ends_on = serializers.DateField()
    reason = TextField(max_length=200)


class CandidatesSerializer(serializers.Serializer[Any]):
    """For whom the caller may set substitutions, and who can stand in."""

    for_whom = PersonSerializer(many=True)
    substitutes = PersonSerializer(many=True)


class ShiftSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    person = PersonSerializer()
    department = KeyField(names.departments, source="department_id")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    pattern = serializers.CharField()


class WeekQuerySerializer(serializers.Serializer[Any]):
    department = KeyField(names.departments, required=False)
    week = serializers.DateField(required=False)


class RosterSerializer(serializers.Serializer[Any]):
    """Shifts of several people by a pattern, all or none."""

    department = KeyField(names.departments)
    people = serializers.ListField(child=NumberField(), min_length=1, max_length=50)
    pattern = serializers.ChoiceField(choices=PATTERNS)
    first = serializers.DateField()
    last = serializers.DateField()
    begins = ClockTimeField()
    ends = ClockTimeField()


class CopySerializer(serializers.Serializer[Any]):
    department = KeyField(names.departments)
    week = serializers.DateField()


class MadeSerializer(serializers.Serializer[Any]):
    made = serializers.IntegerField()


class ChangeShiftSerializer(serializers.Serializer[Any]):
    person = NumberField()
    day = serializers.DateField()
    begins = ClockTimeField()
    ends = ClockTimeField()


class SwapSerializer(serializers.Serializer[Any]):
    other = NumberField()


class Substitutions(Resource):
    tag = "team"
    scopes = dict.fromkeys(("list", "candidates", "create", "end"), Scope.TEAM)
    serializer_class = SubstitutionSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_substitutions", summary="Substitutions", responses=SubstitutionSerializer(many=True)
    )
    def list(self, request: Request) -> Response:
        """Present, coming and the last past ones, of the people the caller answers for and where he stands in."""
        managed = set(substitutions.managed_by(self.person).values_list("pk", flat=True))
        whose = Substitution.objects.filter(user__in=managed) | Substitution.objects.filter(substitute=self.person)
        rows = whose.select_related("user", "substitute")
        ahead = rows.filter(ends_on__gte=timezone.localdate(), ended_at__isnull=True)
        past = rows.exclude(pk__in=ahead.values("pk"))
        found = [*ahead.order_by("begins_on", "pk"), *past.order_by("-ends_on", "-pk")[:MOST_PAST]]
        return Response([_substitution(row, managed) for row in found])

    @extend_schema(operation_id="list_substitutes", summary="Who can stand in", responses=CandidatesSerializer)
    def candidates(self, request: Request) -> Response:
        """The people that the form of the page offers."""
        body = {
            "for_whom": [_person(row) for row in substitutions.managed_by(self.person)],
            "substitutes": [_person(row) for row in substitutions.candidates()],
        }
        return Response(body)

    @extend_schema(
        operation_id="set_substitution",
        summary="Set a substitution",
        request=SetSubstitutionSerializer,
        responses={201: SubstitutionSerializer},
    )
    @idempotency.once
    def create(self, request: Request) -> Response:
        """The substitute has the roles of whoever is away on these days; everything he does carries both names."""
        body = self.sent(SetSubstitutionSerializer)
        user = self.person if body["user"] is None else _known(body["user"], "user")
        row = substitutions.set_substitution(
            user=user,
            substitute=_known(body["substitute"], "substitute"),
            begins_on=body["begins_on"],
            ends_on=body["ends_on"],
            reason=body["reason"],
            actor=self.person,
        )
        return Response(_substitution(row, {row.user_id}), status=201)

    @extend_schema(
        operation_id="end_substitution", summary="End a substitution", request=None, responses=SubstitutionSerializer
    )
    @idempotency.once
    def end(self, request: Request, substitution: int) -> Response:
        """From this moment on; repeating it changes nothing."""
        managed = substitutions.managed_by(self.person)
        found = Substitution.objects.filter(pk=substitution, user__in=managed).first()
        if found is None:
            raise NotFound
        row = substitutions.end_substitution(found.pk, actor=self.person)
        return Response(_substitution(row, {row.user_id}))


class Shifts(Resource):
    tag = "team"
    scopes = dict.fromkeys(("list", "create", "copy", "update", "swap", "destroy"), Scope.TEAM)
    serializer_class = ShiftSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_shifts",
        summary="Duty roster",
        parameters=[WeekQuerySerializer],
        responses=ShiftSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """The week of a unit; without a unit who is on duty at this moment."""
        if not has_right(self.person, Action.SEE_SHIFTS):
            raise NotAllowed
        data = self.asked(WeekQuerySerializer)
        if data.get("department") is None:
            return Response([_shift(row) for row in duty.on_duty()])
        unit = terms.departments()[data["department"]]
        return Response([_shift(row) for row in duty.shifts_of_week(unit, data.get("week") or timezone.localdate())])

    @extend_schema(
        operation_id="make_roster", summary="Make a roster", request=RosterSerializer, responses={201: MadeSerializer}
    )
    @idempotency.once
    def create(self, request: Request) -> Response:
        """All shifts or none: nobody is on duty twice at once."""
        body = self.sent(RosterSerializer)
        unit = self._managed(body.pop("department"))
        people = [_known(pk, "people") for pk in dict.fromkeys(body.pop("people"))]
        made = duty.make_roster(unit, duty.Roster(people=people, **body), actor=self.person)
        return Response({"made": made}, status=201)

    @extend_schema(
        operation_id="copy_week", summary="Copy a week", request=CopySerializer, responses={201: MadeSerializer}
    )
    @idempotency.once
    def copy(self, request: Request) -> Response:
        """The shifts of the week once more, seven days later."""
        body = self.sent(CopySerializer)
        unit = self._managed(body["department"])
        made = duty.copy_week(unit, week_of(body["week"])[0], actor=self.person)
        return Response({"made": made}, status=201)

    @extend_schema(
        operation_id="change_shift", summary="Change a shift", request=ChangeShiftSerializer, responses=ShiftSerializer
    )
    @idempotency.once
    def update(self, request: Request, shift: int) -> Response:
        """Another day, other hours, or another person."""
        row, body = self._shift(shift), self.sent(ChangeShiftSerializer)
        changed = duty.change_shift(row.pk, user=_known(body.pop("person"), "person"), actor=self.person, **body)
        return Response(_shift(changed))

    @extend_schema(
        operation_id="swap_shifts", summary="Exchange two shifts", request=SwapSerializer, responses=ShiftSerializer
    )
    @idempotency.once
    def swap(self, request: Request, shift: int) -> Response:
        """The two people exchange their shifts, within one unit."""
        row, other = self._shift(shift), self._shift(self.sent(SwapSerializer)["other"])
        duty.swap_shifts(row.pk, other.pk, actor=self.person)
        return Response(_shift(Shift.objects.select_related("user").get(pk=row.pk)))

    @extend_schema(
        operation_id="delete_shift",
        summary="Delete a shift",
        request=None,
        responses={204: OpenApiResponse(description="It is gone; make it again to undo this.")},
    )
    def destroy(self, request: Request, shift: int) -> Response:
        duty.delete_shift(self._shift(shift).pk, actor=self.person)
        return Response(status=204)

    def _managed(self, department_id: int) -> Department:
        found = duty.managed_departments(self.person).filter(pk=department_id).first()
        if found is None:
            raise NotAllowed
        return found

    def _shift(self, pk: int) -> Shift:
        row = Shift.objects.filter(pk=pk, department__in=duty.managed_departments(self.person)).first()
        if row is None:
            raise NotFound
        return row


def _known(pk: int, field: str) -> User:
    found = User.objects.filter(pk=pk, is_active=True).first()
    if found is None:
        raise ValidationFailed(_("There is no such person."), code="no_such_one", field=field)
    return found


def _person(user: User) -> dict[str, Any]:
    return {"id": user.pk, "name": str(user)}


def _substitution(row: Substitution, managed: set[int]) -> dict[str, Any]:
    body = {
        "id": row.pk,
        "user": _person(row.user),
        "substitute": _person(row.substitute),
        "begins_on": row.begins_on,
        "ends_on": row.ends_on,
        "reason": row.reason,
        "ended_at": row.ended_at,
        "may_end": row.user_id in managed and row.ended_at is None and row.ends_on >= timezone.localdate(),
    }
    return dict(SubstitutionSerializer(body).data)


def _shift(row: Shift) -> dict[str, Any]:
    shown = ("id", "department_id", "starts_at", "ends_at", "pattern")
    body = {name: getattr(row, name) for name in shown} | {"person": _person(row.user)}
    return dict(ShiftSerializer(body).data)
