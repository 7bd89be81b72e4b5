"""Whatever a page offers its reader opens: no link or button of it leads to a refusal or to nothing."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.access import ACTORS, MatrixWorld, answer, targets
from tests.access_rows import MAKERS, ROWS

# One address of many rows stands for all of them.
ALIKE = re.compile(r"\d+")
LEAVES = ("unions:sign-out",)


def addresses(row, world, actor):
    """Of each record that the person may see the arguments of its address."""
    return [target.kwargs for target in targets(row, MAKERS, world, actor) if target.kwargs is not None]


def links_of(path: str, response) -> set[str]:
    body = response.content.decode()
    found = {urljoin(path, unescape(href)) for href in re.findall(r'<a\b[^>]*?\shref="([^"]+)"', body)}
    return {link.partition("#")[0] for link in found if not urlsplit(link).netloc and link.startswith("/")}


@pytest.mark.slow
@pytest.mark.parametrize("actor", ACTORS)
def test_every_link_on_every_page_of_a_role_opens(db, actor):
    world, client, asked, dead = MatrixWorld(), Client(), set(), []
    client.force_login(world.actor(actor), backend="unions.backends.TreeBackend")
    for name, row in ROWS.items():
        if "GET" not in row.methods or name in LEAVES:
            continue
        for kwargs in addresses(row, world, actor):
            response = answer(client, name, row, "GET", kwargs)
            if response.status_code != 200 or response.streaming or b"<html" not in response.content:
                continue
            path = reverse(name, kwargs=kwargs)
            for link in sorted(links_of(path, response)):
                alike = ALIKE.sub("0", path), ALIKE.sub("0", link)
                if alike in asked:
                    continue
                asked.add(alike)
                followed = client.get(link)
                if followed.streaming:  # read to its end, which closes the file behind it
                    b"".join(followed)
                if followed.status_code in (403, 404):
                    dead.append((path, link, followed.status_code))
    assert dead == []
