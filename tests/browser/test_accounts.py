import pytest

from tests.factories.unions import UserFactory


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_person_signs_in_and_chooses_a_first_password(world, visit, phone):
    UserFactory(username="limin", name="李敏", must_change_password=True)
    visitor = visit(phone=phone)
    page = visitor.go("/")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"sign-in-{'phone' if phone else 'desktop'}")
    page.fill("[name=username]", "limin")
    page.fill("[name=password]", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".errors")
    visitor.shot(f"sign-in-wrong-{'phone' if phone else 'desktop'}")
    page.fill("[name=password]", "correct-horse-9")
    page.keyboard.press("Enter")
    page.wait_for_url("**/password/")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"first-password-{'phone' if phone else 'desktop'}")
    page.fill("[name=old]", "correct-horse-9")
    page.fill("[name=new]", "battery-staple-7")
    page.fill("[name=again]", "battery-staple-7")
    page.keyboard.press("Enter")
    page.wait_for_url(visitor.base + "/")


def test_signing_in_works_without_scripts(world, visit):
    UserFactory(username="limin", name="李敏")
    visitor = visit(java_script_enabled=False)
    page = visitor.go("/")
    page.fill("[name=username]", "limin")
    page.fill("[name=password]", "correct-horse-9")
    page.click("main button")
    page.wait_for_url(visitor.base + "/")
