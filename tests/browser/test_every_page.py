"""Every page of the access matrix, opened by one person of each tier: nothing sticks out, nothing is inaccessible,
nothing breaks on the console. A new address is in here as soon as it has its row."""

from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Error

from tests.access import ACTORS, MAKERS, MatrixWorld, Target, answers_json, expected
from tests.access_rows import ROWS
from tests.browser.conftest import DESKTOP, PHONE

PARTS = 3
# Every page fits both widths, whoever opens it. Accessibility, which takes half a minute of each part: where they work.
LOOKED_THROUGH = {"DS": "desktop", "MC": "desktop", "GC": "phone"}


def addresses(world, actor, part=None):
    """What the matrix lets this person open, for the person's own union or record where one is named; one part of it,
    or all."""
    own, rows = getattr(world, ACTORS[actor][1]), list(ROWS.items())
    for name, row in rows if part is None else rows[part::PARTS]:
        kwargs = {}
        if "GET" not in row.methods or answers_json(name):
            continue
        if row.of:
            make = MAKERS[row.of]
            about = {"shared": (), "personal": (world.actor(actor),)}.get(make.reach, (own,))
            with transaction.atomic():
                kwargs = make(world, *about)
        if kwargs is not None and expected(row, actor, [Target("own", kwargs)])[0] == "+":
            yield name, reverse(name, kwargs=kwargs) + (f"?{urlencode(row.query)}" if row.query else "")


def is_page(visitor, address: str) -> bool:
    """Opens the address; a download, a redirect and a fragment are no pages, nor are pictures, which Chromium shows on a
    page of its own and with a style of its own."""
    before = len(visitor.faults)
    if opens_page(visitor, address):
        return True
    del visitor.faults[before:]
    return False


def opens_page(visitor, address: str) -> bool:
    try:
        response = visitor.page.goto(visitor.base + address)
    except Error as reason:
        if "Download is starting" in str(reason) or "ERR_ABORTED" in str(reason):
            return False
        raise
    if response.request.redirected_from or not response.headers.get("content-type", "").startswith("text/html"):
        return False
    return response.status == 200 and visitor.page.locator("main").count() > 0


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("actor", LOOKED_THROUGH)
def test_every_page_is_accessible_and_fits_desktop_and_phone(seeded, visit, client, actor, part):
    world = MatrixWorld()
    visitor = visit().sign_in(world.actor(actor), client)
    faults, seen = [], 0
    for name, address in addresses(world, actor, part):
        visitor.page.set_viewport_size(DESKTOP)
        if not is_page(visitor, address):
            continue
        seen += 1
        for where, size in (("desktop", DESKTOP), ("phone", PHONE)):  # the phone sees the same page made narrow
            visitor.page.set_viewport_size(size)
            for check in (visitor.axe, visitor.fits) if where == LOOKED_THROUGH[actor] else (visitor.fits,):
                try:
                    check()
                except AssertionError as fault:
                    faults.append((name, where, str(fault)[:300]))
            visitor.shot(f"{name.replace(':', '-')}-{actor}-{where}")
    assert not faults, "\n".join(map(str, faults))
    assert seen > 30, "the pages themselves were opened"
