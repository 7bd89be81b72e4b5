"""What must hold of the whole code, whoever writes the next part."""

import ast
import hashlib
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection, models
from django.template.loader import get_template

from tests.access import patterns
from unions.kit.http import declared
from unions.scoping import ScopedQuerySet

ROOT = Path(settings.BASE_DIR)
APPS = ("config", "evaluation", "disclosure", "assemblies", "cadres", "unions")
LONGEST_FILE, LONGEST_FUNCTION = 600, 60
HTMX = "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"
# Search engines look for them under these very names.
FOR_ENGINES = {"robots.txt", "sitemap.xml", "sitemap-<slug:section>.xml"}
NAMED = re.compile(r"""["']([\w/-]+\.(?:html|txt))["']""")


@cache
def tracked() -> list[Path]:
    """Files that git knows, and new ones it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def sources(*suffixes: str, tests: bool = False) -> list[Path]:
    folders = (*APPS, "templates", *(["tests", "benchmarks"] if tests else []))
    return [path for path in tracked() if path.suffix in suffixes and path.relative_to(ROOT).parts[0] in folders]


def python(tests: bool = False) -> list[Path]:
    return [path for path in sources(".py", tests=tests) if "migrations" not in path.parts]


def found(pattern: str, paths: list[Path], flags: int = 0) -> list[str]:
    """Where a pattern stands: file, line and text."""
    places = []
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if re.search(pattern, line, flags):
                places.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return places


def template_names() -> set[str]:
    folders = [folder for folder in ROOT.glob("**/templates") if ".venv" not in folder.parts]
    return {
        path.relative_to(folder).as_posix()
        for folder in folders
        for path in sources(".html", ".txt")
        if folder in path.parents
    }


def test_no_file_and_no_function_is_too_long():
    long = []
    for path in python(tests=True):
        text = path.read_text("utf-8")
        if text.count("\n") > LONGEST_FILE:
            long.append(f"{path.relative_to(ROOT)} has {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= LONGEST_FUNCTION:
                long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert long == []


def test_every_template_is_used_and_every_named_template_is_there():
    names = template_names()
    mentioned = {name for path in [*sources(".html", ".txt"), *python()] for name in NAMED.findall(path.read_text())}
    prefixes = {name for path in python() for name in re.findall(r'f"([\w/-]+/)\{', path.read_text("utf-8"))}
    by_convention = {name for name in names if name.startswith("django/")}  # Django asks for them itself
    unused = {n for n in names - mentioned - by_convention if not any(n.startswith(p) for p in prefixes)}
    assert unused == set()
    in_templates = {name for path in sources(".html", ".txt") for name in NAMED.findall(path.read_text("utf-8"))}
    libraries = {"django", "unions", "registration", "admin"}
    missing = {n for n in in_templates - names if n.split("/")[0] not in libraries or n.startswith("unions/")}
    assert missing == set()


def test_every_template_compiles():
    for name in sorted(template_names()):
        if name.endswith(".html"):
            get_template(name)


def test_templates_carry_no_script_and_no_style_of_their_own():
    """The content security policy would refuse them on the page; here it is said at which line."""
    pages = sources(".html")
    assert found(r"\sstyle\s*=", pages) == []
    assert found(r"<style\b", pages) == []
    assert found(r"<script\b(?![^>]*\bsrc=)", pages) == []
    assert found(r"""\son[a-z]+\s*=\s*["']""", pages) == []
    assert found(r"javascript:", pages) == []
    assert found(r"https?://(?!www\.w3\.org/)", pages) == [], "nothing comes from elsewhere"


def test_nothing_is_declared_safe_by_hand():
    assert (
        found(r"\bmark_safe\b|\bSafeString\((?!\))|\|\s*safe\b|autoescape off", [*python(), *sources(".html")]) == []
    )


def test_every_view_names_its_permission_or_that_it_is_public():
    assert [name for name, pattern in patterns() if not declared(pattern.callback)] == []


def test_names_of_addresses_and_paths_have_one_form():
    for name, pattern in patterns():
        assert re.fullmatch(r"([a-z]+:)?[a-z]+(-[a-z]+)*", name), name
        path = str(pattern.pattern).lstrip("^").rstrip("$").removesuffix("\\Z")
        assert path in ("", "healthz") or path.endswith("/") or path in FOR_ENGINES, path


@pytest.mark.django_db
def test_every_record_of_a_union_has_its_middle_filled_by_trigger():
    """Whoever is read through the scope must carry `middle`; for rows of a union the database fills it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid")
        triggers = cursor.fetchall()
    without = []
    for model in apps.get_models():
        if not isinstance(model._default_manager.get_queryset(), ScopedQuerySet):
            continue
        if model._meta.model_name in ("union", "total", "dutytotal"):  # their own trigger, and rows of SQL sums
            continue
        table = model._meta.db_table
        if not any(relation == table and "fill_middle" in name for relation, name in triggers):
            without.append(model._meta.label)
    assert without == []


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in APPS]


def test_fields_are_called_as_what_they_hold():
    """`*_at` is a moment, `*_on` a day, `*_by` an account, `is_*` and `has_*` yes or no."""
    wrong = []
    for model in own_models():
        for field in model._meta.local_fields:
            name, kind = field.name, type(field)
            expected = (
                models.DateTimeField if name.endswith("_at")
                else models.DateField if name.endswith("_on")
                else models.ForeignKey if name.endswith("_by")
                else models.BooleanField if name.startswith(("is_", "has_"))
                else models.Field
            )  # fmt: skip
            if not issubclass(kind, expected):
                wrong.append(f"{model._meta.label}.{name} is a {kind.__name__}")
    assert wrong == []


def test_states_are_closed_lists_in_the_database_too():
    """A `state` has choices and a check constraint: raw SQL cannot invent another."""
    open_lists = []
    for model in own_models():
        names = {field.name for field in model._meta.local_fields}
        if "state" in names and model._meta.label not in ("unions.Run",):
            checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
            known = any("state" in str(check.condition) and check.name.endswith("_known") for check in checks)
            if not model._meta.get_field("state").choices or not known:
                open_lists.append(model._meta.label)
    assert open_lists in ([], ["unions.Union"])


def test_foreign_keys_point_down_only():
    floors = {name: height for height, name in enumerate(reversed(APPS))}
    up = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in own_models()
        for field in model._meta.local_fields
        if field.is_relation
        and field.related_model._meta.app_label in floors
        and floors[field.related_model._meta.app_label] > floors[model._meta.app_label]
    ]
    assert up == []


def test_everything_the_clock_starts_is_a_task():
    import config.celery

    config.celery.app.loader.import_default_modules()
    scheduled = [entry["task"] for entry in config.celery.app.conf.beat_schedule.values()]
    assert scheduled, "the clock has nothing to do"
    assert [name for name in scheduled if name not in current_app.tasks] == []


def test_htmx_is_the_one_we_know():
    content = Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes()
    assert hashlib.sha256(content).hexdigest() == HTMX


def test_nothing_of_a_machine_and_nothing_of_others_is_committed():
    own = [
        path for path in tracked() if path.suffix in {".py", ".md", ".html", ".toml", ".txt", ".po", ".css", ".js", ""}
    ]
    # Home folders, this checkout's own place, and pins that name where they were fetched from.
    hosts = rf"/home/[a-z]|/Users/|{re.escape(str(ROOT))}\b|--(extra-)?index-url"
    texts = [path for path in own if path.name != Path(__file__).name and path.stat().st_size < 2_000_000]
    assert found(hosts, [path for path in texts if is_text(path)]) == []
    assert found(r"://", [path for path in own if path.name.startswith("requirements")]) == []
    assert [
        path for path in tracked() if "node_modules" in path.parts or path.name.endswith((".min.js", ".min.css"))
    ] == []


def is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()[:1024]


def test_nothing_is_left_for_later():
    # Put together here, so that this file does not find itself.
    words = "|".join(("TO" + "DO", "FIX" + "ME", "breakpoint" + r"\(\)", "import " + "pdb"))
    assert found(rf"\b({words})", [*python(tests=True), *sources(".html", ".js", ".css")]) == []


def test_templates_say_nothing_to_people_outside_the_catalogue():
    """Chinese text in a template is either in the catalogue (and so English in the source) or a name."""
    # Shown when nothing else works, in both languages.
    allowed = {"templates/problems/broken.html", "templates/problems/out_of_reach.html"}
    names = {"中文", "娘"}
    bare = []
    for path in sources(".html"):
        if path.relative_to(ROOT).as_posix() in allowed:
            continue
        text = path.read_text("utf-8")
        text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}|{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
        for word in re.findall(r"[\u4e00-\u9fff]+", text):
            if word not in names:
                bare.append(f"{path.relative_to(ROOT)}: {word}")
    assert bare == []


def test_the_documents_name_what_is_there():
    """Each requirement has its row, and what a document points to exists."""
    requirements = (ROOT / "docs" / "requirements.md").read_text("utf-8")
    ids = {*(f"R{n:02d}" for n in range(1, 36)), *(f"C{n}" for n in range(1, 8))}
    assert ids == set(re.findall(r"^\| ([RC]\d+) \|", requirements, re.MULTILINE))
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert set(re.findall(r"(test_\w+\.py)", requirements)) - tests == set()
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        text = page.read_text("utf-8")
        for link in re.findall(r"\]\(((?!https?:)[^)#]+)\)", text):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
        for named in re.findall(
            r"`((?:unions|disclosure|config|tests|docs|locale|benchmarks)/(?!test_)[\w/.-]+)`", text
        ):
            assert (ROOT / named).exists(), f"{page.name}: {named}"
