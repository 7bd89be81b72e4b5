"""A long list is exported in the background, and a move is taken back; desktop and phone."""

import pytest

from tests.browser.test_imports import work
from unions.kit import exporting
from unions.models import Job, Union
from unions.services import move_union


@pytest.mark.parametrize("phone", [False, True])
def test_a_long_list_is_exported_while_one_goes_on(world, visit, client, monkeypatch, phone):
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    name = "phone" if phone else "desktop"
    visitor = visit(phone=phone).sign_in(world.officer, client)
    page = visitor.go("/unions/")
    visitor.shot(f"export-list-{name}")
    visitor.axe()
    visitor.fits()
    page.fill(".filters input[name=q]", "瑞丰")
    page.wait_for_selector("a#results-export")
    page.fill(".filters input[name=q]", "")
    page.wait_for_selector("form#results-export")
    page.click("#results-export button")
    page.wait_for_selector("#job progress")
    visitor.shot(f"export-waiting-{name}")
    work()
    page.wait_for_selector("#job a[download]")
    visitor.shot(f"export-done-{name}")
    visitor.axe()
    visitor.fits()
    with page.expect_download() as download:
        page.click("#job a[download]")
    assert download.value.suggested_filename == Job.objects.get().file_name
    page = visitor.go("/inbox/")
    assert page.locator(".notice").count() == 1 and not page.locator(".notice.unread").count()
    visitor.shot(f"export-inbox-{name}")


@pytest.mark.parametrize("phone", [False, True])
def test_a_move_is_taken_back_from_the_history(world, visit, client, phone):
    move_union(world.factory, world.jianwai, by=world.officer, reason="朝工发〔2026〕7号")
    name = "phone" if phone else "desktop"
    visitor = visit(phone=phone).sign_in(world.officer, client)
    page = visitor.go(f"/unions/{world.factory.pk}/history/")
    visitor.shot(f"move-history-{name}")
    page.click("main a[href$='/move/undo/']")
    visitor.axe()
    visitor.shot(f"move-undo-{name}")
    page.fill("[name=reason]", "划转有误")
    page.click(".bar .btn.p")
    page.wait_for_selector("[role=alert]")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"move-undo-confirm-{name}")
    page.click(".bar .btn.p")
    page.wait_for_url(f"**/unions/{world.factory.pk}/")
    assert Union.objects.get(pk=world.factory.pk).parent == world.wangjing
    visitor.shot(f"move-undone-{name}")
    page = visitor.go(f"/unions/{world.factory.pk}/move/undo/")
    assert page.locator(".note.warn").count() == 1 and not page.locator("[name=reason]").count()
    visitor.shot(f"move-nothing-{name}")
