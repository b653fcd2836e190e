"""The pages of QR Score: three taps, public results, rows and sheets of the staff, the review."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, RoleAssignment
from audit.models import AuditRecord
from common import limits as common_limits
from privacy.registries import public_kinds, retention
from reports.models import PointRating, RatingComment, ServicePoint
from reports.qr import limits, points, results
from reports.qr.views.citizen import COOKIE
from tests.factories import make_department, make_organization, make_user
from tests.reports.qr.world import code_of, make_point, rate, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def point() -> ServicePoint:
    return make_point(make_department("water", organization=make_organization("vodokanal")), place="Абай көшесі 1")


@pytest.fixture
def client() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def signed_in(role: str, **values: Any) -> Client:
    client = Client()
    client.force_login(make_user(role, **values))
    client.cookies["django_language"] = "en"
    return client


def many(point: ServicePoint, *scores: int) -> None:
    for score in scores:
        rate(point, score)


# The visitor


def test_three_taps_rate_a_window(client: Client, point: ServicePoint) -> None:
    address = reverse("reports:qr-rate", args=[code_of(point)])
    first = text(client.get(address))
    assert point.name_in("en") in first
    taps = re.findall(r'class="qr-score" href="(\?score=\d)"', first)
    assert taps == ["?score=5", "?score=4", "?score=3", "?score=2", "?score=1"]
    second = text(client.get(address + taps[-1]))
    assert "I waited long" in second
    sent = client.post(address, {"score": "1", "reasons": ["waiting"]})
    assert sent["Location"] == reverse("reports:qr-thanks", args=[code_of(point)])
    thanks = text(client.get(sent["Location"]))
    assert "Your rating: Very bad." in thanks
    assert reverse("appeals:file") in thanks
    assert "no average below 10 ratings" in thanks
    row = PointRating.objects.get()
    assert (row.score, row.reasons, row.language) == (1, ["waiting"], "en")


def test_the_cookie_of_a_device_ends_at_midnight_and_is_not_stored(client: Client, point: ServicePoint) -> None:
    address = reverse("reports:qr-rate", args=[code_of(point)])
    client.get(address)
    cookie = client.cookies[COOKIE]
    assert 0 < int(cookie["max-age"]) <= 24 * 3600
    assert cookie["httponly"]
    client.post(address, {"score": "4"})
    assert client.cookies[COOKIE].value == cookie.value
    assert cookie.value not in str(PointRating.objects.values().get())
    assert "Today you have said: Good." in text(client.get(address))


def test_another_score_is_refused_and_a_long_comment_is_kept(client: Client, point: ServicePoint) -> None:
    address = reverse("reports:qr-rate", args=[code_of(point)])
    assert "How were you served?" in text(client.get(address, {"score": "9"}))
    long = "ұ" * 301
    assert long in text(client.post(address, {"score": "2", "comment": long}), 422)
    assert not PointRating.objects.exists()


def test_an_old_code_and_an_unknown_one_say_what_they_are(client: Client, point: ServicePoint) -> None:
    old = code_of(point)
    points.reissue(point.pk, actor=make_user("administrator"), seen=old)
    assert "replaced by another one" in text(client.get(reverse("reports:qr-rate", args=[old])), 410)
    assert "no such code" in text(client.get(reverse("reports:qr-rate", args=["zzzzzzzz"])), 404)
    ServicePoint.objects.update(is_active=False)
    assert "takes no ratings" in text(client.get(reverse("reports:qr-rate", args=[code_of(point)])), 410)


def test_whoever_is_set_aside_is_told(client: Client, point: ServicePoint) -> None:
    for _ in range(limits.BURSTS[0].most):
        rate(point, 5, by=visitor(network="127.0.0.1"))
    address = reverse("reports:qr-rate", args=[code_of(point)])
    client.get(address)
    thanks = text(client.post(address, {"score": "5"}, follow=True))
    assert "Your rating waits for a look." in thanks


def test_the_limit_of_the_table_is_the_one_that_is_told() -> None:
    assert common_limits.LIMITS["qr-rating"].most > limits.BURSTS[1].most


# The results


def test_no_average_is_shown_below_the_minimum(client: Client, point: ServicePoint) -> None:
    many(point, *[5] * (results.MINIMUM - 1))
    pages = [("reports:qr-results", []), ("reports:qr-institution", ["vodokanal"])]
    pages.append(("reports:qr-point", ["vodokanal", point.pk]))
    for name, args in pages:
        page = text(client.get(reverse(name, args=args)))
        assert "5.00" not in page
        assert "qr-average" not in page
    many(point, 1)
    for name, args in pages:
        assert "4.60" in text(client.get(reverse(name, args=args))), name


def test_an_institution_is_all_its_points_together(client: Client, point: ServicePoint) -> None:
    """Six times 5 and four times 2 at one window, four times 1 at another: 42 / 14 = 3.00; good 6 of 14."""
    other = make_point(point.department, name_en="Window 4")  # type: ignore[arg-type]
    many(point, *[5] * 6, *[2] * 4)
    many(other, *[1] * 4)
    page = text(client.get(reverse("reports:qr-institution", args=["vodokanal"])))
    assert "3.00" in page
    assert "3.80" in page
    assert "too few" in page
    assert "42.9\u00a0%" in text(client.get(reverse("reports:qr-results")))


def test_comments_are_shown_once_somebody_has_approved_them(client: Client, point: ServicePoint) -> None:
    rate(point, 5, comment="Кезек жылдам жүрді")
    address = reverse("reports:qr-point", args=["vodokanal", point.pk])
    assert "Кезек жылдам" not in text(client.get(address))
    moderator = signed_in(Role.MODERATOR)
    row = RatingComment.objects.get()
    assert "Кезек жылдам" in text(moderator.get(reverse("reports:qr-review")))
    moderator.post(reverse("reports:qr-review-comment", args=[row.pk]), {"decision": "show"})
    assert "Кезек жылдам" in text(client.get(address))
    kind = public_kinds.get("qr_comment")
    assert kind.find(str(row.pk)) == str(row.pk)
    kind.set_hidden(str(row.pk), True, make_user(Role.MODERATOR), "a name")
    assert "Кезек жылдам" not in text(client.get(address))
    assert kind.find(str(row.pk)) is None
    # A page of the review that was opened before does not bring it back.
    late = moderator.post(reverse("reports:qr-review-comment", args=[row.pk]), {"decision": "show"}, follow=True)
    assert "Somebody has decided it already." in text(late)
    assert "Кезек жылдам" not in text(client.get(address))
    kind.set_hidden(str(row.pk), False, make_user(Role.MODERATOR), "it names nobody")
    assert "Кезек жылдам" in text(client.get(address))


def test_a_comment_that_was_taken_down_and_deleted_still_has_an_address(point: ServicePoint) -> None:
    key = str(rate(point, 5, comment="Жақсы").comment.pk)
    kind = public_kinds.get("qr_comment")
    assert kind.url(key) == reverse("reports:qr-point", args=["vodokanal", point.pk])
    RatingComment.objects.all().delete()
    assert kind.url(key) == reverse("reports:qr-results")


def test_a_comment_that_nobody_shows_goes_with_its_period(point: ServicePoint) -> None:
    row = rate(point, 5, comment="Телефон 8 701 000 00 00")
    later = row.given_at.replace(year=row.given_at.year + 1)
    kind = retention.get("qr_comments")
    assert (kind.due(later), kind.batch(later, "delete", 10)) == (1, 1)
    assert PointRating.objects.count() == 1


# The review


def test_a_person_decides_about_what_was_set_aside(client: Client, point: ServicePoint) -> None:
    for _ in range(limits.BURSTS[0].most + 1):
        rate(point, 5, by=visitor(network="192.0.2.7"))
    moderator = signed_in(Role.MODERATOR)
    page = text(moderator.get(reverse("reports:qr-review")))
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    heap = {name: fields[name] for name in ("point", "day", "network", "seen")}
    stale = heap | {"seen": "3", "decision": "count"}
    assert "More ratings have come in" in text(moderator.post(reverse("reports:qr-review-heap"), stale, follow=True))
    answer = moderator.post(reverse("reports:qr-review-heap"), heap | {"decision": "count"}, follow=True)
    assert "The ratings count." in text(answer)
    assert results.by_point([point])[point.pk].count == limits.BURSTS[0].most + 1
    assert AuditRecord.objects.filter(action="ratings_reviewed", subject_ref=f"service_point:{point.pk}").exists()
    again = moderator.post(reverse("reports:qr-review-heap"), heap | {"decision": "refuse"}, follow=True)
    assert "Somebody has decided it already." in text(again)


# The staff


def test_a_head_adds_points_of_his_own_unit_only() -> None:
    unit, other = make_department("water"), make_department("parks", organization=make_organization("parks"))
    head = signed_in(Role.HEAD, department=unit)
    page = text(head.get(reverse("reports:qr-staff-new")))
    assert f'value="{unit.organization_id}-{unit.pk}"' in page
    assert f'value="{other.organization_id}-{other.pk}"' not in page
    given = {"name_kk": "Қабылдау бөлмесі", "name_ru": "Приёмная", "is_active": "on"}
    owner = f"{unit.organization_id}-{unit.pk}"
    others = given | {"owner": f"{other.organization_id}-0"}
    assert head.post(reverse("reports:qr-staff-new"), others).status_code == 422
    assert head.post(reverse("reports:qr-staff-new"), given | {"owner": owner}).status_code == 302
    made = ServicePoint.objects.get()
    assert (made.department, made.codes.count()) == (unit, 1)
    foreign = make_point(other)
    for name in ("qr-staff-point", "qr-staff-poster", "qr-staff-reissue"):
        assert head.get(reverse(f"reports:{name}", args=[foreign.pk])).status_code == 404
    listed = text(head.get(reverse("reports:qr-staff")))
    assert code_of(made) in listed
    assert code_of(foreign) not in listed


def test_a_head_of_an_organization_reaches_all_its_units() -> None:
    unit = make_department("water")
    user = make_user(Role.HEAD)
    RoleAssignment.objects.filter(user=user).update(organization=unit.organization, department=None)
    point = make_point(unit)
    assert points.may_manage(type(user).objects.get(pk=user.pk), points.Owner(unit.organization_id, unit.pk))
    assert ServicePoint.objects.filter(points.managed_by(type(user).objects.get(pk=user.pk))).get() == point


def test_the_sheet_is_in_three_languages_with_the_plain_address(point: ServicePoint, settings: Any) -> None:
    settings.PUBLIC_URL = "https://halyq.example.kz"
    admin = signed_in(Role.ADMINISTRATOR)
    page = text(admin.get(reverse("reports:qr-staff-poster", args=[point.pk]), {"size": "a6"}))
    sheet = page[page.index("<article") :]
    assert f"halyq.example.kz/q/{code_of(point)}/" in sheet
    words = ["Қызметті бағалаңыз", "Оцените обслуживание", "Rate the service"]
    assert [sheet.index(word) for word in words] == sorted(sheet.index(word) for word in words)
    assert "<svg" in sheet
    assert "qr-poster-a6" in sheet


def test_another_code_is_given_after_asking(point: ServicePoint) -> None:
    admin, old = signed_in(Role.ADMINISTRATOR), code_of(point)
    address = reverse("reports:qr-staff-reissue", args=[point.pk])
    asked = text(admin.get(address))
    assert code_of(point) == old
    assert old in asked
    admin.post(address, {"seen": old})
    assert code_of(point) != old
    assert AuditRecord.objects.filter(subject_ref=f"service_point:{point.pk}", action="configured").count() == 2


def test_what_a_point_is_can_be_changed_but_not_whose_it_is(point: ServicePoint) -> None:
    admin = signed_in(Role.ADMINISTRATOR)
    address = reverse("reports:qr-staff-point", args=[point.pk])
    body = {"name_kk": "5-терезе", "name_ru": "Окно 5", "owner": "1-0", "place": "2-қабат"}
    assert admin.post(address, body).status_code == 302
    changed = ServicePoint.objects.get()
    assert (changed.name_kk, changed.place, changed.is_active) == ("5-терезе", "2-қабат", False)
    assert changed.organization == point.organization
