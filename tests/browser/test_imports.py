"""The roster goes in by browser: upload, a look at what would change, confirm, result, undo; desktop and phone."""

from tests.samples.rosters import roster_file, row_of
from unions import jobs
from unions.models import ImportBatch, Job, Union


def work():
    """Do what the worker would do."""
    for job in Job.objects.filter(state="waiting").order_by("pk"):
        jobs.run(job.pk)


def defective(world) -> bytes:
    street = world.wangjing.name
    return roster_file(
        [
            row_of(code="1101050260101", name="北京望京样本一有限公司工会委员会", parent=street),
            row_of(
                code="1101050260102",
                name="北京望京样本二 有限公司工会委员会",
                parent=street,
                workers="1,204人",
                founded_on="2015.5.3",
            ),
            row_of(code="1101050260103", name="北京望京样本三有限公司工会委员会", parent="望京新区街道总工会"),
            row_of(code="1101050260104", name="北京望京样本四有限公司工会委员会", parent=street, kind="基层公会"),
            row_of(
                code="1101050260105",
                name="北京望京样本五有限公司工会委员会",
                parent=street,
                members=130,
                women_members=3,
            ),
            row_of(code=world.factory.code, name=world.factory.name, parent=street, workers=270, members=250),
        ]
    )


def test_a_clerk_imports_a_roster_sees_each_change_and_can_take_it_back(world, visit, client, tmp_path):
    file = tmp_path / "名册.xlsx"
    file.write_bytes(defective(world))
    visitor = visit().sign_in(world.officer, client)
    page = visitor.go("/imports/")
    visitor.shot("imports-empty")
    visitor.axe()
    page.click("a[href='/imports/new/roster/']")
    visitor.axe()
    visitor.shot("imports-upload")
    page.set_input_files("input[type=file]", str(file))
    page.click("main form .btn.p")
    page.wait_for_selector("#progress")
    visitor.shot("imports-reading")
    visitor.axe()
    work()
    page.wait_for_selector(".import-rows")
    visitor.axe()
    visitor.fits()
    visitor.shot("imports-preview-errors")
    assert page.locator(".import-rows tbody tr").count() == 2
    page.click(".tabs a[href*='state=changed']")
    visitor.shot("imports-preview-changed")
    assert "264" in page.locator(".diff").first.inner_text()
    page.click(".tabs a[href*='state=new']")
    visitor.shot("imports-preview-new")
    page.locator(".groups a").first.click()
    page.wait_for_selector(".groups a[aria-current]")
    page.click(".bar .btn.p")
    page.wait_for_selector("#progress")
    work()
    page.wait_for_selector(".note.ok")
    visitor.shot("imports-result")
    visitor.axe()
    assert Union.objects.filter(code__startswith="11010502601").count() == 3
    page.click(".undo summary")
    page.click(".undo .btn")
    page.wait_for_selector("#progress")
    work()
    page.wait_for_selector("main .note.info[role=status]")
    assert not Union.objects.filter(code__startswith="11010502601").exists()
    visitor.go("/imports/")
    visitor.shot("imports-list")


def test_on_a_phone_without_scripts_unknown_titles_are_settled_and_the_preview_reads_as_a_list(
    world, visit, client, tmp_path
):
    file = tmp_path / "roster.csv"
    file.write_bytes(
        roster_file(
            [row_of(parent=world.wangjing.name)], titles={"工会名称": "工会的名称", "职工人数": "人头"}, kind="gb18030"
        )
    )
    visitor = visit(phone=True, java_script_enabled=False).sign_in(world.street_staff, client)
    page = visitor.go("/imports/new/roster/")
    visitor.shot("imports-phone-upload")
    page.set_input_files("input[type=file]", str(file))
    page.click("main form .btn.p")
    work()
    batch = ImportBatch.objects.get()
    page = visitor.go(f"/imports/{batch.pk}/")
    visitor.shot("imports-phone-columns")
    page.select_option("select[name='column10']", "workers")
    page.click("main form .btn.p")
    work()
    page = visitor.go(f"/imports/{batch.pk}/")
    visitor.shot("imports-phone-preview")
    assert page.locator(".import-rows tbody tr").count() == 1
    page = visitor.go("/imports/")
    visitor.shot("imports-phone-list")


def test_a_phone_shows_the_preview_without_scrolling_sideways(world, visit, client, tmp_path):
    file = tmp_path / "名册.xlsx"
    file.write_bytes(defective(world))
    visitor = visit(phone=True).sign_in(world.officer, client)
    page = visitor.go("/imports/new/roster/")
    page.set_input_files("input[type=file]", str(file))
    page.click("main form .btn.p")
    page.wait_for_selector("#progress")
    work()
    page.wait_for_selector(".import-rows")
    visitor.fits()
    visitor.axe()
    visitor.shot("imports-phone-errors")
    visitor.go(page.url.replace(visitor.base, "") + "?state=all")
    visitor.fits()
    visitor.shot("imports-phone-all")


def test_a_damaged_workbook_is_refused_in_a_sentence(world, visit, client, tmp_path):
    file = tmp_path / "坏.xlsx"
    file.write_bytes(b"PK\x03\x04 no workbook at all")
    visitor = visit().sign_in(world.officer, client)
    page = visitor.go("/imports/new/roster/")
    page.set_input_files("input[type=file]", str(file))
    page.click("main form .btn.p")
    page.wait_for_selector(".errors")
    visitor.shot("imports-refused")
    assert not ImportBatch.objects.exists()
