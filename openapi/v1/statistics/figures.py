"""Figures of a period and series of figures: the same numbers that pages, files and reports show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import has_right
from accounts.rights import Action
from appeals.views.staff import oversight
from common.errors import NotAllowed
from openapi import caching
from openapi.authentication import Caller
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.statistics import answers, freshness
from openapi.v1.statistics.answers import FigureSeriesSerializer, FigureTableSerializer
from openapi.v1.statistics.asking import FiguresQuerySerializer, Question, SeriesQuerySerializer, question


class Figures(Resource):
    tag = "statistics"
    scopes = dict.fromkeys(("figures", "series"), Scope.STATISTICS_READ)
    open_to_all = frozenset({"figures", "series"})

    @extend_schema(
        operation_id="get_figures",
        summary="Figures of a period",
        parameters=[FiguresQuerySerializer, caching.PARAMETER],
        responses={200: FigureTableSerializer, 304: caching.NOT_MODIFIED},
    )
    def figures(self, request: Request) -> Response:
        """Of all appeals or of some, told apart by one dimension or two. A value is a string, as it is published.

        More than two filters and dimensions together, and two of long ago, are kept by whole months: `by_months` says
        so, `counted` which.
        """
        asked = self._question(request, FiguresQuerySerializer)
        return self._answer(request, asked, lambda: {"by": [*asked.by], "rows": answers.table(asked)})

    @extend_schema(
        operation_id="get_series",
        summary="Figures over time",
        parameters=[SeriesQuerySerializer, caching.PARAMETER],
        responses={200: FigureSeriesSerializer, 304: caching.NOT_MODIFIED},
    )
    def series(self, request: Request) -> Response:
        """By day, week (from Monday), month, quarter or year. Stretches without any appeal are zeros."""
        asked = self._question(request, SeriesQuerySerializer)
        return self._answer(request, asked, lambda: {"grain": asked.grain, "points": answers.points(asked)})

    def _question(self, request: Request, form: type[serializers.Serializer[Any]]) -> Question:
        given = form(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        data = given.validated_data
        of_officials = "executor" in data or "executor" in data.get("by", "").split(",")
        if of_officials:
            self._check_oversight()  # first: what is wrong with the question would tell which numbers are officials
        asked = question(data)
        if of_officials:
            self._check_unit(asked)
        return asked

    def _answer(self, request: Request, asked: Question, parts: Callable[[], dict[str, Any]]) -> Response:
        counted_at = freshness.counted_at()
        return freshness.answer(request, counted_at, lambda: answers.frame(asked, counted_at) | parts())

    def _check_oversight(self) -> None:
        if not isinstance(self.request.auth, Caller) or not has_right(self.person, Action.OVERSEE):
            raise NotAllowed

    def _check_unit(self, asked: Question) -> None:
        """Figures of single officials are for those who oversee their unit."""
        units = oversight.scope_of(self.person, "").department_ids
        if units is not None and asked.filters.department not in units:
            raise NotAllowed
