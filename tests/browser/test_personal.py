"""Personal data and files in a real browser: on a desktop, on a phone, and without scripts."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories.unions import UnionFactory
from unions import mydata, retention, uploads
from unions.enums import UnionState
from unions.models import Union
from unions.reveals import record_export, reveal

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def looked_at(world):
    """The factory with a chair whose number was opened twice, and an old union whose number is past its time."""
    world.factory.chair_name, world.factory.chair_phone = world.chair.name, "13912345678"
    world.factory.save()
    world.chair.phone = "13912345678"
    world.chair.save()
    field = Union._meta.get_field("chair_phone")
    reveal(
        world.factory, field, union=world.factory, by=world.street_staff, reason="通知主席参加街道总工会换届工作会议"
    )
    record_export(
        [world.factory.pk, world.hotel.pk], union=world.wangjing, by=world.street_staff, reason="汛期联络", words=[]
    )
    gone = UnionFactory(parent=world.wangjing, name="北京旧日商贸有限公司工会委员会", chair_phone="13900000000")
    Union.objects.filter(pk=gone.pk).update(
        state=UnionState.DISSOLVED, closed_on=timezone.localdate() - timedelta(days=800)
    )


def test_the_pages_of_personal_data_are_calm_on_desk_and_phone(visit, world, client):
    looked_at(world)
    mydata.ask(world.chair, "phone", "13800001111")
    found = retention.propose()
    for is_phone in (False, True):
        visitor, where = visit(phone=is_phone), "phone" if is_phone else "desk"
        for person, pages in (
            (world.chair, {"mine": "/personal/mine/"}),
            (world.street_chair, {"corrections": "/personal/corrections/"}),
            (
                world.officer,
                {
                    "register": "/personal/", "openings": "/personal/openings/", "erasures": "/personal/erasures/",
                    "erasure": f"/personal/erasures/{found.pk}/", "full": "/unions/full/?kind=unit",
                },
            ),
        ):  # fmt: skip
            visitor.sign_in(person, client)
            for name, path in pages.items():
                visitor.go(path)
                visitor.fits()
                visitor.axe()
                visitor.shot(f"personal-{name}-{where}")


def test_a_union_keeps_its_papers_with_and_without_scripts(visit, world, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    paper = tmp_path / "建会批复.pdf"
    paper.write_bytes(PDF)
    path = f"/unions/{world.factory.pk}/files/"
    phone = visit(phone=True, java_script_enabled=False).sign_in(world.chair, client)
    page = phone.go(path)
    phone.shot("files-empty-phone")
    page.set_input_files("input[type=file]", paper)
    page.fill("[name=note]", "京工发〔2026〕1 号，同意建立工会")
    page.locator("form button", has_text="上传").last.click()
    page.locator("td a.main-link", has_text="建会批复.pdf").wait_for()
    phone.shot("files-phone")
    given = SimpleUploadedFile("北京瑞丰同创科技有限公司工会委员会第三届委员会选举结果报告.pdf", PDF)
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    uploads.receive(given, purpose=uploads.UNION_FILE, union=world.factory, by=world.clerk, note="待查")
    desk = visit().sign_in(world.chair, client)
    page = desk.go(path)
    desk.fits()
    desk.axe()
    desk.shot("files-desk")
    wrong = tmp_path / "网页.pdf"
    wrong.write_bytes(b"<html></html>")
    page.set_input_files("input[type=file]", wrong)
    page.locator("form button", has_text="上传").last.click()
    page.get_by_text("文件内容与扩展名不符").first.wait_for()
    desk.shot("files-refused-desk")
    page.goto(page.url)
    page.locator("td a.btn").first.click()
    desk.axe()
    desk.shot("files-remove-desk")
    page.get_by_role("button", name="删除").click()
    page.get_by_text("已删除").first.wait_for()
