"""A real Chromium against the live server: console errors and accessibility faults fail the test."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.factories.unions import DistrictWorld

DESKTOP, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
# Pictures are kept where SHOTS says, to be looked at; without it none are taken.
SHOTS = os.environ.get("SHOTS")

# Details of what is in order would only take time.
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def world(seeded):
    """The small district, committed."""
    return DistrictWorld()


class Visitor:
    """One person at one browser. `go`, `shot`, `axe`; errors on the console are collected and fail the test."""

    def __init__(self, chromium, base: str, viewport: dict, **options):
        self.base = base
        self.context = chromium.new_context(viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))

    def sign_in(self, user, client):
        """Take over the session of a signed-in test client."""
        client.force_login(user, backend="unions.backends.TreeBackend")
        name = "session"
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.base}])
        return self

    def go(self, path: str):
        self.page.goto(self.base + path)
        return self.page

    def press(self, button: str):
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.wait_for_load_state()

    def shot(self, name: str, full: bool = True):
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=full)

    def axe(self):
        """No accessibility fault (WCAG 2.1 A and AA) on the page as it is now."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        violations = self.page.evaluate("options => axe.run(options).then(found => found.violations)", AXE)
        found = [(v["id"], v["nodes"][0]["html"][:160]) for v in violations]
        assert not found, found

    def fits(self):
        """Nothing sticks out sideways."""
        self.page.wait_for_load_state()  # a click may still be on its way to the next page
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"the page is {wide} px too wide"


@pytest.fixture
def visit(chromium, live_server):
    """visit() on a desktop, visit(phone=True) on a phone, visit(java_script_enabled=False) … ; faults fail at the end."""
    visitors = []

    def _visit(phone: bool = False, **options) -> Visitor:
        visitors.append(Visitor(chromium, live_server.url, PHONE if phone else DESKTOP, **options))
        return visitors[-1]

    yield _visit
    for visitor in visitors:
        visitor.context.close()
    faults = [fault for visitor in visitors for fault in visitor.faults if "status of 4" not in fault]
    assert not faults, faults
