"""Forms about meetings: the plan as it is proposed, day and place, a step with what it demands, a point of the agenda."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assemblies import attendees
from assemblies.agendas import Point
from assemblies.duties import missed_years
from assemblies.enums import AgendaKind, Manner
from assemblies.meeting_moves import notice_days
from assemblies.meetings import Plan
from assemblies.models import AgendaItem, Meeting
from assemblies.models.meetings import YEARLY
from assemblies.reckoning import RECKON, years_for
from unions.forms_duties import day_input
from unions.workflow import Transition

HOUR = datetime.time(14, 0)
NUMBERED = ("approve", "record_approval", "confirm", "record_results")


def time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class _WhenAndWhere(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    day = forms.DateField(label=_("Day"), widget=day_input())
    hour = forms.TimeField(label=_("Begins at"), widget=time_input())
    place = forms.CharField(label=_("Place"), max_length=120)
    manner = forms.ChoiceField(label=_("Form of the meeting"), choices=Manner.choices)

    def offer_years(self, missed: list[int], initial: int | None = None) -> None:
        """Where an assembly of a year gone by is still owed: whether this one makes up for it."""
        if not missed:
            return
        late = [
            (year, _("the year %(year)d, which is overdue: it counts as late") % {"year": year}) for year in missed
        ]
        self.fields["makes_up_for"] = forms.TypedChoiceField(
            label=_("Counts for"), coerce=int, empty_value=None, required=False, initial=initial or "",
            choices=[("", _("the year in which it is held")), *late],
            help_text=_("For one year only. A late one counts once the tier above has approved its results."),
        )  # fmt: skip

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day

    def clean(self):
        data = super().clean()
        if (late := data.get("makes_up_for")) and (day := data.get("day")) and day.year <= late:
            self.add_error("makes_up_for", _("An assembly makes up for a year that was over before it is held."))
        return data

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        begins = timezone.make_aware(datetime.datetime.combine(given["day"], given["hour"]))
        return {
            "title": given["title"], "held_on": given["day"], "begins_at": begins, "place": given["place"],
            "manner": given["manner"], **({"makes_up_for": given["makes_up_for"]} if "makes_up_for" in self.fields else {}),
        }  # fmt: skip


class PlanForm(_WhenAndWhere):
    """Everything proposed; what is not wanted is unticked or written over."""

    def __init__(self, *args, plan: Plan, makes_up_for: int | None = None, **kwargs):
        initial = {
            "title": plan.title,
            "day": plan.held_on,
            "hour": HOUR,
            "place": plan.place,
            "manner": Manner.ON_SITE,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.plan = plan
        self.offer_years(plan.missed, makes_up_for)
        if plan.offers:
            offers = [(key, f"{label}（{count}）") for key, label, count in plan.offers]
            self.fields["source"] = forms.ChoiceField(
                label=_("Who is due"),
                required=False,
                initial=offers[0][0],
                choices=[*offers, ("", _("I bring a list later"))],
            )
        self.fields["agenda"] = forms.MultipleChoiceField(
            label=_("Agenda"), widget=forms.CheckboxSelectMultiple, required=False,
            choices=[(str(index), point.title) for index, point in enumerate(plan.points)],
            initial=[str(index) for index in range(len(plan.points))],
            help_text=_("Points can be added, changed and moved afterwards."),
        )  # fmt: skip

    def points(self) -> list[Point]:
        return [self.plan.points[int(index)] for index in self.cleaned_data["agenda"]]


class MeetingForm(_WhenAndWhere):
    """Day and place of a meeting that is being prepared."""

    def __init__(self, *args, meeting: Meeting, **kwargs):
        begins = timezone.localtime(meeting.begins_at).time() if meeting.begins_at else HOUR
        initial = {
            "title": meeting.title, "day": meeting.held_on, "hour": begins, "place": meeting.place, "manner": meeting.manner
        }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)
        self.meeting = meeting
        if meeting.kind in YEARLY:
            owed = {*missed_years(meeting.union, meeting.held_on), *filter(None, [meeting.makes_up_for])}
            self.offer_years(sorted(owed), meeting.makes_up_for)

    def clean_day(self):
        return self.cleaned_data["day"] if self.cleaned_data["day"] == self.meeting.held_on else super().clean_day()


class MoveForm(forms.Form):
    """What a step demands: a reason, a new day, the number of the reply."""

    def __init__(self, *args, meeting: Meeting, transition: Transition, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting, self.transition = meeting, transition
        if transition.name in NUMBERED:
            self.fields["number"] = forms.CharField(
                label=_("Number of the reply"), max_length=60, help_text=_("As it stands on the document.")
            )
        if transition.name == RECKON:
            self._ask_for_a_year()
        if "due" in transition.demands:
            self.fields["due"] = forms.DateField(label=_("New day"), widget=day_input())
        short = self._short_notice()
        self.remark = self._remark(short)
        if "reason" in transition.demands or short:
            label = _("Why the notice is short") if short else _("Reason")
            self.fields["reason"] = forms.CharField(
                label=label, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
            )

    def _ask_for_a_year(self) -> None:
        years = years_for(self.meeting)
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Counts for"), coerce=int, choices=[(year, gettext("the year %(year)d") % {"year": year}) for year in years]
        )  # fmt: skip
        self.fields["year"].initial = years[0] if years else None

    def _short_notice(self) -> dict[str, int] | None:
        """Working days left and wanted, where there are too few."""
        if self.transition.name != "call":
            return None
        left, wanted = notice_days(self.meeting, timezone.localdate())
        return {"left": left, "wanted": wanted} if left < wanted else None

    def _remark(self, short: dict[str, int] | None) -> str:
        """What whoever takes the step must know of this meeting."""
        if short:
            return gettext(
                "Only %(left)d working days are left; %(wanted)d are the rule. You can call it all the same, with a reason "
                "that stays on record."
            ) % short  # fmt: skip
        if self.meeting.makes_up_for and self.transition.name in ("confirm", "record_results"):
            text = gettext("It makes up for %(year)d: with this approval the duty of that year counts as done, late.")
            return text % {"year": self.meeting.makes_up_for}
        return ""

    def given(self) -> dict[str, Any]:
        data = {name: self.cleaned_data[name] for name in ("number", "year") if name in self.fields}
        return {"reason": self.cleaned_data.get("reason", ""), "due": self.cleaned_data.get("due"), "data": data}


class AgendaForm(forms.ModelForm):
    class Meta:
        model = AgendaItem
        fields = ("title", "kind", "speaker", "power")
        help_texts = {
            "kind": _("Votes, elections and appraisals want a quorum before they are taken up."),
            "power": _("Which power of the assembly the point exercises, for the check list."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = AgendaKind.choices


class PeopleForm(forms.Form):
    """Names, one a line, as a table or a message brings them."""

    people = forms.CharField(
        label=_("Names"), widget=forms.Textarea(attrs={"rows": 10}), max_length=400_000,
        help_text=_("One person a line: name, group, post, separated by comma or tab. Copied cells of a table fit."),
    )  # fmt: skip
    guests = forms.BooleanField(label=_("They are guests without a vote"), required=False)

    def clean_people(self):
        people = attendees.read_lines(self.cleaned_data["people"])
        if not people:
            raise forms.ValidationError(_("No name found."))
        return people

    def clean(self):
        data = super().clean()
        if data.get("guests") and data.get("people"):
            data["people"] = [
                attendees.Person(person.name, person.group, person.post, False) for person in data["people"]
            ]
        return data


class AttendeeForm(forms.Form):
    """One entry of the list."""

    name = forms.CharField(label=_("Name"), max_length=40)
    group = forms.CharField(label=_("Department or group"), max_length=60, required=False)
    post = forms.CharField(label=_("Post"), max_length=60, required=False)
    has_vote = forms.BooleanField(label=_("Has a vote"), required=False)
