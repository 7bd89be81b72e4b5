"""Files that come in: what they are is looked at, who may have them is asked, and nothing half stays behind."""

import errno
import io
import socket
import struct
import threading
import zipfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests.samples.rosters import roster_file, row_of
from unions import uploads
from unions.kit import clamd
from unions.kit.filetypes import Refused, display_name
from unions.models import Event, ImportBatch, Setting, Union, Upload
from unions.tasks import check_uploads

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    yield settings.MEDIA_ROOT


def picture(kind="JPEG", size=(40, 30), **options) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", size, "red").save(body, kind, **options)
    return body.getvalue()


def office(main="word/document.xml", **more) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<document/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return body.getvalue()


def bring(world, body: bytes, name="批复.pdf", by=None, union=None) -> Upload:
    given = SimpleUploadedFile(name, body)
    return uploads.receive(given, purpose=uploads.UNION_FILE, union=union or world.factory, by=by or world.chair)


def on_disk(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "body"),
    [("批复.pdf", PDF), ("章程.docx", office()), ("名册.xlsx", office("xl/workbook.xml")), ("证书.jpg", picture()), ("章.PNG", picture("PNG"))],
)  # fmt: skip
def test_papers_of_the_allowed_kinds_are_kept_under_names_of_our_own(world, place, name, body):
    upload = bring(world, body, name)
    (stored,) = on_disk(place)
    assert (upload.state, upload.is_scanned, upload.name) == ("clean", False, name)
    assert stored.name not in name and "." not in stored.name and stored.stat().st_mode & 0o077 == 0
    assert upload.sha256 == uploads.digest(stored) and upload.size == stored.stat().st_size
    assert Event.objects.get(action="upload.add").data["sha256"] == upload.sha256


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("空.pdf", b"", "empty"),
        ("程序.exe", b"MZ" + b"\0" * 60, "name"),
        ("批复.pdf.exe", PDF, "name"),
        ("批复.exe.pdf", PDF, "name"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "name"),
        ("页.html", b"<html><script>x()</script></html>", "name"),
        ("表.csv", b"a,b", "kind"),
        ("无后缀", PDF, "kind"),
        ("网页.pdf", b"<html>%PDF-1.4 %%EOF</html>", "content"),
        ("动图.jpg", b"GIF89a" + b"\0" * 60, "content"),
        ("页.png", b"<html></html>", "content"),
        ("假图.png", picture("PNG")[:60], "image"),
        ("动作.pdf", PDF.replace(b"/Type", b"/OpenAction << /S /JavaScript >> /Type"), "acting"),
        ("藏起.pdf", PDF.replace(b"/Type", b"/J#61vaScript /Type"), "acting"),
        ("双面.pdf", PDF + office() + b"%%EOF", "content"),
        ("宏.docx", office(word__vbaProject_bin="x", **{"word__vbaProject.bin": "x"}), "macros"),
        ("实体.docx", office(word__x="", **{"word__evil.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]>"}), "entities"),
        ("表格.docx", office("xl/workbook.xml"), "suffix"),
        ("前缀.docx", b"#!/bin/sh\n" + office(), "content"),
        ("炸弹.docx", office(word__bomb="0" * 30_000_000), "bomb"),
    ],
)
def test_what_is_not_what_it_says_or_acts_by_itself_is_refused_and_not_kept(world, place, name, body, code):
    with pytest.raises(Refused) as refused:
        bring(world, body, name)
    assert refused.value.code == code and str(refused.value)
    assert on_disk(place) == [] and not Upload.objects.exists()


def test_an_image_is_drawn_anew_without_place_and_without_what_hides_behind_it(world, place):
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    body = picture(exif=exif) + office() + b"<script>x()</script>"
    bring(world, body, "合影.jpg")
    kept = on_disk(place)[0].read_bytes()
    assert b"SECRET-CAMERA" not in kept and b"<script>" not in kept and not zipfile.is_zipfile(io.BytesIO(kept))
    assert Image.open(io.BytesIO(kept)).size == (40, 30)


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked(world):
    body = io.BytesIO()
    Image.new("1", (9000, 9000)).save(body, "PNG", optimize=True)
    assert len(body.getvalue()) < 50_000
    with pytest.raises(Refused) as refused:
        bring(world, body.getvalue(), "大图.png")
    assert refused.value.code == "image"


def test_names_are_shown_without_paths_and_tricks():
    assert display_name("../../etc/passwd") == "passwd"
    assert display_name("C:\\用户\\批复.pdf") == "批复.pdf"
    assert display_name("批复\u202efdp.exe") == "批复fdp.exe"
    assert len(display_name("长" * 300 + ".pdf")) < 140


def test_size_and_quota_are_kept(world, place, monkeypatch):
    with pytest.raises(Refused, match="10"):
        bring(world, PDF + b" " * (10 << 20), "大.pdf")
    Setting.objects.create(key="upload-quota-mb", value=1, effective_from="2026-01-01", basis="规定")
    bring(world, PDF[:-6] + b" " * 700_000 + b"%%EOF\n")
    with pytest.raises(Refused) as refused:
        bring(world, PDF[:-6] + b" " * 700_000 + b"%%EOF\n")
    assert refused.value.code == "quota" and len(on_disk(place)) == 1
    assert bring(world, PDF[:-6] + b" " * 700_000 + b"%%EOF\n", union=world.hotel).pk, "each union has its own room"


def test_a_full_disk_leaves_no_half_file_and_says_so(world, place, monkeypatch):
    def full(self, name, content):
        Path(self.path(name)).parent.mkdir(parents=True, exist_ok=True)
        Path(self.path(name)).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(Refused) as refused:
        bring(world, PDF)
    assert refused.value.code == "disk"
    assert (
        on_disk(place) == [] and not Upload.objects.exists() and not Event.objects.filter(action="upload.add").exists()
    )
    monkeypatch.undo()
    assert bring(world, PDF).is_ready


# --- the virus scanner ---------------------------------------------------------------------------------------------


@contextmanager
def fake_clamd(answer=None):
    """Speaks INSTREAM on a port of its own; finds EICAR unless told what to answer."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(10)

    def serve():
        while True:
            try:
                client, _address = server.accept()
            except OSError:
                return
            with client, client.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                body = b""
                while length := struct.unpack("!L", stream.read(4))[0]:
                    body += stream.read(length)
                found = answer or ("stream: Eicar-Test FOUND" if EICAR in body else "stream: OK")
                client.sendall(found.encode() + b"\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.close()
        thread.join(5)


def infected() -> bytes:
    return PDF[:-6] + EICAR + b"\n%%EOF\n"


def test_a_clean_file_is_ready_and_an_infected_one_is_gone_with_a_record(world, place, settings):
    with fake_clamd() as settings.CLAMD_ADDRESS:
        good, bad = bring(world, PDF), bring(world, infected())
    assert (good.state, good.is_scanned) == ("clean", True)
    assert (bad.state, bad.finding, bad.file.name) == ("infected", "Eicar-Test", "")
    assert len(on_disk(place)) in (1, 2)  # the unlink follows the commit, which a test's transaction never sees
    assert Event.objects.get(action="upload.refuse").data == {"name": "批复.pdf", "finding": "Eicar-Test"}


def test_the_file_of_an_infected_upload_leaves_the_disk(world, place, settings, django_capture_on_commit_callbacks):
    with fake_clamd() as settings.CLAMD_ADDRESS, django_capture_on_commit_callbacks(execute=True):
        bring(world, infected())
    assert on_disk(place) == []


def test_while_the_scanner_is_down_files_wait_and_the_clock_asks_again(world, settings, sign_in):
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    upload = bring(world, PDF)
    assert upload.state == "quarantined"
    check_uploads()
    assert sign_in(world.chair).get(reverse("unions:file", args=[world.factory.pk, upload.pk])).status_code == 404
    with fake_clamd() as settings.CLAMD_ADDRESS:
        check_uploads()
    assert Upload.objects.get(pk=upload.pk).state == "clean"
    given = sign_in(world.chair).get(reverse("unions:file", args=[world.factory.pk, upload.pk]))
    assert b"".join(given.streaming_content) == PDF


def test_what_nobody_judged_for_a_week_or_is_beyond_the_scanner_is_refused(world, settings):
    with fake_clamd("INSTREAM size limit exceeded. ERROR") as settings.CLAMD_ADDRESS:
        assert bring(world, PDF).state == "rejected"
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    upload = bring(world, PDF)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        check_uploads()
    assert Upload.objects.get(pk=upload.pk).state == "rejected"


def test_an_answer_that_is_none_is_no_verdict(world, settings):
    with fake_clamd("PONG") as address, pytest.raises(clamd.Unreachable):
        clamd.scan(Path(__file__), address)


def test_without_a_scanner_production_keeps_files_in_quarantine(world):
    Setting.objects.create(key="uploads-unscanned", value=0, effective_from="2026-01-01", basis="规定")
    assert bring(world, PDF).state == "quarantined"


def test_an_infected_roster_is_refused_and_not_kept(world, sign_in, settings, place):
    body = roster_file([row_of(employer_name=EICAR.decode())], kind="utf-8-sig")
    client, url = sign_in(world.officer), reverse("unions:import-new", args=["roster"])
    with fake_clamd() as settings.CLAMD_ADDRESS:
        assert client.post(url, {"file": SimpleUploadedFile("名册.csv", body)}).status_code == 422
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    assert client.post(url, {"file": SimpleUploadedFile("名册.csv", b"\xef\xbb\xbfa,b\n1,2")}).status_code == 422
    assert not ImportBatch.objects.exists() and on_disk(place) == []


# --- who may have it -------------------------------------------------------------------------------------------------


def test_a_chair_uploads_the_street_reads_and_a_stranger_finds_nothing(world, sign_in):
    url = reverse("unions:file-list", args=[world.factory.pk])
    client = sign_in(world.chair)
    response = client.post(
        url, {"file": SimpleUploadedFile("建会批复.pdf", PDF), "note": "京工发〔2026〕1 号"}, follow=True
    )
    assert "建会批复.pdf" in response.content.decode() and "京工发〔2026〕1 号" in response.content.decode()
    upload = Upload.objects.get()
    file = reverse("unions:file", args=[world.factory.pk, upload.pk])
    given = sign_in(world.reviewer).get(file)
    assert b"".join(given.streaming_content) == PDF
    assert (
        given.headers["Content-Disposition"].startswith("attachment")
        and given.headers["X-Content-Type-Options"] == "nosniff"
    )
    assert given.headers["Content-Security-Policy"].startswith("sandbox")
    assert sign_in(world.reviewer).post(url, {}).status_code == 403
    for address in (url, file):
        assert sign_in(world.stranger).get(address).status_code == 404
    other = reverse("unions:file", args=[world.hotel.pk, upload.pk])
    assert sign_in(world.reviewer).get(other).status_code == 404, "under another union's address it does not exist"


def test_programs_read_the_list_and_take_the_file_within_the_same_scope(world, sign_in, settings):
    upload, foreign = bring(world, PDF), bring(world, PDF, by=world.stranger, union=world.bank)
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    waiting = bring(world, PDF, "待查.pdf")
    client = sign_in(world.reviewer)
    listed = client.get("/api/v1/files/").json()["results"]
    assert {row["id"] for row in listed} == {upload.pk, waiting.pk}
    one = client.get(f"/api/v1/files/{upload.pk}/").json()
    assert (one["name"], one["sha256"], one["is_ready"], one["union"]["id"]) == (
        "批复.pdf", upload.sha256, True, world.factory.pk,
    )  # fmt: skip
    assert [row["id"] for row in client.get("/api/v1/files/", {"state": "clean"}).json()["results"]] == [upload.pk]
    assert client.get("/api/v1/files/", {"union": world.bank.pk}).status_code == 422
    given = client.get(f"/api/v1/files/{upload.pk}/content/")
    assert b"".join(given.streaming_content) == PDF
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["Content-Security-Policy"].startswith("sandbox")
    for pk in (foreign.pk, waiting.pk, 987654321):
        assert client.get(f"/api/v1/files/{pk}/content/").status_code == 404


def test_what_is_refused_is_said_beside_the_field(world, sign_in):
    url = reverse("unions:file-list", args=[world.factory.pk])
    response = sign_in(world.chair).post(url, {"file": SimpleUploadedFile("页.html", b"<html>")})
    assert response.status_code == 422 and "扩展名" in response.content.decode()


def test_a_file_is_removed_for_good_and_the_record_stays(world, sign_in, place, django_capture_on_commit_callbacks):
    upload = bring(world, PDF)
    url = reverse("unions:file-remove", args=[world.factory.pk, upload.pk])
    client = sign_in(world.chair)
    assert "批复.pdf" in client.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url)
    assert on_disk(place) == [] and not Upload.objects.exists()
    assert Event.objects.get(action="upload.remove").data["sha256"] == upload.sha256
    assert client.post(url).status_code == 404


def test_files_without_a_row_go_after_a_day(world, place):
    upload = bring(world, PDF)
    (place / "uploads" / "left-behind").write_bytes(b"x")
    assert uploads.remove_orphans() == 0
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert uploads.remove_orphans() == 1
    assert [path.name for path in on_disk(place)] == [upload.file.name.removeprefix("uploads/")]


def test_the_list_costs_the_same_with_one_file_and_with_twenty(world, sign_in, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, url = sign_in(world.chair), reverse("unions:file-list", args=[world.factory.pk])
    bring(world, PDF)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _n in range(19):
        bring(world, PDF)
    with CaptureQueriesContext(connection) as twenty:
        client.get(url)
    assert len(twenty) == len(one)
    assert default_storage.exists(Upload.objects.first().file.name) and Union.objects.exists()
