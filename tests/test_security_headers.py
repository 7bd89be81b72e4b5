"""What every page of the matrix sends along: a strict policy, no framing, no sniffing, nothing kept by the browser."""

import re

import pytest
from django.test import Client, override_settings

from tests.access import answer, answers_json
from tests.access_rows import ROWS
from tests.test_access_matrix import served

PAGES = sorted(name for name, row in ROWS.items() if "GET" in row.methods.split())


def policy(response) -> dict[str, str]:
    directives = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _space, sources in directives}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_carries_the_policy_and_no_code_of_its_own(matrix, name):
    row = ROWS[name]
    user, kwargs = served(row, matrix)
    client = Client()
    if user is not None:
        client.force_login(user, backend="unions.backends.TreeBackend")
    response = answer(client, name, row, "GET", kwargs)
    assert response.status_code < 400, response.status_code
    sent = policy(response)
    assert sent["default-src"] == sent["base-uri"] == sent["frame-ancestors"] == "'none'"
    assert sent.get("object-src", sent["default-src"]) == "'none'"
    closed = "sandbox" in sent  # a file of somebody's may do nothing at all
    for name in ("script-src", "style-src", "form-action"):
        assert sent.get(name, sent["default-src"]) == ("'none'" if closed else "'self'")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in response.headers["Cache-Control"]
    if response.headers.get("Content-Type", "").startswith("text/html"):
        check_html(response.content.decode())
    elif not answers_json(name) and row.of:
        assert not response.headers["Content-Type"].startswith("text/plain")


def check_html(text: str) -> None:
    """As rendered: also what a widget or a library brings."""
    assert not re.search(r"<[^>]+\sstyle\s*=", text), "an inline style"
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", text), "an inline handler"
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts), scripts
    assert not re.search(r"""(src|href|action)\s*=\s*["'](https?:)?//""", text), "something from elsewhere"


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
