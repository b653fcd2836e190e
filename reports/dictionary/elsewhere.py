"""Figures that do not come from the rollups of appeals: ratings at windows, the ranking of bodies, social tension."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from reports.dictionary.metric import Basis, Kind, Metric, Place, Tendency, Unit

_RATINGS = _("Ratings that visitors gave at service points by a QR code")
_RANKED = _("Computed from the figures of the dictionary that bodies are ranked by")
_TENSION = _("Computed from figures of the dictionary and from the growth of appeals")

_QR = Place("reports:qr-results", "list_institution_ratings")
_RANKING = Place("reports:ranking", "get_ranking")

_OF_RATINGS = (
    Metric(
        key="qr_mean",
        name=_("QR Score: mean rating"),
        definition=_(
            "Mean of the ratings from 1 to 5 that visitors gave at service points. Ratings that were set aside as "
            "abuse are not counted; of fewer than ten ratings no mean is shown."
        ),
        kind=Kind.MEAN, unit=Unit.POINTS, basis=Basis.RATED, better=Tendency.MORE,
        numerator=("rating_sum",), numerator_words=_("sum of the ratings given at service points in the period"),
        denominator=("ratings",), denominator_words=_("ratings given at service points in the period"),
        source=_RATINGS, place=_QR,
    ),
    Metric(
        key="qr_good_share",
        name=_("QR Score: good or very good"),
        definition=_("How many of the ratings at the windows were 4 or 5 of 5. Only ratings that count."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.RATED, better=Tendency.MORE,
        numerator=("good_ratings",), numerator_words=_("ratings of 4 or 5 given at service points in the period"),
        denominator=("ratings",), denominator_words=_("ratings given at service points in the period"),
        source=_RATINGS, place=_QR,
    ),
)  # fmt: skip

_OF_RANKING = (
    Metric(
        key="range_low",
        name=_("95 % range, from"),
        definition=_(
            "The lower end of Wilson's 95 % interval of the share: so low it may be when chance is taken off."
        ),
        kind=Kind.COMPUTED, unit=Unit.PERCENT, basis=Basis.AS_RANKED,
        numerator=(), numerator_words=_("the share of the body and the number of its cases"),
        source=_RANKED, place=_RANKING,
    ),
    Metric(
        key="range_high",
        name=_("95 % range, to"),
        definition=_(
            "The upper end of Wilson's 95 % interval of the share: so high it may be when chance is taken off."
        ),
        kind=Kind.COMPUTED, unit=Unit.PERCENT, basis=Basis.AS_RANKED,
        numerator=(), numerator_words=_("the share of the body and the number of its cases"),
        source=_RANKED, place=_RANKING,
    ),
    Metric(
        key="expected_share",
        name=_("City on the same mix"),
        definition=_(
            "The share that the whole city reaches on the categories or topics of the body's own cases (indirect "
            "standardisation). Where the mix is not taken into account it is the share of the whole city."
        ),
        kind=Kind.COMPUTED, unit=Unit.PERCENT, basis=Basis.AS_RANKED,
        numerator=(),
        numerator_words=_("the city's share in each category or topic, weighted by the body's cases in it"),
        source=_RANKED, place=_RANKING,
    ),
    Metric(
        key="adjusted_difference",
        name=_("Difference from the city on the same mix"),
        definition=_(
            "The share of the body less the share that the city reaches on the same mix, in percentage points. Bodies "
            "are placed by it."
        ),
        kind=Kind.COMPUTED, unit=Unit.PERCENTAGE_POINTS, basis=Basis.AS_RANKED,
        numerator=(), numerator_words=_("the share of the body less the expected share"),
        source=_RANKED, place=_RANKING,
    ),
    Metric(
        key="best_place",
        name=_("Best place it may have"),
        definition=_("1 and as many as are surely better, all pairs tested at once (Mogstad and others 2024)."),
        kind=Kind.COMPUTED, unit=Unit.PLACES, basis=Basis.AS_RANKED, digits=0,
        numerator=(), numerator_words=_("bodies that are surely better"),
        source=_RANKED, place=_RANKING,
    ),
    Metric(
        key="worst_place",
        name=_("Worst place it may have"),
        definition=_("As many as are not surely worse, all pairs tested at once (Mogstad and others 2024)."),
        kind=Kind.COMPUTED, unit=Unit.PLACES, basis=Basis.AS_RANKED, digits=0,
        numerator=(), numerator_words=_("bodies that are not surely worse"),
        source=_RANKED, place=_RANKING,
    ),
)  # fmt: skip

_OF_TENSION = (
    Metric(
        key="growth",
        name=_("Appeals of a week over their expectation"),
        definition=_(
            "Appeals received in the last seven days over what working days, season and trend let expect: 1 is as "
            "expected, 2 is twice as many."
        ),
        kind=Kind.COMPUTED, unit=Unit.TIMES, basis=Basis.RECEIVED, better=Tendency.LESS, digits=2,
        numerator=("received",), numerator_words=_("appeals filed in the last seven days"),
        denominator=("expected",), denominator_words=_("appeals expected in these days"),
        source=_TENSION, place=Place("reports:tension", "get_tension"),
    ),
    Metric(
        key="tension_index",
        name=_("Index of social tension"),
        definition=_(
            "A weighted mean of a few published figures of the last 28 days, each on a scale from calm (0) to tense "
            "(100). The page of the index shows its formula, the weights and what each figure adds. Figures that rest "
            "on too few appeals are left out with their weight."
        ),
        kind=Kind.COMPUTED, unit=Unit.POINTS_OF_HUNDRED, basis=Basis.STATE, better=Tendency.LESS,
        numerator=(), numerator_words=_("the figures of the index by their weights"),
        source=_TENSION, place=Place("reports:tension", "get_tension"),
    ),
)  # fmt: skip

ELSEWHERE: Mapping[str, Metric] = {entry.key: entry for entry in (*_OF_RATINGS, *_OF_RANKING, *_OF_TENSION)}
