"""What pages without a record send along, and what production demands; every other address: test_reading.py."""

from django.test import override_settings

from tests.policy import check_html, policy


def test_the_sign_in_page_sends_the_same_policy_without_an_account(client, db):
    response = client.get("/sign-in/")
    assert policy(response)["script-src"] == "'self'"
    check_html(response.content.decode())


def test_pages_of_errors_send_it_too(client, matrix):
    for response in (client.get("/no/such/page/"), matrix.clients["GC"].get("/no/such/page/")):
        assert policy(response)["default-src"] == "'none'"
        assert response.headers["X-Frame-Options"] == "DENY"


def test_production_cookies_are_secure_and_named_for_this_host():
    from config.settings import base

    assert base.SESSION_COOKIE_SECURE and base.CSRF_COOKIE_SECURE
    assert base.SESSION_COOKIE_NAME.startswith("__Host-") and base.CSRF_COOKIE_NAME.startswith("__Host-")
    assert base.SECURE_HSTS_SECONDS >= 31536000 and base.SECURE_SSL_REDIRECT
    assert base.DEBUG is False and base.SHOW_GALLERY is False


@override_settings(SECURE_SSL_REDIRECT=True)
def test_plain_http_is_sent_to_https(client, db):
    assert client.get("/sign-in/").headers["Location"].startswith("https://")
