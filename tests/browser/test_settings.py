"""Settings and webhooks in a real browser: changed without a script, calm on desktop and phone."""

import datetime

from django.utils import timezone

from unions.models import Setting, Webhook, WebhookPost


def test_settings_and_webhooks_are_calm_on_desk_and_phone(visit, world, client):
    hook = Webhook.objects.create(union=world.wangjing, url="https://example.org/cgi-bin/webhook/send?key=k1")
    for number, state in enumerate(("sent", "failed", "unknown")):
        text = "望京街道总工会：今日催报 12 项，其中逾期 3 项。https://portal.example.org/duties/"
        WebhookPost.objects.create(
            webhook=hook, key=f"day:{number}", state=state, error="errcode 93000" if state == "failed" else "",
            body={"text": {"content": text}}, not_before=timezone.now() - datetime.timedelta(days=number),
        )  # fmt: skip
    pages = {
        "settings": "/settings/", "setting": "/settings/due-soon/", "setting-time": "/settings/reminders-from/",
        "setting-reset": "/settings/due-soon/reset/", "webhooks": "/webhooks/", "webhook-add": "/webhooks/add/",
        "webhook": f"/webhooks/{hook.pk}/", "webhook-remove": f"/webhooks/{hook.pk}/remove/", "runs": "/runs/",
    }  # fmt: skip
    for phone in (False, True):
        visitor = visit(phone=phone).sign_in(world.officer, client)
        for name, path in pages.items():
            visitor.go(path)
            visitor.fits()
            visitor.axe()
            visitor.shot(f"{name}-{'phone' if phone else 'desk'}")


def test_a_setting_is_changed_and_put_back_without_a_script(visit, world, client):
    page = visit(java_script_enabled=False).sign_in(world.officer, client).go("/settings/due-soon/")
    page.locator("[name=value]").fill("8")
    page.locator("[name=basis]").fill("区总工会主席办公会议定")
    page.locator("main form button.p").click()
    page.locator(".note.ok").wait_for()
    assert "8 个工作日" in page.locator("main").inner_text()
    page.get_by_role("link", name="临期提醒提前天数").click()
    page.get_by_role("link", name="恢复默认值").click()
    page.locator("main form button.p").click()
    page.locator(".note.ok").wait_for()
    assert Setting.objects.get().value == 5
