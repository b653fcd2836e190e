"""A developer subscribes to events, reads the secret once, sends a test, sees the answer and has it sent again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from standardwebhooks import Webhook

from openapi.models import Subscription
from openapi.tasks import send_webhooks
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_reference, make_topic, make_user
from tests.openapi.api import make_application
from tests.openapi.receiver import receiving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "bir-eki-ush-tort"


@pytest.mark.parametrize(("language", "width"), [("kk", 360), ("ru", 768), ("en", 1280)])
def test_developer_subscribes_and_sees_what_arrives(visit: Visit, settings, language: str, width: int) -> None:
    settings.WEBHOOKS_ALLOWED = ["127.0.0.1"]
    make_reference()
    make_topic()
    owner = make_user(password=PASSWORD, email="dev@example.kz", language=language)
    application = make_application(owner)
    page = visit(f"/developers/applications/{application.pk}/", user=owner, language=language, width=width)

    def good() -> None:
        assert_accessible(page)
        assert_fits(page)

    with receiving() as receiver:
        page.locator("a[href$='/webhooks/']").click()
        good()
        page.locator("a[href$='/webhooks/new/']").click()
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/webhooks/new/")
        page.locator("main summary").first.click()
        page.locator("input[value='appeal.received']").check()
        page.locator("input[name=url]").fill("https://10.0.0.1/")
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator("input[value='appeal.received']")).to_be_checked()
        good()
        page.locator("input[name=url]").fill(receiver.url)
        page.locator("main form button[type=submit]").first.click()
        secret = page.locator("#webhook-secret").inner_text()
        good()
        page.locator("main .ui-actions a").last.click()
        good()
        assert secret not in page.content()
        receiver.plan = [500]
        page.locator("form[action$='/test/'] button").click()
        page.wait_for_url("**/deliveries/*/")
        send_webhooks()
        page.reload()
        expect(page.locator("main table")).to_contain_text("500")
        good()
        page.locator("form[action$='/again/'] button").click()
        send_webhooks()
        page.reload()
        expect(page.locator("main table")).to_contain_text("200")
        _path, headers, body = receiver.received[-1]
        assert Webhook(secret).verify(body, headers)["type"] == "webhook.test"
        page.goto(f"/developers/applications/{application.pk}/webhooks/{Subscription.objects.get().pk}/replay/")
        good()
        page.goto(f"/developers/applications/{application.pk}/webhooks/{Subscription.objects.get().pk}/")
        good()
