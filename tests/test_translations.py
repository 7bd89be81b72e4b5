"""The catalogue is complete, and the Chinese an official reads is Chinese."""

import json
import re
from datetime import date
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import ngettext, trans_real

from disclosure.enums import AnnualState, ReturnState
from unions.enums import DutyState
from unions.kit.periods import Period
from unions.management.commands import messages
from unions.templatetags.components import full_day, ten_thousands

# Words that an official reads as they stand: names of formats, of a language, and sizes.
SAME_IN_BOTH = {"English", "API", "1000", "%(done)s of %(total)s"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def catalogue(tmp_path, monkeypatch, settings):
    """A project of one source folder with its own catalogue, to try the command on."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "unions").mkdir()
    monkeypatch.setattr(messages, "SOURCES", ("unions",))
    monkeypatch.setattr(messages, "FOLDER", tmp_path / "locale")
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "locale" / "django.po")
    monkeypatch.setattr(messages, "COMPILED", tmp_path / "locale" / "django.mo")
    return tmp_path


def say(folder: Path, text: str, name: str = "page.html") -> None:
    (folder / "unions" / name).write_text(text, "utf-8")


def fill(folder: Path, translations: dict) -> None:
    (folder / "fill.json").write_text(json.dumps(translations), "utf-8")
    call_command("messages", fill=str(folder / "fill.json"))


def test_nothing_is_missing_fuzzy_obsolete_or_short_of_a_placeholder():
    assert messages.problems() == []


def test_every_translation_is_in_chinese():
    foreign = [
        entry.msgid
        for entry in messages.read()
        if re.search("[A-Za-z]{2}", messages.PLACEHOLDER.sub("", entry.msgid))
        and messages.translated(entry)
        and entry.msgid not in SAME_IN_BOTH
        and not CHINESE.search(entry.msgstr or entry.msgstr_plural.get(0, ""))
    ]
    assert foreign == []


@pytest.mark.parametrize("states", [DutyState, ReturnState, AnnualState])
def test_what_came_back_is_called_so_whatever_else_is_returned(states):
    """Ballots are returned, too; the word of one may not become that of the other."""
    with translation.override("zh-hans"):
        assert str(states.RETURNED.label) == "已退回"


def test_every_message_in_the_sources_is_in_english():
    """A Chinese example in it is fine: “(瑞丰 → RF)”."""
    foreign = [m for m in messages.extracted() if len(CHINESE.findall(m)) * 2 > len(re.findall("[A-Za-z]", m))]
    assert foreign == []


def test_the_catalogue_names_no_line_and_no_folder_of_a_machine():
    text = messages.CATALOGUE.read_text("utf-8")
    assert not re.search(r"^#: (/|.*:\d)", text, re.MULTILINE)
    assert "POT-Creation-Date" not in text


def test_messages_of_templates_and_python_are_found_with_plurals_and_contexts(catalogue):
    say(
        catalogue,
        "  {% if x %}\n{% card _('Card') %}{% trans 'Word' %} {{ y|default:_('None') }}{% endif %}\n{# not #}",
    )
    say(catalogue, "{% blocktrans count n=n %}{{ n }} duty{% plural %}{{ n }} duties{% endblocktrans %}", "mail.txt")
    say(catalogue, "a = pgettext('verb', 'File')\nb = ngettext_lazy('%d row', '%d rows', 'n')", "code.py")
    say(catalogue, "Print('Nothing')", "notes.md")
    found = messages.extracted()
    assert sorted(found) == ["%(n)s duty", "%d row", "Card", "None", "Word", "verb\u0004File"]
    assert found["%d row"].msgid_plural == "%d rows"
    assert found["%(n)s duty"].msgid_plural == "%(n)s duties"


def test_filling_keeps_what_was_there_and_drops_what_the_sources_lost(catalogue, capsys):
    say(catalogue, "{% trans 'One' %}{% trans 'Two' %}")
    fill(catalogue, {"One": "一"})
    say(catalogue, "{% trans 'One' %}{% trans 'Three' %}")
    fill(catalogue, {"Three": "三", "Two": "二"})
    stored = {entry.msgid: entry.msgstr for entry in polib.pofile(str(messages.CATALOGUE))}
    assert stored == {"One": "一", "Three": "三"}
    assert "not in the sources: 'Two'" in capsys.readouterr().err


def test_missing_prints_what_can_be_filled_in_and_handed_back(catalogue, capsys):
    say(catalogue, "a = pgettext('verb', 'File')", "code.py")
    call_command("messages", missing=True)
    assert json.loads(capsys.readouterr().out) == {"verb\u0004File": ""}


@pytest.mark.parametrize(
    ("chinese", "problem"),
    [
        ("", "missing: '%(n)s duties left'"),
        ("还剩 %s 项", "placeholders differ: '%(n)s duties left'"),
        ("还剩%(n)s项", ""),
    ],
)
def test_the_check_fails_on_a_missing_text_and_on_a_lost_placeholder(catalogue, capsys, chinese, problem):
    say(catalogue, "_('%(n)s duties left')", "code.py")
    fill(catalogue, {"%(n)s duties left": chinese})
    if not problem:
        call_command("messages", check=True)
        return
    with pytest.raises(CommandError):
        call_command("messages", check=True)
    assert problem in capsys.readouterr().err


def test_the_check_fails_on_a_text_nobody_says_any_more_and_on_a_fuzzy_one(catalogue):
    say(catalogue, "_('One')", "code.py")
    fill(catalogue, {"One": "一"})
    stored = messages.read()
    stored.append(polib.POEntry(msgid="Two", msgstr="二"))
    stored[0].flags.append("fuzzy")
    messages.write(stored)
    assert messages.problems() == ["fuzzy: 'One'", "obsolete: 'Two'"]


def test_the_compiled_catalogue_speaks(catalogue):
    say(catalogue, "_('One')\nngettext('%d row', '%d rows', 2)", "code.py")
    fill(catalogue, {"One": "一", "%d row": "%d 行"})
    messages.compile_catalogue()
    compiled = polib.mofile(str(messages.COMPILED))
    assert {entry.msgid: entry.msgstr or entry.msgstr_plural[0] for entry in compiled} == {
        "One": "一",
        "%d row": "%d 行",
    }


def test_quarters_days_and_large_counts_are_written_as_officials_write_them():
    with translation.override("zh-hans"):
        assert Period(2026, 3).label == "2026年第三季度"
        assert Period(2026).label == "2026年度"
        assert full_day(date(2025, 7, 4)) == "2025年7月4日"
        assert ten_thousands(772_345) == "77.2 万"
    with translation.override("en"):
        assert Period(2026, 3).label == "third quarter of 2026"
        assert ten_thousands(772_345) == "772.3 k"
        assert ngettext("%d row", "%d rows", 1) == "%d row"


def test_what_was_just_compiled_is_read_by_the_process_that_compiled_it(monkeypatch, tmp_path):
    """A first start compiles the texts and makes the demo district in one go."""
    with translation.override("zh-hans"):
        assert translation.gettext("Meetings") == "会议"
        before = dict(trans_real._translations)
        monkeypatch.setattr(messages, "COMPILED", tmp_path / "django.mo")
        messages.compile_catalogue()
        assert before and not trans_real._translations
