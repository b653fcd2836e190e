"""Language, theme and the version for the visually impaired: one form, cookies only, no script, no account."""

import pytest

from ui.preferences import Look, change_look, read_look, write_look


@pytest.mark.parametrize(
    ("cookie", "look"),
    [
        ("", Look()),
        ("dark.large.high", Look("dark", "large", "high")),
        ("dark", Look("dark")),
        ("purple.<script>.9", Look()),
        ("." * 500, Look()),
    ],
)
def test_only_known_values_are_read_from_the_cookie(cookie, look):
    assert read_look(cookie) == look
    assert read_look(write_look(look)) == look


def test_one_button_switches_the_version_for_the_visually_impaired_on_and_off():
    easy = change_look(Look("dark"), {"version": "easy"})
    assert easy == Look("dark", "large", "high")
    assert easy.is_easy
    assert change_look(easy, {"version": "usual"}) == Look("dark")


@pytest.mark.django_db
def test_language_is_switched_and_the_visitor_stays_on_his_page(client):
    response = client.post("/display/", {"language": "ru", "next": "/display/?a=1"})
    assert (response.status_code, response.url) == (302, "/display/?a=1")
    assert 'lang="ru"' in client.get("/display/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_nobody_is_sent_to_another_site(client, where):
    assert client.post("/display/", {"language": "ru", "next": where}).url == "/display/"


@pytest.mark.django_db
def test_an_unknown_language_changes_nothing(client):
    client.post("/display/", {"language": "xx"})
    assert 'lang="kk"' in client.get("/display/").content.decode()


@pytest.mark.django_db
def test_the_chosen_look_is_in_the_page_from_the_first_byte(client):
    client.post("/display/", {"theme": "dark", "version": "easy"})
    page = client.get("/display/").content.decode()
    assert 'data-theme="dark" data-text="large" data-contrast="high"' in page
    assert "ui/dark.css" in page
    assert "ui/contrast.css" in page
