"""Whatever a page offers its reader opens: no link or button of it leads to a refusal or to nothing."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.access import MAKERS, MatrixWorld, answer, targets
from tests.access_rows import ROWS


def links_of(path: str, response) -> set[str]:
    body = response.content.decode()
    found = {urljoin(path, unescape(href)) for href in re.findall(r'<a\b[^>]*?\shref="([^"]+)"', body)}
    return {link.partition("#")[0] for link in found if not urlsplit(link).netloc and link.startswith("/")}


@pytest.mark.slow
@pytest.mark.parametrize("actor", ["DS", "MC", "MR", "GC", "YS", "YK", "YA"])
def test_every_link_on_every_page_of_a_role_opens(db, actor):
    world, client, found = MatrixWorld(), Client(), {}
    client.force_login(world.actor(actor), backend="unions.backends.TreeBackend")
    for name, row in ROWS.items():
        if "GET" not in row.methods:
            continue
        for target in targets(row, MAKERS, world, actor):
            if target.kwargs is None:
                continue
            response = answer(client, name, row, "GET", target.kwargs)
            if response.status_code == 200 and not response.streaming and b"<html" in response.content:
                path = reverse(name, kwargs=target.kwargs)
                found |= dict.fromkeys(links_of(path, response) - found.keys(), path)
    dead = []
    for link, path in found.items():
        response = client.get(link)
        if response.streaming:  # read to its end, which closes the file behind it
            b"".join(response)
        if response.status_code in (403, 404):
            dead.append((path, link, response.status_code))
    assert dead == []
