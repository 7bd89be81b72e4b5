"""The list of accounts, one account, looking on, emergency access: as they look."""

import pytest


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_accounts_looking_on_and_emergency_access(world, visit, client, phone):
    kind = "phone" if phone else "desktop"
    world.clerk, world.neighbour, world.street_chair
    visitor = visit(phone=phone).sign_in(world.officer, client)
    for name, path in {
        "list": "/accounts/",
        "account": f"/accounts/{world.chair.pk}/",
        "emergencies": "/emergency/",
    }.items():
        visitor.go(path)
        visitor.axe()
        visitor.fits()
        visitor.shot(f"accounts-{name}-{kind}")
    page = visitor.go(f"/accounts/{world.chair.pk}/assist/")
    visitor.shot(f"assist-begin-{kind}")
    page.fill("[name=reason]", "电话求助：不会填写")
    page.click("form.card button.p")
    page.wait_for_selector(".assist")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"assist-{kind}", full=False)
    page.click(".assist button")
    page.wait_for_selector(".messages")
    keeper = visit(phone=phone).sign_in(world.person("security_admin", world.district), client)
    keeper.go("/accounts/locks/")
    keeper.axe()
    keeper.fits()
    keeper.shot(f"locks-{kind}")
    system = visit(phone=phone).sign_in(world.person("system_admin", world.district), client)
    system.go("/settings/")
    system.axe()
    system.fits()
    system.shot(f"limits-{kind}")
    system.go("/")
    system.shot(f"system-home-{kind}")
