"""An appraisal in the browser: the sheet on a phone, the result and what follows on a desk and a phone."""

import datetime

from django.urls import reverse
from django.utils import timezone

from assemblies.appraisals import add_improvement
from assemblies.models import Appraisal, Improvement
from assemblies.seeds import seed_sheet
from tests.factories.appraisals import BAD, BASIC, GOOD, appraised, approved, evidence, published, sheet_vote
from tests.factories.votes import opened
from unions import tokens
from unions.tokens import Purpose


def page(name: str, *args) -> str:
    return reverse(f"assemblies:{name}", args=args)


def test_a_member_fills_the_sheet_in_on_a_phone(world, visit):
    seed_sheet()
    _vote, links = opened(sheet_vote(world.factory, world.chair), world.chair)
    phone = visit(phone=True)
    phone.go(page("ballot", links[0][1]))
    phone.axe()
    phone.fits()
    phone.shot("appraisal-ballot")
    for choice in phone.page.get_by_label("基本满意").all():
        choice.check()
    phone.page.get_by_role("button", name="下一步").click()
    phone.fits()
    phone.page.get_by_role("button", name="投出选票").click()
    assert phone.page.locator(".receipt b").inner_text()


def test_the_result_and_what_follows_on_desk_and_phone(world, visit, client):
    seed_sheet()
    street = world.street_chair
    old = approved(appraised(world.factory, world.chair), world.chair, street)
    day = timezone.localdate() + datetime.timedelta(days=20)
    item = add_improvement(
        old, {"title": "更换浴室热水器", "measure": "采购两台", "owner": "后勤部", "due_on": day}, by=world.chair
    )
    evidence(item, world.chair)
    Appraisal.objects.filter(pk=old.pk).update(held_on=day - datetime.timedelta(days=380))
    answers = [(GOOD, BAD)] * 4 + [(BASIC, GOOD)] * 3 + [(GOOD, GOOD)] * 3
    made = appraised(world.factory, world.chair, answers, advice="希望夜班也能吃上热饭。")
    Improvement.objects.filter(appraisal=made).update(due_on=timezone.localdate() - datetime.timedelta(days=3))
    public = published(appraised(world.hotel, world.neighbour), world.neighbour)
    demanded = made.improvements.get()
    addresses = {
        "list": page("appraisal-list"), "union": page("appraisals", world.factory.pk), "detail": page("appraisal", made.pk),
        "before": page("appraisal", old.pk), "begin": page("vote-new", world.factory.pk, "appraisal"),
        "publish": page("appraisal-move", made.pk, "publish"), "improvement": page("improvement", item.pk),
        "demanded": page("improvement", demanded.pk), "plan": page("improvement-add", made.pk),
        "improvements": page("improvement-list"), "sheet": page("appraisal-sheet"), "union-page": reverse("unions:union", args=[world.factory.pk]),
        "home": reverse("unions:home"),
    }  # fmt: skip
    for where, visitor in (("desktop", visit()), ("phone", visit(phone=True))):
        visitor.sign_in(world.chair, client)
        for name, address in addresses.items():
            visitor.go(address)
            visitor.axe()
            visitor.fits()
            visitor.shot(f"appraisal-{name}-{where}")
    desk, phone = visit(), visit(phone=True)
    desk.sign_in(world.officer, client)
    for name, address in {
        "sheet-edit": page("appraisal-sheet-edit"), "notice": page("appraisal-notice", public.pk),
        "street": reverse("unions:union", args=[world.wangjing.pk]),
    }.items():  # fmt: skip
        desk.go(address)
        desk.axe()
        desk.shot(f"appraisal-{name}-desktop")
    phone.go(page("public-appraisal", tokens.make(Purpose.APPRAISAL, public.pk)))
    phone.axe()
    phone.fits()
    phone.shot("appraisal-public")


def test_its_pages_fit_in_english_too(world, visit, client):
    seed_sheet()
    made = appraised(world.factory, world.chair, [(GOOD, BAD)] * 4 + [(GOOD, GOOD)] * 3)
    for where, visitor in (("desktop", visit()), ("phone", visit(phone=True))):
        visitor.sign_in(world.chair, client)
        visitor.context.add_cookies([{"name": "language", "value": "en", "url": visitor.base}])
        for name, address in {
            "detail": page("appraisal", made.pk), "union": page("appraisals", world.factory.pk),
            "vote": page("vote-detail", made.vote_id),
        }.items():  # fmt: skip
            visitor.go(address)
            assert visitor.page.locator("html").get_attribute("lang") == "en"
            visitor.fits()
            visitor.shot(f"appraisal-{name}-en-{where}")
