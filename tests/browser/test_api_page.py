"""The API page in a real browser."""


def test_the_api_page_reads_well_on_both_screens_and_in_both_languages(visit, world, client):
    desk = visit().sign_in(world.officer, client)
    page = desk.go("/api/")
    desk.axe()
    desk.shot("api-closed", full=False)
    page.locator("#returns details").nth(1).locator("summary").click()
    page.locator("#returns pre").nth(1).wait_for()
    desk.axe()
    page.locator("#returns").scroll_into_view_if_needed()
    desk.shot("api-open", full=False)
    phone = visit(phone=True).sign_in(world.officer, client)
    page = phone.go("/api/")
    phone.fits()
    page.locator("#unions details").first.locator("summary").click()
    phone.fits()
    phone.shot("api-phone", full=False)
    phone.axe()
    world.officer.language = "en"
    world.officer.save()
    page = desk.go("/api/")
    page.get_by_role("heading", name="Programming interface").wait_for()
    desk.shot("api-english", full=False)
