"""From a new account to the state signature, in a real browser and in three languages."""

import pytest

from accounts.models import User
from identity import iin, levels
from identity.levels import Level
from identity.models import ProvenIdentity
from tests.browser import assert_accessible, assert_fits
from tests.factories import make_user
from tests.identity import ncalayer_double
from tests.identity.ncanode_double import MAN, WOMAN, key_of, ncanode  # noqa: F401 - a fixture
from tests.identity.signing import make_confirmed_user
from tools.eds.signatures import sign

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "a-long-password-of-a-test"
SUBMIT = "main button[type=submit]"


def level_of(user):
    return levels.level_of(User.objects.get(pk=user.pk))


def confirm_password(page):
    """Before the signature the hub wants to know that it is still he."""
    page.fill("input[name=password]", PASSWORD)
    page.click("form[action*=reauthenticate] button[type=submit]")


def to_the_text(page):
    """From the start page to the page with the file."""
    page.click(f"{SUBMIT}")
    page.wait_for_url("**/my/id/signature/*/")


def look(page):
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("script", [True, False])
def test_through_the_levels_by_a_file(visit, ncanode, tmp_path, language, script):  # noqa: F811
    """Without a script the way is the same."""
    user = make_confirmed_user(password=PASSWORD, language=language)
    page = visit("/my/id/", language=language, user=user, js=script)
    if script:
        look(page)
    page.click(".id-ladder a[href='/my/id/iin/']")
    page.fill("input[name=iin]", "000101300010")
    page.click(SUBMIT)
    assert page.locator("#id_iin_error, .govuk-error-message").count()
    page.fill("input[name=iin]", "0001 0130 0019")
    page.click(SUBMIT)
    assert level_of(user) == Level.IIN
    page.click(".id-ladder a[href='/my/id/signature/']")
    confirm_password(page)
    if script:
        look(page)
    to_the_text(page)
    if script:
        look(page)
    with page.expect_download() as download:
        page.click("a[download]")
    text = download.value.path().read_bytes()
    signature = tmp_path / "text.cms"
    signature.write_bytes(sign(text, key_of(MAN)))
    page.set_input_files("input[name=signature]", signature)
    page.click("form[enctype] button[type=submit]")
    page.wait_for_url("**/my/id/")
    assert level_of(user) == Level.EDS
    assert page.locator(".id-card-name").inner_text() == "Тестов Тест Тестович"
    assert page.locator(".id-step-reached").count() == 4
    if script:
        look(page)


def test_with_ncalayer_on_the_same_computer(visit, ncanode, settings):  # noqa: F811
    user = make_confirmed_user(password=PASSWORD)
    with ncalayer_double.running(ncalayer_double.signs_with(key_of(MAN))) as ncalayer:
        settings.NCALAYER_URL = ncalayer.url
        page = visit("/my/id/signature/", user=user)
        confirm_password(page)
        to_the_text(page)
        page.click("[data-start]")
        page.wait_for_url("**/my/id/")
    assert level_of(user) == Level.EDS
    (request,) = ncalayer.asked
    assert request["args"]["locale"] == "kk"


def test_when_ncalayer_makes_no_signature_the_file_is_still_there(visit, ncanode, settings):  # noqa: F811
    user = make_confirmed_user(password=PASSWORD)
    with ncalayer_double.running(ncalayer_double.cancelled) as ncalayer:
        settings.NCALAYER_URL = ncalayer.url
        page = visit("/my/id/signature/", language="en", user=user)
        confirm_password(page)
        to_the_text(page)
        page.click("[data-start]")
        page.locator("[data-said]", has_text="made no signature").wait_for()
    assert page.locator("[data-start]").is_enabled() and page.locator("input[name=signature]").is_visible()
    assert not ProvenIdentity.objects.exists()


def test_a_key_of_somebody_else_is_named_on_the_page(visit, ncanode, tmp_path):  # noqa: F811
    user = make_confirmed_user(password=PASSWORD)
    iin.give_iin(user, iin=WOMAN)
    page = visit("/my/id/signature/", language="en", width=360, user=user)
    confirm_password(page)
    to_the_text(page)
    with page.expect_download() as download:
        page.click("a[download]")
    signature = tmp_path / "text.cms"
    signature.write_bytes(sign(download.value.path().read_bytes(), key_of(MAN)))
    page.set_input_files("input[name=signature]", signature)
    page.click("form[enctype] button[type=submit]")
    assert "not the one given in this account" in page.locator("[role=alert]").first.inner_text()
    look(page)


def test_a_new_account_is_led_to_its_contact_first(visit):
    page = visit("/my/id/", language="ru", width=360, user=make_user())
    assert page.locator(".id-ladder a").count() == 1
    look(page)


def test_the_card_fits_on_paper_and_in_the_dark(visit, ncanode):  # noqa: F811
    page = visit("/my/id/", theme="dark", user=make_confirmed_user())
    look(page)
    page.emulate_media(media="print")
    box = page.locator(".id-card").bounding_box()
    assert box["width"] == pytest.approx(85.6 / 25.4 * 96, abs=4)
