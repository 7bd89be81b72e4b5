"""Every page of the access matrix, opened by one person of each tier: nothing sticks out, nothing is inaccessible,
nothing breaks on the console. A new address is in here as soon as it has its row."""

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access import ACTORS, MAKERS, MatrixWorld
from tests.access_rows import ROWS
from tests.browser.conftest import DESKTOP, PHONE

PARTS = 3


def pages(world, actor, client, part=None):
    """The addresses this person can open as a page, for the person's own union or record where one is named; all, or one
    part of them."""
    own = getattr(world, ACTORS[actor][1])
    rows = list(ROWS.items())
    for name, row in rows if part is None else rows[part::PARTS]:
        if "GET" not in row.methods:
            continue
        kwargs = {}
        if row.of:
            make = MAKERS[row.of]
            about = {"shared": (), "personal": (world.actor(actor),)}.get(make.reach, (own,))
            with transaction.atomic():
                kwargs = make(world, *about)
        if kwargs is None:
            continue
        address = reverse(name, kwargs=kwargs)
        response = client.get(address, row.query)
        is_page = not response.streaming and b"<html" in response.content
        response.close()  # a download holds its file open
        if response.status_code == 200 and is_page:
            query = response.request["QUERY_STRING"]
            yield name, address + (f"?{query}" if query else "")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("actor", ["DS", "MC", "GC"])
def test_every_page_is_accessible_and_fits_desktop_and_phone(seeded, visit, client, actor, part):
    world = MatrixWorld()
    person = world.actor(actor)
    visitor = visit().sign_in(person, client)
    faults = []
    for name, address in pages(world, actor, client, part):
        for where, size in (("desktop", DESKTOP), ("phone", PHONE)):
            visitor.page.set_viewport_size(size)
            if where == "desktop":  # the phone sees the same page made narrow
                visitor.go(address)
            for check in (visitor.axe, visitor.fits):
                try:
                    check()
                except AssertionError as fault:
                    faults.append((name, where, str(fault)[:300]))
            visitor.shot(f"{name.replace(':', '-')}-{actor}-{where}")
    assert not faults, "\n".join(map(str, faults))
