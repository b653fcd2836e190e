"""What went wrong is said in the visitor's language, and nothing he typed is lost."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.test import Client, RequestFactory
from django.utils import translation

from ui.views import errors

TEXT = "Менің үйімнің жанында су құбыры жарылды, үш күннен бері су жоқ."


@pytest.fixture
def strict_client():
    return Client(enforce_csrf_checks=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("kk", "Бет табылмады"), ("ru", "Страница не найдена"), ("en", "Page not found")]
)
def test_missing_page_in_each_language(client, language, words):
    client.cookies["django_language"] = language
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert words in response.content.decode()


@pytest.mark.django_db
def test_an_expired_form_offers_everything_typed_once_more(strict_client):
    response = strict_client.post(
        "/accounts/password/reset/", {"email": "a@example.kz", "text": TEXT}, headers={"origin": "http://testserver"}
    )
    page = response.content.decode()
    assert response.status_code == 403
    assert f'name="text" value="{TEXT}"' in page
    assert 'name="csrfmiddlewaretoken"' in page
    assert 'action="/accounts/password/reset/"' in page


@pytest.mark.django_db
def test_a_password_is_never_shown_again(strict_client):
    response = strict_client.post(
        "/accounts/login/", {"login": "aigul", "password": "tulip-2026"}, headers={"origin": "http://testserver"}
    )
    assert response.status_code == 403
    assert "tulip-2026" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"referer": "https://evil.example/x"}, {}])
def test_a_form_of_another_site_is_not_offered_again(strict_client, headers):
    response = strict_client.post("/accounts/password/reset/", {"text": TEXT}, headers=headers)
    assert response.status_code == 403
    assert TEXT not in response.content.decode()


@pytest.mark.django_db
def test_what_was_typed_is_shown_as_text_and_not_as_markup(strict_client):
    nasty = '"><script>alert(1)</script>' * 3
    response = strict_client.post("/accounts/password/reset/", {"x": nasty}, headers={"origin": "http://testserver"})
    assert "<script>alert" not in response.content.decode()


def test_server_error_page_needs_nothing_that_may_be_broken():
    with translation.override("ru"):
        response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "На сервере произошла ошибка" in response.content.decode()


@pytest.mark.django_db
def test_too_large_and_forbidden_have_pages_of_their_own(client):
    request = client.get("/display/").wsgi_request
    assert errors.bad_request(request, RequestDataTooBig()).status_code == 413
    assert errors.bad_request(request, ValueError()).status_code == 400
    assert errors.permission_denied(request, PermissionDenied()).status_code == 403
