from disclosure.models import Form, FormRule, Indicator
from disclosure.seeds import seed
from unions.enums import Tier
from unions.models import DutyRule, ReminderStep


def test_a_new_portal_has_both_forms_with_their_duties(db):
    filed, summary = Form.objects.get(code="quarterly-return"), Form.objects.get(code="quarterly-summary")
    assert set(filed.rule.kinds) == {kind.value for kind in Tier.GRASSROOTS.kinds}
    assert set(summary.rule.kinds) == {kind.value for kind in Tier.MIDDLE.kinds}
    assert summary.summed_from == filed
    assert (filed.rule.due_after, summary.rule.due_after) == (10, 15)
    codes = [list(form.version_for("2026Q3").indicators.values_list("code", flat=True)) for form in (filed, summary)]
    assert codes[0] == codes[1] and len(codes[0]) == 22


def test_seeding_again_changes_nothing(db):
    DutyRule.objects.filter(key="quarterly-return").update(due_after=15)
    before = [model.objects.count() for model in (DutyRule, ReminderStep, Form, Indicator, FormRule)]
    seed()
    assert [model.objects.count() for model in (DutyRule, ReminderStep, Form, Indicator, FormRule)] == before
    assert DutyRule.objects.get(key="quarterly-return").due_after == 15, "what the district set stays"
