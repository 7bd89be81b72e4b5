"""A scanner that attacks what a signed-in person of each tier can reach, over loopback, for a bounded time."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.faults.portal import CSRF, ROOT, running

pytestmark = pytest.mark.faults
PINS, FOLDER = ROOT / "requirements-scanner.txt", ROOT / ".run" / "scanner"
# Those that ask a server on the internet whether it was reached (ssrf, xxe, log4shell) are left out: loopback only.
MODULES = "sql,xss,permanentxss,csrf,exec,file,upload,redirect,crlf,csp,cookieflags,http_headers,methods"
CRAWL_SECONDS, MODULE_SECONDS = 25, 4
MEDIUM = 2
# What would end the scanner's own session, or its account's.
LEFT_OUT = ["/sign-out/", "/sign-in/*", "/password/", "/sessions/*", "/factors/*", "/prove/*", "/accounts/*", "*/people/*", "/static/*"]  # fmt: skip


@pytest.fixture(scope="module")
def wapiti():
    """Its pinned packages in an environment of their own, made once and again whenever the pins changed."""
    if sys.version_info >= (3, 13):
        pytest.skip("this release of wapiti wants Python 3.12 or older")
    python, stamp = FOLDER / "bin" / "python", FOLDER / "pins"
    if not stamp.exists() or stamp.read_text() != PINS.read_text():
        shutil.rmtree(FOLDER, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
        quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
        subprocess.run(
            [python, "-m", "pip", "install", *quiet, "--require-hashes", "--no-deps", "-r", PINS], check=True
        )
        stamp.write_text(PINS.read_text())
    return FOLDER / "bin" / "wapiti"


@pytest.fixture(scope="module")
def target():
    """A portal of its own: the scanner presses every button that it finds."""
    with running(300) as portal:
        yield portal


@pytest.mark.parametrize("person", ["staff", "street", "chair"])
def test_the_scanner_finds_nothing_of_weight(target, wapiti, person, tmp_path, record):
    key, report = target.inside("session", person), tmp_path / "report.json"
    left_out = [part for path in LEFT_OUT for part in ("--exclude", f"{target.address}{path}")]
    command = [
        wapiti, "--url", f"{target.address}/", "--scope", "folder", "--module", MODULES, "--cookie-value", f"session={key}; csrf={CSRF}",
        *left_out, "--max-scan-time", CRAWL_SECONDS, "--max-attack-time", MODULE_SECONDS, "--max-files-per-dir", 12, "--depth", 5,
        "--tasks", 4, "--flush-session", "--no-bugreport", "--store-session", tmp_path, "--store-config", tmp_path / "config",
        "--format", "json", "--output", report, "--verbose", 0, "--endpoint", target.address,
    ]  # fmt: skip
    limit = 2 * (CRAWL_SECONDS + MODULE_SECONDS * len(MODULES.split(","))) + 30
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=limit)
    assert report.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    found = json.loads(report.read_text())
    pages = found["infos"]["crawled_pages_nbr"]
    ones = [
        (kind, one) for part in ("vulnerabilities", "anomalies") for kind in found[part] for one in found[part][kind]
    ]
    weighty = [f"{kind}: {one['method']} {one['path']} {one['info']}" for kind, one in ones if one["level"] >= MEDIUM]
    light = sorted({kind for kind, one in ones if one["level"] < MEDIUM})
    record(pages=pages, weighty=len(weighty), light=", ".join(light))
    assert not weighty, "\n".join(sorted(weighty)[:10])
    assert pages > 50, "the scanner was not let in"
    assert target.ask("GET", "/", session=key).status == 200, "the scanner was signed out on its way"
