"""Forms about bulletins: the draft, a move with what it demands, a posting, an item of the catalogue."""

import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.models import Meeting
from disclosure.enums import Channel
from disclosure.models import Bulletin, CatalogueItem, Posting, PublicPage
from disclosure.scanner import PHONE, scan
from unions.forms_duties import day_input
from unions.models import Union
from unions.workflow import Transition

RECENT_MEETINGS = 50


class BulletinForm(forms.ModelForm):
    """The draft. The item of the catalogue proposes the audience and sets the time limit."""

    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("Where it is disclosed; notice boards, meetings and papers are proved by a posting afterwards."),
    )  # fmt: skip
    publish_on = forms.DateField(
        label=_("Publish not before"), widget=day_input(), required=False, help_text=_("Empty: as soon as it is approved.")
    )  # fmt: skip
    publish_hour = forms.TimeField(
        label=_("Hour"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), required=False
    )
    field_order = (
        "item", "title", "body", "readers", "channels", "occurred_on", "meeting", "publish_on", "publish_hour", "expires_on"
    )  # fmt: skip

    class Meta:
        model = Bulletin
        fields = ("item", "title", "body", "readers", "channels", "occurred_on", "meeting", "expires_on")
        widgets = {
            "body": forms.Textarea(attrs={"rows": 14}), "occurred_on": day_input(), "expires_on": day_input(),
        }  # fmt: skip
        help_texts = {
            "body": _("Plain text; an empty line begins a new paragraph."),
            "readers": _("Only what is for everybody stands on the public page."),
            "meeting": _("An important decision names the meeting that took it."),
            "expires_on": _("Empty: for good."),
        }

    def __init__(self, *args, union: Union, **kwargs):
        super().__init__(*args, **kwargs)
        self.union = union
        rows = CatalogueItem.objects.filter(tier=union.tier).select_related("category")
        wanted = [item for item in rows if item.is_active or item.pk == self.instance.item_id]
        wanted.sort(key=lambda item: (item.category.order, item.order, item.pk))
        self.fields["item"].queryset = rows
        groups = groupby(wanted, key=lambda item: item.category)
        self.fields["item"].choices = [
            ("", "---------"),
            *((str(category), [(item.pk, str(item)) for item in items]) for category, items in groups),
        ]
        held = Meeting.objects.filter(union=union).held().order_by("-held_on", "-pk")
        self.fields["meeting"].queryset = Meeting.objects.filter(union=union).held()
        self.fields["meeting"].choices = [("", _("none"))] + [
            (meeting.pk, f"{meeting.held_on} {meeting.title}") for meeting in held[:RECENT_MEETINGS]
        ]
        if not self.instance.pk:
            self.initial.setdefault("occurred_on", timezone.localdate())
            self.initial.setdefault("channels", [Channel.WEBSITE])
        elif self.instance.publish_at:
            local = timezone.localtime(self.instance.publish_at)
            self.initial |= {"publish_on": local.date(), "publish_hour": local.time()}

    def clean(self):
        data = super().clean()
        day, last = data.get("occurred_on"), data.get("expires_on")
        if day and day > timezone.localdate():
            self.add_error("occurred_on", _("Choose today or an earlier day."))
        begins = data.get("publish_on") or timezone.localdate()
        if last and last < begins:
            self.add_error("expires_on", _("It cannot end before it begins."))
        if data.get("publish_hour") and not data.get("publish_on"):
            self.add_error("publish_on", _("Say on which day."))
        return data

    def values(self) -> dict[str, Any]:
        data = {name: self.cleaned_data[name] for name in self.Meta.fields}
        day, hour = self.cleaned_data["publish_on"], self.cleaned_data["publish_hour"] or datetime.time(9)
        data["publish_at"] = timezone.make_aware(datetime.datetime.combine(day, hour)) if day else None
        return data


class MoveForm(forms.Form):
    """What a move demands."""

    def __init__(self, *args, transition: Transition, **kwargs):
        super().__init__(*args, **kwargs)
        if "reason" in transition.demands:
            is_public = transition.name == "withdraw"
            self.fields["reason"] = forms.CharField(
                label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("Everybody reads it in place of the text.") if is_public else _("The writer reads it."),
            )  # fmt: skip

    def given(self) -> dict[str, str]:
        return {"reason": self.cleaned_data.get("reason", "")}


class PostingForm(forms.ModelForm):
    class Meta:
        model = Posting
        fields = ("channel", "place", "posted_on", "removed_on")
        widgets = {"posted_on": day_input(), "removed_on": day_input()}
        help_texts = {"place": _("Board at the gate, third floor, name of the newspaper and its number.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("posted_on", timezone.localdate())
        self.initial.setdefault("channel", Channel.BOARD)


class CatalogueForm(forms.ModelForm):
    class Meta:
        model = CatalogueItem
        fields = (
            "tier", "category", "name_zh", "name_en", "readers", "cadence", "workdays", "is_decision", "basis", "order", "is_active"
        )  # fmt: skip
        help_texts = {
            "workdays": _("Counted from the day of the matter."),
            "basis": _("The clause, or who set it: it stands beside the item."),
        }


class PageForm(forms.ModelForm):
    """The words of a public page. A telephone may stand under “how to reach us”, identity and card numbers nowhere."""

    class Meta:
        model = PublicPage
        fields = ("slug", "welcome", "services", "contact")
        widgets = {"services": forms.Textarea(attrs={"rows": 6}), "contact": forms.Textarea(attrs={"rows": 4})}

    def clean(self):
        data = super().clean()
        for name in ("welcome", "services", "contact"):
            found = [one for one in scan(data.get(name, "")) if not (name == "contact" and one.kind == PHONE)]
            if found:
                words = _("%(kind)s %(masked)s: take it out, everybody reads this.")
                self.add_error(name, words % {"kind": found[0].label, "masked": found[0].masked})
        return data
