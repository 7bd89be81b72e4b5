"""What an answer must send along, asked of every address in test_reading.py: a strict policy, no framing, no sniffing,
nothing kept by the browser, no code in a page."""

import re

from tests.access import answers_json
from tests.access_rows import ROWS


def policy(response) -> dict[str, str]:
    directives = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _space, sources in directives}


def check(name: str, response, text: str) -> None:
    """`text`: what the answer says, a file unpacked."""
    sent = policy(response)
    assert sent["default-src"] == sent["base-uri"] == sent["frame-ancestors"] == "'none'"
    assert sent.get("object-src", sent["default-src"]) == "'none'"
    closed = "sandbox" in sent  # a file of somebody's may do nothing at all
    for kind in ("script-src", "style-src", "form-action"):
        assert sent.get(kind, sent["default-src"]) == ("'none'" if closed else "'self'")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    by_link = name == "disclosure:read" or name.startswith("disclosure:read-")  # whoever has the address may read
    assert response.headers["Referrer-Policy"] == ("no-referrer" if by_link else "same-origin")
    assert "no-store" in response.headers["Cache-Control"]
    if response.headers.get("Content-Type", "").startswith("text/html"):
        check_html(text)
    elif not answers_json(name) and ROWS[name].of:
        assert not response.headers["Content-Type"].startswith("text/plain")


def check_html(text: str) -> None:
    """As rendered: also what a widget or a library brings."""
    assert not re.search(r"<[^>]+\sstyle\s*=", text), "an inline style"
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", text), "an inline handler"
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts), scripts
    assert not re.search(r"""(src|href|action)\s*=\s*["'](https?:)?//""", text), "something from elsewhere"
