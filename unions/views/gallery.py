"""Every component in its states, on one page: to look at before making markup, and for the browser tests."""

import datetime
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from unions.calendar import WorkCalendar
from unions.enums import DutyState, JobState, Timeliness, UnionKind, UnionState
from unions.kit.forms import AttachmentInput
from unions.kit.http import any_account
from unions.kit.periods import Period
from unions.models import Duty, Job, Union

NAMES = (
    "北京瑞丰同创科技有限公司工会委员会",
    "北京市朝阳区望京街道大西洋新城社区商务楼宇餐饮服务行业工会联合会第二届委员会",
    "望京宾馆工会",
)
WORDS = "望京街道总工会"


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Union name"), max_length=20)
    kind = forms.ChoiceField(label=_("Kind of union"), choices=UnionKind.choices)
    members = forms.IntegerField(label=_("Members"), min_value=0, help_text=_("Written as on the roster."))
    day = forms.DateField(label=_("Founded on"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(
        label=_("File"), widget=AttachmentInput, required=False, help_text=_("Choose a file, or drop it here.")
    )
    sign = forms.BooleanField(label=_("Sign put up"), required=False)


def sample_duties() -> list[Duty]:
    """Duties that are not stored, one for each thing the due tag can say."""
    today = timezone.localdate()
    days = [(-9, DutyState.OPEN), (0, DutyState.OPEN), (3, DutyState.RETURNED), (40, DutyState.OPEN)]
    days += [(5, DutyState.SUBMITTED), (5, DutyState.FULFILLED), (5, DutyState.WAIVED)]
    return [Duty(state=state, last_day=today + datetime.timedelta(days=left), due_on=today) for left, state in days]


def sample_rows() -> list[dict]:
    states = (UnionState.ACTIVE, UnionState.MERGED, UnionState.DISSOLVED)
    unions = [Union(name=name, state=state, code="1101050260001") for name, state in zip(NAMES, states, strict=True)]
    return [
        {"union": union, "members": members, "was": was}
        for union, members, was in zip(unions, (1204, 242, None), (1180, 242, 9), strict=True)
    ]


@any_account
@require_GET
def gallery(request):
    quarters = Period(2026, 3).last(8)
    context = {
        "form": SampleForm(auto_id="empty_%s"), "bad_form": SampleForm({"members": "-3"}, auto_id="bad_%s"),
        "duties": sample_duties(), "calendar": WorkCalendar(), "rows": sample_rows(), "words": WORDS,
        "timeliness": [Duty(timeliness=value) for value in Timeliness.values],
        "jobs": [Job(state=value) for value in JobState.values],
        "heat": [None, 0.61, 0.78, 0.88, 0.94, 1.0],
        "amounts": [("2025", [118545, 101446]), ("2026", [None, 111700])],
        "names": [_("Income"), _("Expenditure")],
        "points": [(period.short, value) for period, value in zip(quarters, (870, 874, 861, 880, 893, 899, 912, 921), strict=True)],
        "page": Paginator(range(120), 50).page(2), "long_name": NAMES[1],
        "tones": ["ok", "warn", "bad", "info", "mute"],
        "levels": ["success", "info", "warning", "error"],
        "facts": SimpleNamespace(day=timezone.localdate(), at=timezone.now(), period="2026Q3", phone="13800135678"),
    }  # fmt: skip
    return render(request, "components/gallery.html", context)
