"""Signing in with a second factor, in a real browser; the passkey comes from Chromium's own virtual authenticator."""

from base64 import b32decode
from binascii import unhexlify

import pytest
from django.utils import timezone
from django_otp.oath import TOTP

from unions.models import CodeApp, Passkey, Setting

GOOD = "correct-horse-9"


def code(seed: str) -> str:
    return f"{TOTP(unhexlify(seed)).token():06d}"


def password(visitor, user):
    page = visitor.go("/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", GOOD)
    page.keyboard.press("Enter")
    return page


@pytest.fixture
def required(world):
    Setting.objects.create(key="factor-tier", value=2, effective_from=timezone.localdate(), basis="test")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_whoever_must_adds_a_code_app_and_signs_in_with_it(world, visit, required, phone):
    kind = "phone" if phone else "desktop"
    visitor = visit(phone=phone)
    page = password(visitor, world.street_chair)
    page.wait_for_url("**/factors/app/**")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"enrol-{kind}")
    page.click("summary")
    spelled = page.inner_text("details code").replace(" ", "")
    page.fill("[name=code]", code(b32decode(spelled).hex()))
    page.keyboard.press("Enter")
    page.wait_for_selector(".codes")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"recovery-{kind}")
    page.click("text=已妥善保存")
    page.goto(visitor.base + "/factors/")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"factors-{kind}")
    again = visit(phone=phone)
    page = password(again, world.street_chair)
    page.wait_for_url("**/sign-in/factor/**")
    again.axe()
    again.fits()
    again.shot(f"second-factor-{kind}")
    page.fill("[name=proof]", "000000")
    page.keyboard.press("Enter")
    page.wait_for_selector("#proof-problem")
    CodeApp.objects.update(last_step=-1, throttling_failure_count=0)
    page.fill("[name=proof]", code(CodeApp.objects.get().seed))
    page.keyboard.press("Enter")
    page.wait_for_url(again.base + "/")


def test_a_passkey_is_made_and_opens_the_next_session(world, visit):
    visitor = visit()
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})  # fmt: skip
    page = password(visitor, world.chair)
    page.wait_for_url(visitor.base + "/")
    visitor.go("/factors/passkey/")
    visitor.axe()
    visitor.shot("passkey-add")
    page.fill("[name=name]", "办公电脑")
    page.click("[data-u-passkey-start]")
    page.wait_for_selector(".codes")
    assert Passkey.objects.get().name == "办公电脑"
    visitor.go("/sessions/")
    visitor.axe()
    visitor.fits()
    visitor.shot("sessions-desktop")
    page.click("details.menu summary")
    page.click("text=退出登录")
    page = password(visitor, world.chair)
    page.wait_for_url("**/sign-in/factor/**")
    page.click("[data-u-passkey-start]")
    page.wait_for_url(visitor.base + "/")
    assert Passkey.objects.get().used_at


def test_the_list_of_devices_fits_a_phone_and_the_proof_works_without_scripts(world, visit, client):
    visitor = visit(phone=True).sign_in(world.street_chair, client)
    visitor.go("/sessions/")
    visitor.axe()
    visitor.fits()
    visitor.shot("sessions-phone")
    still = visit(java_script_enabled=False)
    page = password(still, world.street_staff)
    page.wait_for_url(still.base + "/")
    Setting.objects.create(key="proof-minutes", value=0, effective_from=timezone.localdate(), basis="test")
    page.goto(still.base + "/factors/app/")
    assert page.locator("input[type=password]").count() == 1
    still.shot("prove-desktop")
