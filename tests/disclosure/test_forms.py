import pytest
from django.urls import reverse

from disclosure import versions
from disclosure.models import Form, FormVersion
from tests.factories.disclosure import PERIOD, duty_of
from unions.workflow import Invalid, MoveError


@pytest.fixture
def form(db):
    return Form.objects.get(code="quarterly-return")


def draft_of(form, by):
    return versions.copy_version(form.version_for(PERIOD), by=by)


def test_a_new_version_is_copied_edited_and_published_for_a_period_not_yet_open(world, form, sign_in):
    duty_of(world.factory)
    client, old = sign_in(world.officer), form.version_for(PERIOD)
    answer = client.post(reverse("disclosure:version-copy", args=[old.pk]))
    draft = form.versions.get(published_at=None)
    assert answer.url == reverse("disclosure:version", args=[draft.pk])
    assert draft.indicators.count() == old.indicators.count() and draft.rules.count() == old.rules.count()
    section = draft.sections.last()
    given = {
        "section": section.pk,
        "code": "trained",
        "name_zh": "参加培训",
        "name_en": "Trained",
        "unit_zh": "人次",
        "unit_en": "",
        "type": "count",
        "source": "typed",
        "source_expression": "",
        "adds_up": "sum",
        "is_required": "on",
    }
    assert client.post(reverse("disclosure:indicator-add", args=[draft.pk]), given).status_code == 302
    check = {
        "code": "trained_some",
        "severity": "info",
        "condition": "trained <= workers * 2",
        "message_zh": "培训{trained}人次",
        "message_en": "{trained}",
        "field": "trained",
        "basis": "",
    }
    assert client.post(reverse("disclosure:check-add", args=[draft.pk]), check).status_code == 302
    client.post(reverse("disclosure:version-publish", args=[draft.pk]), {"first_period": "2026Q3", "note": "增加培训"})
    draft.refresh_from_db()
    assert draft.published_at is None, "that period is open already"
    client.post(reverse("disclosure:version-publish", args=[draft.pk]), {"first_period": "2026Q4", "note": "增加培训"})
    assert form.version_for("2026Q4") == draft and form.version_for("2026Q3") == old
    summary = Form.objects.get(code="quarterly-summary").version_for("2026Q4")
    assert summary.indicators.get(code="trained").source == "computed", "the summary follows"
    assert summary.rules.count() == 2


@pytest.mark.parametrize(
    ("condition", "field"),
    [("womn <= workers", "condition"), ("workers.__class__", "condition"), ("workers <=", "condition")],
)
def test_a_check_that_cannot_be_read_is_refused_at_its_field(world, form, sign_in, condition, field):
    draft = draft_of(form, world.officer)
    given = {
        "code": "x1",
        "severity": "error",
        "condition": condition,
        "message_zh": "不对",
        "message_en": "wrong",
        "field": "workers",
        "basis": "",
    }
    answer = sign_in(world.officer).post(reverse("disclosure:check-add", args=[draft.pk]), given)
    assert answer.status_code == 422 and field in answer.context["form"].errors


def test_a_published_version_is_never_changed(world, form, sign_in):
    client, published = sign_in(world.officer), form.version_for(PERIOD)
    indicator = published.indicators.first()
    for url in (
        reverse("disclosure:indicator-edit", args=[published.pk, indicator.pk]),
        reverse("disclosure:check-add", args=[published.pk]),
        reverse("disclosure:version-discard", args=[published.pk]),
        reverse("disclosure:version", args=[published.pk]),
    ):
        assert client.post(url, {"delete": "1", "name_zh": "x", "name_en": "x"}).status_code == 409, url
    assert FormVersion.objects.filter(pk=published.pk).exists()


def test_a_figure_taken_from_nowhere_stands_against_publishing(world, form):
    draft = draft_of(form, world.officer)
    draft.indicators.filter(code="members").update(source_expression="members_begin + joind")
    with pytest.raises(Invalid):
        versions.publish_version(draft, by=world.officer, first_period="2030Q1", note="")
    draft.indicators.filter(code="members").update(source_expression="members_begin + joined - left")
    assert versions.publish_version(draft, by=world.officer, first_period="2030Q1", note="").published_at
    with pytest.raises(MoveError):
        versions.publish_version(draft, by=world.officer, first_period="2031Q1", note="")


def test_a_form_has_one_draft_and_it_can_be_thrown_away(world, form):
    draft = draft_of(form, world.officer)
    assert draft_of(form, world.officer) == draft
    versions.discard_version(draft, by=world.officer)
    assert not form.versions.filter(published_at=None).exists()


@pytest.mark.parametrize("who", ["leader", "street_chair", "chair", "reviewer"])
def test_only_whoever_edits_rules_sees_the_editor(world, form, sign_in, who):
    assert sign_in(getattr(world, who)).get(reverse("disclosure:form-list")).status_code == 403


def test_the_pages_of_forms_open(world, form, sign_in):
    client, draft = sign_in(world.officer), draft_of(form, world.officer)
    for url in (
        reverse("disclosure:form-list"),
        reverse("disclosure:version", args=[draft.pk]),
        reverse("disclosure:version", args=[form.version_for(PERIOD).pk]),
        reverse("disclosure:indicator-add", args=[draft.pk]),
        reverse("disclosure:check-edit", args=[draft.pk, draft.rules.first().pk]),
    ):
        assert client.get(url).status_code == 200, url
