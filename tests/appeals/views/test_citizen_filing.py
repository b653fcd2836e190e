"""The form of a resident: what is accepted once, what is refused clearly, and that nothing typed is lost."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from PIL import Image

from accounts import contact_codes
from accounts.models import ContactChallenge
from appeals.forms.citizen import FilingForm
from appeals.models import Appeal, Applicant, Category, Kind, Priority, Regime, Status
from appeals.views.citizen import access
from common import limits
from common.rows import forget_rows
from notifications.models import Notification
from privacy import consents
from privacy.models import ConsentPurpose
from tests.factories import make_area, make_consent_text, make_department, make_reference, make_topic, make_user

TEXT = "Көшемізде үш күннен бері су жоқ, балалар мен қарттар қиналып отыр."
TOKEN = "0123456789abcdef" * 2
URL = "/appeals/new/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def filled(**values):
    return {
        "token": TOKEN,
        "text": TEXT,
        "phone": "8 (701) 000-00-00",
        "answer_language": "kk",
        "regime": "request",
        "applicant_type": "individual",
        "consent": "on",
    } | values


def official(**values):
    return (
        filled(
            regime="appeal",
            kind="complaint",
            applicant_name="Серікова Айгүл Маратқызы",
            identifier="000101300019",
            postal_address="Түркістан қаласы, Тәуке хан даңғылы, 1",
        )
        | values
    )


def photo(name="photo.jpg", size=(40, 30)):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_page_opens_without_a_session(client):
    response = client.get(URL)
    assert response.status_code == 200
    assert "sessionid" not in response.cookies


def test_request_is_filed_and_leads_to_its_receipt(client):
    topic, area = make_topic(), make_area()
    response = client.post(
        URL, filled(topic=topic.pk, area=area.pk, address="Тәуке хан, 24", latitude="43.297312", longitude="68.270811")
    )
    appeal = Appeal.objects.select_related("applicant").get()
    assert response.status_code == 303
    assert response["Location"] == f"/track/{appeal.number}/receipt/"
    assert (appeal.status, appeal.regime, appeal.topic, appeal.area) == (Status.REGISTERED, Regime.REQUEST, topic, area)
    assert appeal.applicant.phone == "+77010000000"
    assert str(appeal.latitude) == "43.29731"
    assert appeal.tracking_code not in response["Location"]


def test_filing_touches_no_session_and_asks_few_questions(client, django_assert_max_num_queries):
    client.get(URL)
    client.post(URL, filled(token="1" * 32))
    with django_assert_max_num_queries(9):  # savepoints, next number, and one insert per table
        response = client.post(URL, filled())
    assert "sessionid" not in response.cookies
    assert Appeal.objects.count() == 2


def test_double_click_files_once(client):
    first, second = client.post(URL, filled()), client.post(URL, filled())
    assert first["Location"] == second["Location"]
    assert Appeal.objects.count() == 1


def test_same_form_with_another_text_is_another_appeal(client):
    client.post(URL, filled())
    client.post(URL, filled(text=f"{TEXT} Тағы бір мәселе бар."))
    assert Appeal.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "target"),
    [
        ({"text": "а"}, "id_text"),
        ({"text": ""}, "id_text"),
        ({"text": "а" * 20_001}, "id_text"),
        ({"phone": "12"}, "id_phone"),
        ({"phone": ""}, "id_phone"),
        ({"phone": "", "email": "нет"}, "id_email"),
        ({"consent": ""}, "id_consent"),
        ({"topic": "999999"}, "id_topic"),
        ({"regime": "nonsense"}, "id_regime_0"),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(client, values, target):
    typed = filled(address="Есім хан көшесі, 5", full_name="Айгүл", **values) | values
    response = client.post(URL, typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert f'href="#{target}"' in page
    assert "Есім хан көшесі, 5" in page
    assert "Айгүл" in page
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(
    "identifier", ["", "000101300010", "00010130188", "abc", "991231500016", "311240000013", "000101301881"]
)
def test_wrong_iin_is_refused_with_the_rest_kept(client, identifier):
    response = client.post(URL, official(identifier=identifier))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#id_identifier"' in page
    assert TEXT in page
    assert not Appeal.objects.exists()


def test_official_appeal_waits_for_its_author(client):
    client.post(URL, official())
    appeal = Appeal.objects.select_related("applicant").get()
    assert (appeal.status, appeal.regime, appeal.kind) == (Status.RECEIVED, Regime.APPEAL, Kind.COMPLAINT)
    assert appeal.applicant.identifier == "000101300019"
    sent = Notification.objects.get(template="contact_code")
    assert f"Өтініш: {appeal.number}" in sent.text  # every word of it in the language of the appeal


def test_codes_used_up_do_not_refuse_an_appeal_that_is_already_in(client):
    """An address gets five codes within the hour; who files more often is not told that he was refused."""
    for number in range(contact_codes.MOST_CHALLENGES_PER_ADDRESS + 1):
        assert client.post(URL, official(token=f"{number:032x}")).status_code == 303
    assert Appeal.objects.count() == contact_codes.MOST_CHALLENGES_PER_ADDRESS + 1
    assert ContactChallenge.objects.count() == contact_codes.MOST_CHALLENGES_PER_ADDRESS


def test_organization_files_with_its_bin(client):
    client.post(
        URL,
        official(
            applicant_type="legal_entity", applicant_name="«Сауран» ЖШС", identifier="3112 4000 0013",
            representative_name="Оспанов Ерлан", representative_ground="Сенімхат № 1",
        ),
    )  # fmt: skip
    who = Applicant.objects.get()
    assert (who.type, who.identifier, who.representative_name) == ("legal_entity", "311240000013", "Оспанов Ерлан")


def test_identity_typed_for_a_mere_request_is_not_kept(client):
    client.post(URL, official(regime="request"))
    who = Applicant.objects.get()
    assert (who.identifier, who.postal_address) == ("", "")


def test_anonymous_request_keeps_no_contact(client):
    client.post(URL, filled(is_anonymous="on", full_name="Айгүл", email="a@example.kz", consent=""))
    who = Applicant.objects.get()
    assert who.type == Applicant.Type.ANONYMOUS
    assert (who.full_name, who.phone, who.email) == ("", "", "")


def test_official_appeal_cannot_be_anonymous(client):
    response = client.post(URL, official(is_anonymous="on"))
    assert response.status_code == 422
    assert 'href="#id_is_anonymous"' in response.content.decode()


def test_complaint_names_the_unit_it_must_not_reach(client):
    unit = make_department()
    client.post(
        URL, filled(is_complaint="on", complaint_department=unit.pk, complaint_about="Қабылдау бөлмесінің қызметкері")
    )
    appeal = Appeal.objects.get()
    assert (appeal.category, appeal.complaint_department) == (Category.STAFF_COMPLAINT, unit)
    assert "Қабылдау бөлмесінің қызметкері" in appeal.text


def test_words_of_danger_are_not_left_to_wait(client):
    make_topic("gas", default_priority=Priority.EMERGENCY, hand_over_to="104, 112", keywords="газ иісі; запах газа")
    response = client.post(URL, filled(text="Подъезде қатты газ иісі шығып тұр, тез келіңіздер!"), follow=True)
    appeal = Appeal.objects.get()
    assert (appeal.priority, appeal.topic) == (Priority.EMERGENCY, None)
    assert 'href="tel:104"' in response.content.decode()


def test_topic_is_suggested_by_the_words_and_may_be_left_open(client):
    topic = make_topic("waste", keywords="қоқыс; мусор", name_kk="Қоқыс")
    make_topic("lift", keywords="лифт", name_kk="Лифт")
    page = client.post(URL, filled(text="Ауладағы қоқыстар шығарылмайды", action="suggest")).content.decode()
    assert f'<option value="{topic.pk}" selected>' in page
    assert "Ауладағы қоқыстар шығарылмайды" in page
    assert "error-summary" not in page
    assert not Appeal.objects.exists()


def test_photo_survives_a_mistake_elsewhere(client):
    page = client.post(URL, filled(text="а", attachments=[photo()])).content.decode()
    assert "photo.jpg" in page
    key = page.split('name="kept" value="')[1].split('"')[0]
    client.post(URL, filled(kept=[key]))
    assert [row.name for row in Appeal.objects.get().attachments.all()] == ["photo.jpg"]


def test_kept_photo_can_be_taken_out(client):
    page = client.post(URL, filled(text="а", attachments=[photo()])).content.decode()
    key = page.split('name="kept" value="')[1].split('"')[0]
    client.post(URL, filled(kept=[key], drop=[key]))
    assert not Appeal.objects.get().attachments.exists()


def test_kept_photo_of_another_form_is_out_of_reach(client):
    page = client.post(URL, filled(text="а", attachments=[photo()])).content.decode()
    key = page.split('name="kept" value="')[1].split('"')[0]
    client.post(URL, filled(token="f" * 32, kept=[key, "../../etc/passwd"]))
    assert not Appeal.objects.get().attachments.exists()


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("photo.jpg", b"MZ\x90\x00" + b"\x00" * 5000, "image/jpeg"),
        SimpleUploadedFile("photo.jpg", b"\x7fELF" + b"\x00" * 5000, "image/jpeg"),
        SimpleUploadedFile("big.jpg", b"\xff\xd8\xff" + b"\x00" * (25 * 1024 * 1024), "image/jpeg"),
        SimpleUploadedFile("script.html", b"<script>alert(1)</script>", "text/html"),
    ],
    ids=["windows program", "linux program", "25 MB photo", "web page"],
)
def test_bad_file_is_named_and_a_good_one_beside_it_kept(client, upload):
    upload.seek(0)
    response = client.post(URL, filled(attachments=[photo("good.jpg"), upload]))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#id_attachments"' in page
    assert upload.name in page
    assert 'name="kept"' in page
    assert TEXT in page
    assert not Appeal.objects.exists()


def test_too_many_filings_from_one_address_are_slowed_down_but_not_lost(client, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "filing", limits.Limit(1, 600))
    client.post(URL, filled())
    response = client.post(URL, filled(token="2" * 32, text=f"{TEXT} Екінші мәселе."))
    assert response.status_code == 429
    assert 590 <= int(response.headers["Retry-After"]) <= 600
    assert "Екінші мәселе." in response.content.decode()


def test_expired_form_offers_what_was_typed_once_more():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(URL, filled(), headers={"origin": "http://testserver"})
    page = response.content.decode()
    assert response.status_code == 403
    assert TEXT in page
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    again = strict.post(URL, filled(csrfmiddlewaretoken=token), headers={"origin": "http://testserver"})
    assert again.status_code == 303


def test_account_is_known_and_its_confirmed_contact_needs_no_code(client):
    user = make_user(phone="+77010000000", iin="000101300019")
    client.force_login(user)
    assert "+77010000000" in client.get(URL).content.decode()
    client.post(URL, filled())
    assert Applicant.objects.get().user == user


def test_cookie_of_somebody_else_opens_nothing(client):
    client.post(URL, filled())
    number = Appeal.objects.get().number
    stranger = Client()
    assert stranger.get(f"/track/{number}/").status_code == 302
    stranger.cookies[access.COOKIE] = client.cookies[access.COOKIE].value[:-2] + "xx"
    assert stranger.get(f"/track/{number}/receipt/").status_code == 302


def test_what_was_agreed_to_is_kept_with_the_appeal(client):
    make_consent_text("2026-11")
    client.post(URL, filled())
    received = Appeal.objects.get().events.get(kind="appeal_received")
    assert received.data["consent"] == "2026-11 kk"


@pytest.mark.parametrize(("shown", "kept"), [("2026-11", "2026-11"), ("", "2027-01"), ("1999", "2027-01")])
def test_version_that_was_shown_is_kept_though_another_came_meanwhile(client, shown, kept):
    make_consent_text("2026-11")
    make_consent_text("2027-01", effective_from=timezone.localdate())
    client.post(URL, filled(consent_version=shown))
    assert Appeal.objects.get().events.get(kind="appeal_received").data["consent"] == f"{kept} kk"


def test_form_shows_the_words_in_force_in_the_language_of_the_page(client):
    make_consent_text("2027-01", effective_from=timezone.localdate(), summary_ru="Только для ответа.")
    client.cookies["django_language"] = "ru"
    form = client.get(URL).content.decode()
    assert "Только для ответа." in form and 'name="consent_version" value="2027-01"' in form


def test_body_that_acts_by_law_asks_for_no_consent(client):
    make_consent_text()
    ConsentPurpose.objects.update(is_asked=False)
    forget_rows()
    assert 'name="consent"' not in client.get(URL).content.decode()
    data = filled()
    del data["consent"]
    assert client.post(URL, data).status_code == 303
    assert "consent" not in Appeal.objects.get().events.get(kind="appeal_received").data


def test_filing_reads_the_texts_of_consent_from_memory(client, django_assert_num_queries):
    make_consent_text()
    consents.in_force()
    with django_assert_num_queries(0):
        assert consents.version_of(consents.FILING) == "2026-11" and consents.is_asked(consents.FILING)


def test_nobody_agrees_to_anything_without_a_name(client):
    client.post(URL, filled(is_anonymous="on"))
    assert "consent" not in Appeal.objects.get().events.get(kind="appeal_received").data


@pytest.mark.parametrize(("kind", "name"), [("individual", "IIN"), ("legal_entity", "BIN")])
def test_identity_errors_name_their_number_in_the_order_of_the_page(kind, name):
    form = FilingForm(
        {
            "text": "Үш күннен бері су жоқ", "regime": "appeal", "applicant_type": kind, "identifier": "1",
            "answer_language": "kk", "phone": "+77010000000", "consent": "on",
        }
    )  # fmt: skip
    with translation.override("en"):
        errors = {field: [str(message) for message in messages] for field, messages in form.errors.items()}

    assert list(errors) == ["applicant_name", "identifier", "postal_address"]
    assert errors["identifier"][0].startswith(f"{name}: ")
