"""The gallery: every component, on both screens, in both languages."""


def test_every_component_is_sound_on_both_screens(visit, world, client):
    desk = visit().sign_in(world.officer, client)
    desk.go("/_components/")
    desk.axe()
    desk.fits()
    desk.shot("gallery-desktop")
    phone = visit(phone=True).sign_in(world.officer, client)
    phone.go("/_components/")
    phone.axe()
    phone.fits()
    phone.shot("gallery-phone")


def test_every_component_reads_in_english_at_double_size(visit, world, client):
    world.officer.language = "en"
    world.officer.save()
    desk = visit().sign_in(world.officer, client)
    page = desk.go("/_components/")
    page.get_by_role("heading", name="Components", exact=True).wait_for()
    page.set_viewport_size({"width": 680, "height": 450})  # what 200 % zoom leaves of the desktop
    desk.fits()
    desk.axe()
