"""The public pages and files, and what the staff may do: permission, status, headers."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from audit.models import AuditRecord
from privacy import takedowns
from reports.models import DatasetRun, DatasetVersion, OpenDataTerms
from reports.opendata import making, public_item, storage, versions
from reports.opendata.formats import available
from tests.factories import make_reference, make_topic, make_user

pytestmark = pytest.mark.django_db
REASON = "Бұл нұсқада қате бар"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lists() -> DatasetVersion:
    make_topic("water")
    making.order("reference-lists")
    making.make_waiting()
    version = versions.newest_of("reference-lists")
    assert version is not None
    return version


def address(file_name: str = "reference-lists.csv", number: int = 1) -> str:
    return reverse("reports:data-file", args=["reference-lists", number, file_name])


def test_the_catalogue_lists_and_searches(client: Client, lists: DatasetVersion) -> None:
    page = client.get(reverse("reports:data"))
    assert page.status_code == 200
    assert page.content.decode().count('class="ui-card"') == 8
    assert "CC BY 4.0" in page.content.decode()
    client.cookies["django_language"] = "en"
    found = client.get(reverse("reports:data"), {"q": "holidays"}).content.decode()
    assert found.count('class="ui-card"') == 1
    assert "Working calendar" in found
    assert "Nothing was found" in client.get(reverse("reports:data"), {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_dataset_has_dictionary_preview_versions_and_files(
    client: Client, lists: DatasetVersion, language: str
) -> None:
    client.cookies["django_language"] = language
    page = client.get(reverse("reports:data-one", args=["reference-lists"])).content.decode()
    for name in ("list", "key", "parent", "name_kk"):
        assert f"<code>{name}</code>" in page
    assert address() in page
    assert reverse("reports:data-latest", args=["reference-lists", "reference-lists.csv"]) in page
    assert lists.files.all()[0].sha256 in page
    assert "<td>yassy</td>" in page or "<td>none</td>" in page


def test_a_dataset_without_a_version_says_so(client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = client.get(reverse("reports:data-one", args=["appeal-texts"]))
    assert page.status_code == 200
    assert "has not been made yet" in page.content.decode()
    making.order("appeal-texts")
    making.make_waiting()
    page = client.get(reverse("reports:data-one", args=["appeal-texts"]))
    assert "Nobody has agreed" in page.content.decode()


def test_a_file_comes_whole_with_its_checksum(client: Client, lists: DatasetVersion) -> None:
    answer = client.get(address())
    body = b"".join(answer.streaming_content)
    digest = hashlib.sha256(body)
    assert answer.headers["ETag"] == f'"{digest.hexdigest()}"'
    assert answer.headers["Content-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Length"] == str(len(body))
    assert "reference-lists-1.csv" in answer.headers["Content-Disposition"]
    again = client.get(address(), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("wanted", "start", "end"), [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-4", -4, None)]
)
def test_a_part_of_a_file(client: Client, lists: DatasetVersion, wanted: str, start: int, end: int | None) -> None:
    whole = b"".join(client.get(address()).streaming_content)
    answer = client.get(address(), headers={"Range": wanted})
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == whole[start:end]
    first = start % len(whole)
    last = (end or len(whole)) - 1
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"


def test_a_part_that_is_not_there_and_one_of_another_version(client: Client, lists: DatasetVersion) -> None:
    assert client.get(address(), headers={"Range": "bytes=99999999-"}).status_code == 416
    other = client.get(address(), headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert other.status_code == 200


def test_the_latest_address_leads_to_the_newest_public_version(client: Client, lists: DatasetVersion) -> None:
    latest = reverse("reports:data-latest", args=["reference-lists", "reference-lists.csv"])
    answer = client.get(latest)
    assert (answer.status_code, answer.headers["Location"]) == (302, address())
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(reverse("reports:data-latest", args=["terms", "terms.csv"])).status_code == 404


@pytest.mark.parametrize("name", ["other.csv", "..", "%2e%2e%2fsecret", "reference-lists.exe"])
def test_nothing_else_is_handed_out(client: Client, lists: DatasetVersion, name: str) -> None:
    assert client.get(f"/data/reference-lists/1/{name}").status_code == 404
    assert client.get(address(number=7)).status_code == 404
    assert client.get("/data/secrets/").status_code == 404


def test_withheld_is_gone_for_everybody_and_says_why(client: Client, lists: DatasetVersion) -> None:
    keeper = make_user(Role.METHODOLOGIST)
    client.force_login(keeper)
    withhold = reverse("reports:data-withhold", args=["reference-lists", 1])
    assert client.get(withhold).status_code == 200
    assert client.post(withhold, {"reason": "қате"}).status_code == 422
    assert client.post(withhold, {"reason": REASON}).status_code == 303
    client.logout()
    for name in ("reference-lists.csv", "datapackage.json"):
        answer = client.get(address(name))
        assert answer.status_code == 410
    assert REASON in answer.content.decode()
    assert REASON in client.get(reverse("reports:data-one", args=["reference-lists"])).content.decode()
    latest = reverse("reports:data-latest", args=["reference-lists", "reference-lists.csv"])
    assert client.get(latest).status_code == 404
    record = AuditRecord.objects.get(action="taken_down")
    assert (record.actor, record.subject_ref, record.reason) == (keeper, "dataset:reference-lists-1", REASON)
    client.force_login(keeper)
    assert client.post(reverse("reports:data-show", args=["reference-lists", 1])).status_code == 303
    assert client.get(address()).status_code == 200


def test_anybody_may_ask_to_take_a_version_down(client: Client, lists: DatasetVersion) -> None:
    make_reference()
    item = public_item.item_of("reference-lists", 1)
    assert client.get(reverse("privacy:takedown", args=[public_item.KIND, item])).status_code == 200
    request = takedowns.ask(public_item.KIND, item, reason="Мұнда менің атым тұр")
    assert request is not None
    moderator = make_user(Role.MODERATOR)
    takedowns.hide(request.pk, actor=moderator)
    assert versions.find("reference-lists", 1).state == "withheld"  # type: ignore[union-attr]
    assert client.get(address()).status_code == 410


def test_the_staff_orders_a_version(client: Client, django_capture_on_commit_callbacks) -> None:
    client.force_login(make_user(Role.METHODOLOGIST))
    make = reverse("reports:data-make", args=["terms"])
    assert client.get(make).status_code == 200
    assert client.post(make).status_code == 303
    assert client.post(make).status_code == 303  # twice is told, not done
    assert DatasetRun.objects.filter(dataset="terms").count() == 1
    page = client.get(reverse("reports:data-staff")).content.decode()
    assert page.count(reverse("reports:data-make", args=["terms"])) == 1


def test_the_licence_is_edited_and_shown(client: Client, lists: DatasetVersion) -> None:
    client.force_login(make_user(Role.METHODOLOGIST))
    values = {
        "licence_title": "CC0 1.0", "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
        "is_confirmed": "on", "contact_email": "data@example.kz", "versions_kept": "3", "settling_days": "30",
    }  # fmt: skip
    assert client.post(reverse("reports:data-terms"), values | {"versions_kept": "1"}).status_code == 422
    assert client.post(reverse("reports:data-terms"), values).status_code == 303
    assert OpenDataTerms.objects.get().versions_kept == 3
    package = json.loads(client.get(address("datapackage.json")).content)
    assert package["licenses"][0]["title"] == "CC0 1.0"
    assert package["contributors"][0]["email"] == "data@example.kz"


def test_every_file_of_a_version_is_at_its_address(client: Client, lists: DatasetVersion) -> None:
    for entry in available():
        answer = client.get(address(entry.file_name("reference-lists")))
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(entry.media_type)
        file = versions.file_of(lists, entry.file_name("reference-lists"))
        assert file is not None
        assert b"".join(answer.streaming_content) == storage.path_of(file).read_bytes()
