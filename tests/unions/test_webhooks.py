"""Webhooks: a day's counts go out once, signed, over TLS to public addresses alone, and name nobody."""

import datetime
import hashlib
import hmac
import ipaddress
import json
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.urls import reverse
from django.utils import timezone

from tests.factories.duties import make_duty, make_rule
from unions import clock, outbox, webhooks
from unions.enums import Audience, DeliveryState
from unions.kit import callout
from unions.models import Event, Webhook, WebhookPost

pytestmark = pytest.mark.usefixtures("own_rules_only")


class Robot(BaseHTTPRequestHandler):
    """A chat robot that keeps what it was sent and answers as told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        answer = self.server.answers.pop(0) if self.server.answers else (200, b'{"errcode": 0}')
        if answer is None:
            return  # hangs up without a word
        self.send_response(answer[0])
        if answer[0] == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(answer[1])

    def log_message(self, *args):
        pass


def certificate(folder):
    """One for localhost that only this test trusts."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now.replace(year=2100)).add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "robot.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def robot(tmp_path, monkeypatch, settings):
    """A robot on this machine, which the settings allow by name."""
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = HTTPServer(("127.0.0.1", 0), Robot)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.got, server.answers = [], []
    server.url = f"https://localhost:{server.server_port}/robot?key=k1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    settings.WEBHOOK_ALLOWED = [f"localhost:{server.server_port}"]
    yield server
    server.shutdown()
    server.server_close()


def hook_of(union, url="https://example.org/robot"):
    return Webhook.objects.create(union=union, url=url)


def a_post(hook, key="test:1", **values):
    before = timezone.now() - datetime.timedelta(minutes=1)
    return WebhookPost.objects.create(webhook=hook, key=key, body={"msgtype": "text"}, **{"not_before": before, **values})  # fmt: skip


@pytest.fixture
def reminded(world, time_machine):
    """A round in which 望京 is reminded of one duty and 建外 of an overdue one."""
    time_machine.move_to("2026-10-12T10:00:00+08:00", tick=False)
    assert world.chair and world.stranger
    rule = make_rule(first_period="2027Q1", ladder=[(0, Audience.FILLER, False), (1, Audience.FILLER, False)])
    make_duty(rule, world.factory, due=datetime.date(2026, 10, 12))
    make_duty(rule, world.bank, due=datetime.date(2026, 10, 10))
    return world


def test_the_days_counts_are_written_once_for_each_union_and_name_nobody(reminded):
    world = reminded
    hooks = {union: hook_of(union) for union in (world.district, world.wangjing, world.jianwai)}
    clock.run_round()
    clock.run_round(slot="again")
    counts = {post.webhook.union: post.body["counts"] for post in WebhookPost.objects.all()}
    assert counts[world.district] == {"reminded": 2, "overdue": 1}
    assert counts[world.wangjing] == {"reminded": 1, "overdue": 0}
    assert counts[world.jianwai] == {"reminded": 1, "overdue": 1}
    assert WebhookPost.objects.count() == 3
    written = json.dumps([post.body for post in WebhookPost.objects.all()], ensure_ascii=False)
    for person in (world.chair, world.stranger):
        assert person.name not in written and person.username not in written
    assert world.factory.name not in written
    assert "今日催报 2 项" in WebhookPost.objects.get(webhook=hooks[world.district]).body["text"]["content"]


def test_a_webhook_out_of_use_and_a_day_without_reminders_get_nothing(reminded):
    Webhook.objects.create(union=reminded.district, url="https://example.org/", is_active=False)
    clock.run_round()
    assert not WebhookPost.objects.exists()


def test_a_post_goes_out_once_and_is_signed(world, robot):
    hook = hook_of(world.district, robot.url)
    assert webhooks.test(hook, by=world.officer)
    assert not webhooks.test(hook, by=world.officer), "one test a minute"
    assert webhooks.send_due()["sent"] == 1
    assert webhooks.send_due()["sent"] == 0
    ((path, headers, body),) = robot.got
    assert path == "/robot?key=k1"
    signature = hmac.new(hook.secret.encode(), f"{headers['X-Niangjia-Timestamp']}.".encode() + body, hashlib.sha256)
    assert headers["X-Niangjia-Signature"] == f"sha256={signature.hexdigest()}"
    assert json.loads(body)["msgtype"] == "text"


@pytest.mark.parametrize(
    ("answer", "outcome", "state"),
    [
        ((200, b'{"errcode": 93000}'), "failed", DeliveryState.FAILED),
        ((500, b""), "failed", DeliveryState.FAILED),
        ((302, b""), "failed", DeliveryState.FAILED),
        (None, "unknown", DeliveryState.UNKNOWN),
    ],
)
def test_a_refusal_and_a_broken_line_are_not_repeated_by_themselves(world, robot, answer, outcome, state):
    post = a_post(hook_of(world.district, robot.url))
    robot.answers.append(answer)
    assert webhooks.send_due()[outcome] == 1
    assert sum(webhooks.send_due().values()) == 0
    post.refresh_from_db()
    assert (post.state, len(robot.got)) == (state, 1)
    assert outbox.resend(post, by=world.officer)
    assert webhooks.send_due()["sent"] == 1


def test_what_never_left_is_tried_again(world, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.WEBHOOK_ALLOWED = [f"localhost:{port}"]
    post = a_post(hook_of(world.district, f"https://localhost:{port}/"))
    assert webhooks.send_due()["retried"] == 1
    post.refresh_from_db()
    assert (post.state, post.attempts) == (DeliveryState.WAITING, 1)
    assert post.not_before > timezone.now()


def test_a_certificate_of_somebody_else_is_not_trusted(world, robot, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    a_post(hook_of(world.district, robot.url))
    assert webhooks.send_due()["retried"] == 1
    assert robot.got == []


def test_a_sender_that_died_leaves_it_unknown(world):
    post = a_post(hook_of(world.district))
    assert outbox.claim(timezone.now(), WebhookPost) == post
    assert sum(webhooks.send_due().values()) == 0
    WebhookPost.objects.update(claimed_at=timezone.now() - outbox.LEASE - datetime.timedelta(seconds=1))
    assert webhooks.send_due()["unknown"] == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_of_private_networks_are_never_called(address):
    assert not callout.is_public(address)


def test_public_addresses_are_called():
    assert callout.is_public("1.1.1.1") and callout.is_public("2606:4700:4700::1111")


def test_a_name_with_one_private_address_is_refused_and_the_address_looked_at_is_the_one_called(monkeypatch):
    answers = [[(2, 1, 6, "", ("1.1.1.1", 443)), (2, 1, 6, "", ("10.0.0.1", 443))], [(2, 1, 6, "", ("1.1.1.1", 443))]]
    called = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: answers.pop(0))

    def connect(address, timeout):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    for _number in range(2):
        with pytest.raises(callout.NotSent):
            callout.post("https://robot.example/", b"{}", {})
    assert called == [("1.1.1.1", 443)]


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "https://u:p@example.org/", "https://example.org:8443/", "https:///x", "https://127.0.0.1/", "https://[::1]/", "ftp://x/", "https://x:99999/"],
)  # fmt: skip
def test_an_address_that_may_not_be_called_is_refused_at_its_field(world, sign_in, url):
    response = sign_in(world.officer).post(reverse("unions:webhook-add"), {"union": world.district.pk, "url": url})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["url"]


def test_the_district_enters_tests_renews_and_removes_and_the_secret_is_shown_once(world, sign_in, robot):
    client = sign_in(world.officer)
    given = {"union": world.wangjing.pk, "url": robot.url, "is_active": "on"}
    page = client.post(reverse("unions:webhook-add"), given)
    hook = Webhook.objects.get()
    assert hook.secret in page.content.decode()
    address = reverse("unions:webhook", args=[hook.pk])
    assert hook.secret not in client.get(address).content.decode()
    assert client.post(reverse("unions:webhook-add"), given).status_code == 422, "one address a union"
    assert client.post(reverse("unions:webhook-test", args=[hook.pk])).status_code == 302
    assert webhooks.send_due()["sent"] == 1
    old, renew = hook.secret, reverse("unions:webhook-secret", args=[hook.pk])
    assert client.get(renew).status_code == 200
    new = client.post(renew).content.decode()
    hook.refresh_from_db()
    assert hook.secret in new and old not in new
    assert client.post(address, {"url": robot.url}).status_code == 302
    assert not Webhook.objects.get().is_active
    remove = reverse("unions:webhook-remove", args=[hook.pk])
    assert client.get(remove).status_code == 200
    assert client.post(remove).status_code == 302
    assert not Webhook.objects.exists()
    acts = list(Event.objects.filter(action__startswith="webhook.").order_by("pk").values_list("action", "union"))
    made = ["webhook.add", "webhook.test", "webhook.secret", "webhook.edit", "webhook.remove"]
    assert list(dict.fromkeys(act for act, _union in acts)) == made
    assert "key=k1" not in json.dumps(list(Event.objects.values_list("data", flat=True))), "the path is a key"


def test_nobody_but_the_district_sees_or_sets_them(world, sign_in):
    address = reverse("unions:webhook", args=[hook_of(world.wangjing).pk])
    for user in (world.leader, world.street_chair, world.stranger):
        client = sign_in(user)
        assert [client.get(reverse("unions:webhook-list")).status_code, client.get(address).status_code] == [403, 403]


def test_what_did_not_arrive_is_on_the_page_of_runs_and_sent_again_by_a_person(world, sign_in):
    post = a_post(hook_of(world.wangjing), state=DeliveryState.UNKNOWN, error="no answer")
    page = sign_in(world.leader).get(reverse("unions:run-list"))
    assert list(page.context["posts"]) == [post]
    assert sign_in(world.officer).post(reverse("unions:post-resend", args=[post.pk])).status_code == 302
    post.refresh_from_db()
    assert post.state == DeliveryState.WAITING
