"""Public Control: bodies ranked by a share, each compared on its own mix; and the index of social tension."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.selectors import names
from common.errors import ValidationFailed
from openapi import caching
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import TextField
from openapi.v1.statistics import freshness
from openapi.v1.statistics.answers import StatisticsPeriodSerializer
from openapi.v1.statistics.ratings import IntervalSerializer
from reports import sources
from reports.intervals import Interval
from reports.models import TensionDay
from reports.ranking import reading, words
from reports.ranking.forms import DEFAULTS, PERIODS
from reports.ranking.reading import KINDS, MEASURES, MIXES, ORGANIZATIONS, Answer, Asked
from reports.ranking.rules import MINIMUM, Standing
from reports.warning import tension_days
from reports.warning.tension_views import name_of


class RankingQuerySerializer(serializers.Serializer[Any]):
    figure = serializers.ChoiceField(
        choices=[(key, row.name) for key, row in MEASURES.items()],
        default=DEFAULTS["figure"],
        help_text=_("By which share they are ranked."),
    )
    kind = serializers.ChoiceField(
        choices=list(KINDS.items()), default=DEFAULTS["kind"], help_text=_("Which bodies are ranked.")
    )
    mix = serializers.ChoiceField(
        choices=list(MIXES.items()), default=DEFAULTS["mix"], help_text=_("Which mix is taken into account.")
    )
    period = serializers.ChoiceField(
        choices=[(key, label) for key, (label, _made) in PERIODS.items()],
        default=DEFAULTS["period"],
        help_text=_("Of which days."),
    )


class PairQuerySerializer(RankingQuerySerializer):
    one = TextField(max_length=80, help_text=_("The key of the one body."))
    other = TextField(max_length=80, help_text=_("The key of the other body."))


class StandingSerializer(serializers.Serializer[Any]):
    """A body in the ranking. Shares are per cent with one digit, differences are percentage points."""

    key = serializers.CharField(help_text=_("The body, by its key."))
    name = serializers.CharField(help_text=_("In the language of the request."))
    best_place = serializers.IntegerField(allow_null=True, help_text=_("The best place it may have."))
    worst_place = serializers.IntegerField(allow_null=True, help_text=_("The worst place it may have."))
    part = serializers.IntegerField(help_text=_("What was counted."))
    whole = serializers.IntegerField(help_text=_("Of how many."))
    share = serializers.CharField(help_text=_("Its own share."))
    interval = IntervalSerializer(help_text=_("How sure the share is."))
    expected = serializers.CharField(help_text=_("What the city reaches on the same mix."))
    difference = serializers.CharField(help_text=_("By how much it differs from that."))
    groups = serializers.ListField(
        child=serializers.IntegerField(), help_text=_("Bodies of one group are statistically not different.")
    )


class RankingSerializer(serializers.Serializer[Any]):
    """Best first; after them those that are named and not placed."""

    figure = serializers.CharField(help_text=_("By which share they are ranked."))
    metric = serializers.CharField(help_text=_("Its key in the dictionary."))
    counted = StatisticsPeriodSerializer(help_text=_("The days that the answer is about, widened where it must be."))
    minimum = serializers.IntegerField(help_text=_("How many cases are needed to be placed."))
    summary = serializers.CharField(help_text=_("What the ranking as a whole says, in a sentence."))
    placed = StandingSerializer(many=True, help_text=_("The bodies that are placed."))
    unlike = StandingSerializer(
        many=True, help_text=_("Those with a mix that hardly anybody else has: the city on it is they themselves.")
    )
    few = StandingSerializer(many=True, help_text=_("Those with too few cases."))


class PairSerializer(serializers.Serializer[Any]):
    """Two bodies; the sentence is what may be said of them."""

    verdict = serializers.CharField(help_text=_("What may be said of them, in a sentence."))
    is_different = serializers.BooleanField(help_text=_("Whether they are statistically different."))
    difference = serializers.CharField(help_text=_("What the mix does not explain, in percentage points."))
    interval = IntervalSerializer(help_text=_("How sure the difference is."))
    one = StandingSerializer(help_text=_("The one body."))
    other = StandingSerializer(help_text=_("The other body."))


class Ranking(Resource):
    tag = "statistics"
    scopes = dict.fromkeys(("ranking", "pair"), Scope.STATISTICS_READ)
    open_to_all = frozenset(scopes)

    @extend_schema(
        operation_id="get_ranking",
        summary="Ranking of bodies",
        parameters=[RankingQuerySerializer, caching.PARAMETER],
        responses={200: RankingSerializer, 304: caching.NOT_MODIFIED},
    )
    def ranking(self, request: Request) -> Response:
        """Each is compared with what the city reaches on the same mix. Ranges of places say how sure they are. Bodies
        with so few cases that they may not be told are left out, and those that would give them away.
        """
        asked = _asked(self._given(RankingQuerySerializer))
        return freshness.answer(request, freshness.counted_at(), lambda: _ranking(reading.answer(asked)))

    @extend_schema(
        operation_id="compare_bodies",
        summary="Two bodies side by side",
        parameters=[PairQuerySerializer, caching.PARAMETER],
        responses={200: PairSerializer, 304: caching.NOT_MODIFIED},
    )
    def pair(self, request: Request) -> Response:
        """Whether they differ, or chance may have made the difference."""
        data = self._given(PairQuerySerializer)
        asked = _asked(data)
        one, other = (_body(asked, data[name], name) for name in ("one", "other"))
        if one == other:
            raise ValidationFailed(_("Choose two different bodies."), code="unknown", field="other")
        return freshness.answer(request, freshness.counted_at(), lambda: _pair(reading.answer(asked), one, other))

    def _given(self, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        given = form(data=self.request.query_params.dict())
        given.is_valid(raise_exception=True)
        found: dict[str, Any] = given.validated_data
        return found


def _asked(data: dict[str, Any]) -> Asked:
    period = PERIODS[data["period"]][1](timezone.localdate())
    return Asked(MEASURES[data["figure"]], period, data["kind"], data["mix"])


def _body(asked: Asked, key: str, field: str) -> int:
    table = names.organizations() if asked.kind == ORGANIZATIONS else names.departments()
    found = next((row.id for row in table.values() if row.key == key), None)
    if found is None:
        message = _("There is no entry with the key “%(given)s”.") % {"given": key}
        raise ValidationFailed(message, code="unknown", field=field)
    return found


def _ranking(found: Answer) -> dict[str, Any]:
    period = found.asked.period
    return {
        "figure": found.asked.measure.key,
        "metric": found.asked.measure.metric.key,
        "counted": {"since": period.start.isoformat(), "until": period.end.isoformat()},
        "minimum": MINIMUM,
        "summary": str(words.summary(found)),
        "placed": [_standing(found, row) for row in found.ranking.placed],
        "unlike": [_standing(found, row) for row in found.ranking.unlike],
        "few": [_standing(found, row) for row in found.ranking.few],
    }


def _pair(found: Answer, one: int, other: int) -> dict[str, Any]:
    told = found.ranking.pair(one, other)
    first, second = found.ranking.standing(one), found.ranking.standing(other)
    if told is None or first is None or second is None:
        if {one, other} & {row.key for row in found.ranking.unlike}:
            message = _("One of them has a mix that hardly anybody else has: choose another mix.")
            raise ValidationFailed(message, code="unlike_mix", field="mix")
        raise ValidationFailed(_("One of them has too few cases to be compared."), code="too_few_cases", field="one")
    return {
        "verdict": words.verdict(found, told),
        "is_different": told.is_different,
        "difference": _percent(told.difference),
        "interval": _interval(told.interval),
        "one": _standing(found, first),
        "other": _standing(found, second),
    }


def _standing(found: Answer, row: Standing) -> dict[str, Any]:
    table = names.organizations() if found.asked.kind == ORGANIZATIONS else names.departments()
    return {
        "key": table[row.key].key,
        "name": found.names[row.key],
        "best_place": row.best or None,
        "worst_place": row.worst or None,
        "part": row.counts.part,
        "whole": row.counts.whole,
        "share": _percent(row.counts.share),
        "interval": _interval(row.interval),
        "expected": _percent(row.expected),
        "difference": _percent(row.difference),
        "groups": [*row.groups],
    }


def _percent(share: float) -> str:
    return str(words.percent(share))


def _interval(found: Interval) -> dict[str, str]:
    return {"low": _percent(found.low), "high": _percent(found.high)}


class TensionQuerySerializer(serializers.Serializer[Any]):
    area = TextField(max_length=80, required=False, help_text=_("Only of this part of the city."))


class TensionPartSerializer(serializers.Serializer[Any]):
    """A figure in the index: between `calm` and `tense` it adds up to `most` points."""

    metric = serializers.CharField(help_text=_("Its key in the dictionary."))
    name = serializers.CharField(help_text=_("In the language of the request."))
    weight = serializers.FloatField(help_text=_("How much it weighs."))
    calm = serializers.FloatField(help_text=_("Where its scale begins."))
    tense = serializers.FloatField(help_text=_("Where its scale ends."))
    value = serializers.FloatField(allow_null=True, help_text=_("Its value; null where there are too few cases."))
    numerator = serializers.FloatField(allow_null=True, help_text=_("What was counted."))
    denominator = serializers.FloatField(allow_null=True, help_text=_("Of how many."))
    points = serializers.FloatField(allow_null=True, help_text=_("What it adds to the index."))
    most = serializers.FloatField(help_text=_("What it may add at most."))


class TensionDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField(help_text=_("The day it is of."))
    value = serializers.FloatField(allow_null=True, help_text=_("From 0 (calm) to 100; null where nothing is known."))


class TensionSerializer(TensionDaySerializer):
    """The newest index, what it is made of, and one value a week before it."""

    day = serializers.DateField(allow_null=True, help_text=_("The day it is of; null before the first one."))
    area = serializers.CharField(allow_null=True, help_text=_("The part of the city; null for the whole."))
    parts = TensionPartSerializer(many=True, help_text=_("What it is made of."))
    history = TensionDaySerializer(many=True, help_text=_("One value a week, the oldest first."))


class Tension(Resource):
    tag = "statistics"
    scopes = {"retrieve": Scope.STATISTICS_READ}
    open_to_all = frozenset(scopes)

    @extend_schema(
        operation_id="get_tension",
        summary="Index of social tension",
        parameters=[TensionQuerySerializer],
        responses=TensionSerializer,
    )
    def retrieve(self, request: Request) -> Response:
        """Of the last day that is over, with its formula."""
        given = TensionQuerySerializer(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        slug = given.validated_data.get("area")
        choice = sources.by_slug("area").get(slug) if slug else None
        if slug and (choice is None or not choice.key):
            message = _("There is no entry with the key “%(given)s”.") % {"given": slug}
            raise ValidationFailed(message, code="unknown", field="area")
        area = int(choice.key) if choice else tension_days.CITY
        row = tension_days.latest([area]).get(area)
        return Response(_tension(row, slug))


def _tension(row: TensionDay | None, slug: str | None) -> dict[str, Any]:
    if row is None:
        return {"day": None, "value": None, "area": slug, "parts": [], "history": []}
    parts = [asdict(part) | {"name": name_of(part.metric)} for part in tension_days.parts_of(row)]
    history = tension_days.history(row.area_id, row.day)
    return {
        "day": row.day.isoformat(),
        "value": row.value,
        "area": slug,
        "parts": parts,
        "history": [{"day": one.day.isoformat(), "value": one.value} for one in history],
    }
