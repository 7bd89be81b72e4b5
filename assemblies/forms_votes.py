"""Forms about votes: what is asked, by which rule, who stands; the count of a batch of paper."""

import re
from fractions import Fraction

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assemblies.enums import Body, Fact, Post, VoteKind, VoteManner
from assemblies.models import AgendaItem, Batch, Meeting, Question, Vote
from assemblies.votes import Candidate, Paper, papers_of_sheet, template
from unions.enums import Sex
from unions.forms_duties import day_input
from unions.models import Union
from unions.settingbook import setting

SLOTS, SLOT_FIELDS = 3, ("position", "seats", "candidates", "others")
# What an election fills: the name on the paper, the body and the post in it.
POSITIONS = {
    "member": (_("Members of the union committee"), Body.COMMITTEE, Post.MEMBER),
    "standing": (_("Members of the standing committee"), Body.COMMITTEE, Post.STANDING),
    "chair": (_("Chair of the union"), Body.COMMITTEE, Post.CHAIR),
    "deputy": (_("Deputy chairs of the union"), Body.COMMITTEE, Post.DEPUTY),
    "audit": (_("Members of the audit committee"), Body.AUDIT, Post.MEMBER),
    "women": (_("Members of the women workers' committee"), Body.WOMEN, Post.MEMBER),
    "delegates": (_("Delegates"), "", ""),
}
TWO_THIRDS = "2/3"


class VoteForm(forms.ModelForm):
    """A vote while it is prepared, filled in from the template of its kind; the papers are lines of text. On a point of an
    agenda the meeting and those due are known."""

    rule = forms.ChoiceField(label=_("Rule"))
    questions = forms.CharField(
        label=_("Questions, one a line"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Each line becomes a ballot paper with its answers."),
    )  # fmt: skip

    class Meta:
        model = Vote
        fields = ["title", "meeting", "held_on", "due", "manner", "base", "noticed_on", "asks_advice", "text"]
        widgets = {"held_on": day_input(), "noticed_on": day_input(), "text": forms.Textarea(attrs={"rows": 3})}

    field_order = ("title", "questions", "meeting", "held_on", "due", "manner", "base", "rule", "noticed_on", "asks_advice", "text")  # fmt: skip

    def __init__(self, *args, union: Union, kind: VoteKind, item: AgendaItem | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.union, self.kind, self.item = union, kind, item
        fields = self.fields
        if item:
            del fields["meeting"], fields["due"]
        else:
            self._offer_meetings()
        share = setting("elected-over")
        fields["rule"].choices = [
            (str(share), gettext("more than %(share)s") % {"share": share}),
            (TWO_THIRDS, gettext("2/3 or more")),
        ]
        if kind == VoteKind.ELECTION:
            self._offer_seats()
        else:
            del fields["noticed_on"]
        if kind == VoteKind.APPRAISAL:
            self._offer_sheet()
        else:
            del fields["asks_advice"]
        if self.instance.pk and kind != VoteKind.APPRAISAL:
            fields["rule"].initial = TWO_THIRDS if self.instance.is_inclusive else str(self.instance.share)
        if kind == VoteKind.MOTION:
            fields["questions"].initial = "\n".join(paper.text for paper in self._known())

    def _known(self) -> list:
        """The papers as they are, or those of the template."""
        return self.instance.sheet if self.instance.pk else template(self.kind, self.union, self.item)

    def _offer_meetings(self) -> None:
        meeting, due = self.fields["meeting"], self.fields["due"]
        meeting.queryset = Meeting.objects.filter(union=self.union).order_by("-held_on", "-pk")
        meeting.empty_label = gettext("No meeting: it stands by itself")
        due.required, due.label = False, _("Due (without a meeting)")
        due.help_text = _("Of a meeting its list of those due says it.")

    def _offer_sheet(self) -> None:
        """An appraisal asks what the district's sheet asks, in secret, and what the union adds; its answers are parts of
        the valid ballots."""
        fields = self.fields
        for name in ("rule", "base"):
            del fields[name]
        fields["manner"].choices = [(m, m.label) for m in VoteManner if m is not VoteManner.NAMED]
        fields["asks_advice"].initial = True
        fields["questions"].label, fields["questions"].required = _("Further questions, one a line"), False
        fields["questions"].help_text = _("Asked beside those of the sheet, with the same answers.")
        if self.instance.pk:
            fields["questions"].initial = "\n".join(paper.text for paper in self._known() if not paper.body)
        fields["title"].initial = gettext("Democratic appraisal of %(year)d") % {"year": timezone.localdate().year}
        if "due" in fields:
            fields["due"].initial = self.union.members or None

    def _offer_seats(self) -> None:
        del self.fields["questions"]
        self.fields["manner"].choices = [(m, m.label) for m in VoteManner if m is not VoteManner.NAMED]
        known = [_as_lines(paper) for paper in self._known()] + [("", 0, "", True)] * SLOTS
        for number, (position, seats, lines, others) in enumerate(known[:SLOTS], 1):
            choices = [("", "–"), *((key, words[0]) for key, words in POSITIONS.items())]
            self.fields[f"position{number}"] = forms.ChoiceField(
                label=_("Elected are"), choices=choices, required=number == 1, initial=position
            )  # fmt: skip
            self.fields[f"seats{number}"] = forms.IntegerField(
                label=_("Seats"), min_value=1, max_value=500, required=False, initial=seats or None
            )
            self.fields[f"candidates{number}"] = forms.CharField(
                label=_("Candidates, one a line"), required=False, max_length=20_000, initial=lines,
                widget=forms.Textarea(attrs={"rows": 5}), help_text=_("Name, sex, department and duties, with commas between; also what bars from standing: %(facts)s.")
                % {"facts": "、".join(str(fact.label) for fact in Fact)},
            )  # fmt: skip
            self.fields[f"others{number}"] = forms.BooleanField(
                label=_("Other names may be written in"), required=False, initial=others
            )

    def common_fields(self) -> list[forms.BoundField]:
        """What belongs to the vote and to no single ballot paper, for the page."""
        of_papers = {f"{name}{number}" for name in SLOT_FIELDS for number in range(1, SLOTS + 1)}
        return [field for field in self if field.name not in of_papers]

    def slots(self) -> list[tuple[int, list[forms.BoundField], bool]]:
        """The fields of each ballot paper of an election, and whether they are shown or folded."""
        if self.kind != VoteKind.ELECTION:
            return []
        found = []
        for number in range(1, SLOTS + 1):
            fields = [self[f"{name}{number}"] for name in SLOT_FIELDS]
            found.append((number, fields, number == 1 or bool(fields[0].value()) or any(f.errors for f in fields)))
        return found

    def clean(self):
        data = super().clean()
        if not self.item and not data.get("meeting") and not data.get("due"):
            self.add_error("due", gettext("Choose a meeting, or say how many people are due."))
        if self.kind == VoteKind.ELECTION:
            for number in range(1, SLOTS + 1):
                if data.get(f"position{number}") and not data.get(f"seats{number}"):
                    self.add_error(f"seats{number}", gettext("Say how many are elected."))
        if "due" in self.fields:
            data["due"] = data.get("due") or 0
        return data

    def values(self) -> dict:
        """What is kept of the vote itself."""
        names = [name for name in self.Meta.fields if name in self.fields]
        given = {name: self.cleaned_data[name] for name in names}
        if "rule" in self.fields:
            share = Fraction(self.cleaned_data["rule"])
            given |= {
                "numerator": share.numerator, "denominator": share.denominator,
                "is_inclusive": self.cleaned_data["rule"] == TWO_THIRDS,
            }  # fmt: skip
        return given

    def papers(self) -> list[Paper]:
        data = self.cleaned_data
        if self.kind != VoteKind.ELECTION:
            own = [Paper(line.strip()[:300]) for line in data["questions"].splitlines() if line.strip()]
            asked = papers_of_sheet(self.union, data["held_on"]) if self.kind == VoteKind.APPRAISAL else []
            return [*asked, *own]
        found = []
        for number in range(1, SLOTS + 1):
            if position := data.get(f"position{number}"):
                words, body, post = POSITIONS[position]
                names = _candidates(data.get(f"candidates{number}", ""))
                found.append(Paper(str(words), body, post, data[f"seats{number}"], data[f"others{number}"], names))
        return found


SEXES = {"男": Sex.MALE, "女": Sex.FEMALE, "male": Sex.MALE, "female": Sex.FEMALE}


def _candidates(text: str) -> tuple[Candidate, ...]:
    """Lines of a name and, in any order, sex, what bars from standing, department and duties; a name twice is one."""
    facts, found = {str(fact.label): fact.value for fact in Fact}, {}
    for line in text.splitlines():
        name, *rest = [part.strip() for part in re.split(r"[,，\t]", line)]
        sex = next((SEXES[part.lower()] for part in rest if part.lower() in SEXES), "")
        note = "，".join(part for part in rest if part and part.lower() not in SEXES and part not in facts)
        if name:
            declared = tuple(facts[part] for part in rest if part in facts)
            found.setdefault(name[:60], Candidate(name[:60], sex, note[:80], declared))
    return tuple(found.values())


def _as_lines(paper: Question | Paper) -> tuple[str, int, str, bool]:
    """A paper as the form shows it."""
    position = next(
        (key for key, (_w, body, post) in POSITIONS.items() if (body, post) == (paper.body, paper.post)), ""
    )
    lines = ""
    if isinstance(paper, Question):
        sexes = {Sex.MALE: "男", Sex.FEMALE: "女"}
        rows = (
            [o.text, sexes.get(o.sex, ""), o.note, *(str(Fact(fact).label) for fact in o.facts)]
            for o in paper.options.all()
        )
        lines = "\n".join("，".join(part for part in row if part) for row in rows)
    return position, paper.seats, lines, paper.takes_others


class BatchForm(forms.Form):
    """One person's count of a batch, a set of fields for each ballot paper."""

    def __init__(self, *args, batch: Batch, figures: dict | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.batch = batch
        for question in batch.vote.sheet:
            known = (figures or {}).get(str(question.pk), {})
            self._add(question, "returned", _("Ballots returned"), known.get("returned"))
            self._add(question, "invalid", _("of these invalid"), known.get("invalid", 0))
            for option in question.options.all():
                self._add(
                    question, f"tick{option.number}", str(option), known.get("ticks", {}).get(str(option.number))
                )
            if question.takes_others:
                others = "\n".join(f"{name} {count}" for name, count in known.get("others", {}).items())
                self.fields[f"q{question.number}_others"] = forms.CharField(
                    label=_("Others: name and votes, one a line"), required=False, initial=others,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )  # fmt: skip

    def _add(self, question: Question, name: str, label: str, initial) -> None:
        self.fields[f"q{question.number}_{name}"] = forms.IntegerField(
            label=label, min_value=0, max_value=100_000, initial=initial
        )

    def refuse(self, errors: dict[str, str]) -> None:
        """What does not add up is said at the number of ballots returned of its question."""
        for question in self.batch.vote.sheet:
            if problem := errors.get(str(question.pk)):
                self.add_error(f"q{question.number}_returned", problem)

    def papers(self) -> list[tuple[Question, list[forms.BoundField]]]:
        """The fields of each ballot paper, for the page."""
        sheet = self.batch.vote.sheet
        return [(q, [self[name] for name in self.fields if name.startswith(f"q{q.number}_")]) for q in sheet]

    def figures(self) -> dict[int, dict]:
        data = self.cleaned_data
        return {
            question.pk: {
                "returned": data[f"q{question.number}_returned"], "invalid": data[f"q{question.number}_invalid"],
                "ticks": {str(o.number): data[f"q{question.number}_tick{o.number}"] for o in question.options.all()},
                "others": _others(data.get(f"q{question.number}_others", "")),
            }
            for question in self.batch.vote.sheet
        }  # fmt: skip


def _others(text: str) -> dict[str, int]:
    found = (re.fullmatch(r"\s*(\S{1,40})\s+(\d{1,6})\s*", line) for line in text.splitlines())
    return {match[1]: int(match[2]) for match in found if match}


class IssuedForm(forms.Form):
    paper_issued = forms.IntegerField(
        label=_("Paper ballots handed out"),
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"class": "input"}),
    )


class SlipsForm(forms.Form):
    count = forms.IntegerField(
        label=_("Number of slips"), min_value=1, max_value=2000, widget=forms.NumberInput(attrs={"class": "input"})
    )
