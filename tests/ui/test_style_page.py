"""Every component in a real browser: axe silent, no sideways scrolling, everything works from the keyboard."""

import pytest

from tests.browser import assert_accessible, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def style_page_is_open(request, settings):
    """The page is shown in development; everything else is tested as visitors see it."""
    settings.DEBUG = "plain_pages" not in request.node.name


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("kk", 360), ("ru", 768), ("en", 1280)])
def test_style_page_is_accessible(visit, language, width, theme):
    page = visit("/style/", language=language, width=width, theme=theme)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/display/", "/no-such/"]
)
def test_plain_pages_are_accessible_and_fit(visit, path):
    page = visit(path, width=360)
    assert_accessible(page)
    assert_fits(page)


def test_language_and_version_switch_without_javascript(visit):
    page = visit("/display/", js=False, width=360)
    page.click("button[name=language][value=ru]")
    assert page.get_attribute("html", "lang") == "ru"
    page.click("button[name=version][value=easy]")
    assert page.get_attribute("html", "data-contrast") == "high"


def test_menu_opens_on_a_phone_without_javascript(visit):
    page = visit("/display/", js=False, width=360)
    page.click(".ui-nav-small summary")
    assert page.is_visible(".ui-nav-small a[href='/accounts/login/']")


def test_skip_link_is_the_first_stop_of_the_keyboard(visit):
    page = visit("/display/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "ui-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_error_summary_has_the_focus_and_leads_to_the_field(visit):
    page = visit("/style/")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.click("[data-error-summary] a >> nth=0")
    assert page.evaluate("document.activeElement.id").startswith("id_wrong")


def test_unsent_text_survives_an_expired_session_in_the_same_tab(visit):
    page = visit("/style/")
    page.fill("#id_text", "Үш күннен бері су жоқ")
    page.wait_for_timeout(600)
    page.goto("/accounts/login/")
    page.goto("/style/")
    assert page.input_value("#id_text") == "Үш күннен бері су жоқ"
    page.click("[data-kept-drop]")
    assert page.input_value("#id_text") == ""


def test_text_that_arrived_is_not_given_back(visit):
    page = visit("/style/?plain=1")
    page.fill("#id_text", "Үш күннен бері су жоқ")
    page.evaluate("document.querySelectorAll('[data-error-summary], [role=alert]').forEach((found) => found.remove())")
    page.evaluate("sessionStorage.setItem('halyq-sent', '\"style\"')")
    page.wait_for_timeout(600)
    page.goto("/display/")
    assert page.evaluate("sessionStorage.getItem('halyq-kept:style')") is None


def test_text_sent_into_an_expired_session_is_given_back(visit):
    page = visit("/style/")
    page.fill("#id_text", "Үш күннен бері су жоқ")
    page.wait_for_timeout(600)
    page.evaluate("sessionStorage.setItem('halyq-sent', '\"style\"')")
    page.goto("/accounts/login/")
    page.goto("/style/")
    assert page.input_value("#id_text") == "Үш күннен бері су жоқ"


def test_chosen_rows_are_counted(visit):
    page = visit("/style/", language="en")
    page.check("[data-all=rows]")
    assert page.inner_text("[data-bulk-count]") == "Chosen: 3"
    page.uncheck("input[name=rows] >> nth=0")
    assert page.inner_text("[data-bulk-count]") == "Chosen: 2"


def test_characters_are_counted_as_people_count_them(visit):
    page = visit("/style/", language="ru")
    page.fill("#id_text", "вода 💧")
    assert page.inner_text("[data-count-for=id_text]") == "Осталось знаков: 1994"


def test_a_form_is_sent_once(visit):
    page = visit("/accounts/password/reset/")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("""() => {
        const form = document.querySelector("main form");
        form.addEventListener("submit", (event) => setTimeout(() => form.requestSubmit(), 0), { once: true });
    }""")
    page.fill("main form input:not([type=hidden])", "a@example.kz")
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")
    assert len(sent) == 1


def test_large_photo_is_made_smaller_before_it_travels(visit):
    page = visit("/style/")
    page.evaluate("""async () => {
        const canvas = document.createElement("canvas");
        canvas.width = 4000; canvas.height = 3000;
        const paint = canvas.getContext("2d");
        const noise = paint.createImageData(4000, 3000);
        for (let i = 0; i < noise.data.length; i++) noise.data[i] = i % 4 === 3 ? 255 : Math.random() * 255;
        paint.putImageData(noise, 0, 0);
        const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
        window.before = blob.size;
        const files = new DataTransfer();
        files.items.add(new File([blob], "IMG_1.jpg", { type: "image/jpeg" }));
        const input = document.getElementById("id_photos");
        input.files = files.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    }""")
    page.wait_for_selector(".ui-preview li", timeout=30_000)
    after = page.evaluate("document.getElementById('id_photos').files[0].size")
    assert after < page.evaluate("window.before") / 2


def test_a_shortcut_presses_a_button_but_not_while_typing(visit):
    page = visit("/style/?after=x")
    page.focus("#id_name")
    page.keyboard.press("j")
    assert page.input_value("#id_name") == "j"
    page.evaluate("document.activeElement.blur()")
    with page.expect_navigation():
        page.keyboard.press("j")
    assert page.url.endswith("?after=1")


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
        "/accounts/2fa/",
        "/accounts/sessions/",
    ],
)
def test_plain_pages_of_the_account_are_accessible(visit, django_user_model, path):
    user = django_user_model.objects.create_user(
        username="aigul", email="aigul@example.kz", password="tulip-fields-2026"
    )
    page = visit(path, width=360, user=user)
    assert_accessible(page)
    assert_fits(page)
