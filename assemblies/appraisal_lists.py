"""The lists of appraisals and of what is improved after them: filters, tables."""

import django_filters
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assemblies.appraisals import TONES
from assemblies.enums import AppraisalState, Consequence, ImprovementState
from assemblies.models import Appraisal, Improvement
from unions.filters import MiddleFilters, UnionFilter, UnionSearchFilter
from unions.kit.filters import FlagFilter, YearFilter
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, StateColumn
from unions.models import User
from unions.permissions import Permission
from unions.templatetags.components import percent, tag


def consequence_tag(consequence: str):
    return tag(Consequence(consequence).label, TONES[consequence], "triangle-alert") if consequence else ""


class AppraisalFilters(MiddleFilters):
    q = UnionSearchFilter(label=_("Find"), placeholder=_("Name, initials or code"))
    year = YearFilter("held_on", back=12, ahead=1)
    state = django_filters.ChoiceFilter(label=_("State"), choices=AppraisalState.choices)
    consequence = django_filters.ChoiceFilter(label=_("Consequence"), choices=Consequence.choices)
    late = FlagFilter(label=_("Late steps"), choice=_("Not published or reported in time"), method="only_late")
    items = FlagFilter(label=_("Improvements"), choice=_("With overdue improvements"), method="with_overdue_items")
    told = FlagFilter(label=_("Reported"), choice=_("Only those reported above"), method="only_told")
    hard = FlagFilter(label=_("Thresholds"), choice=_("Only those that passed one"), method="only_hard")
    counted = FlagFilter(label=_("Counted"), choice=_("Only those that counted"), method="only_standing")
    union = UnionFilter(label=_("Union"))
    see = Permission.ASSEMBLY_VIEW
    primary = ("q", "year", "state", "consequence", "middle")

    class Meta:
        model = Appraisal
        fields = []

    def only_late(self, queryset, name, value):
        return queryset.late()

    def with_overdue_items(self, queryset, name, value):
        return queryset.with_overdue_items()

    def only_told(self, queryset, name, value):
        return queryset.told_above()

    def only_hard(self, queryset, name, value):
        return queryset.exclude(consequence="")

    def only_standing(self, queryset, name, value):
        return queryset.standing()


class ShareColumn(Column):
    """A rate with what it is made of: `parts(record)` gives numerator and denominator."""

    css, kind, width = "num", "percent", 12

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, orderable=False, empty_values=(), **kwargs)
        self.parts = parts

    def render(self, record):
        part, whole = self.parts(record)
        if not whole:
            return "–"
        return format_html("{} <small>{}/{}</small>", percent(part / whole), part, whole)

    def value(self, record):
        part, whole = self.parts(record)
        return part / whole if whole else None


class AppraisalTable(ListTable):
    title = LinkColumn(
        _("Appraisal"), accessor="vote__title", url=page_of("assemblies:appraisal"), orderable=False,
        note=lambda record: record.union.name,
    )  # fmt: skip
    held_on = DayColumn(_("Appraised on"))
    turnout = ShareColumn(_("Ballots returned"), parts=lambda record: (record.returned_count, record.due_count))
    satisfied = ShareColumn(_("Satisfaction"), parts=lambda record: (record.good_count, record.valid_count))
    dissatisfied = ShareColumn(_("Dissatisfaction"), parts=lambda record: (record.bad_count, record.valid_count))
    consequence = Column(_("Consequence"), orderable=False)
    state = StateColumn(_("State"))
    middle = Column(_("Street or industry"), accessor="middle__name", order_by="middle__pinyin")

    reads = (
        "vote__title", "union__name", "middle__name", "held_on", "returned_count", "due_count", "good_count", "bad_count",
        "valid_count", "consequence", "state", "publish_due_on", "report_due_on",
    )  # fmt: skip
    caption = _("Democratic appraisals")
    empty_title = _("No appraisals yet")
    empty_text = _(
        "An appraisal appears here as soon as its result is announced; votes under way are among the votes."
    )

    def render_consequence(self, record):
        return consequence_tag(record.consequence)

    def value_title(self, record):
        return f"{record.union.name} {record.vote.title}"

    def counted(self, count: int) -> str:
        return ngettext("%(count)s appraisal", "%(count)s appraisals", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_appraisals(user: User) -> QuerySet:
    """All appraisals in a person's scope, the newest first."""
    return Appraisal.objects.visible_to(user, Permission.ASSEMBLY_VIEW).select_related("union", "middle", "vote")


class ImprovementFilters(MiddleFilters):
    q = UnionSearchFilter(label=_("Find"), placeholder=_("Union or matter"), also="title")
    state = django_filters.ChoiceFilter(label=_("State"), choices=ImprovementState.choices)
    late = FlagFilter(label=_("Late steps"), choice=_("Only those not done in time"), method="only_late")
    consequence = django_filters.ChoiceFilter(label=_("Consequence"), choices=Consequence.choices)
    union = UnionFilter(label=_("Union"))
    see = Permission.ASSEMBLY_VIEW
    primary = ("q", "state", "late", "middle")

    class Meta:
        model = Improvement
        fields = []

    def only_late(self, queryset, name, value):
        return queryset.overdue()


class ImprovementTable(ListTable):
    title = LinkColumn(
        _("What is to be improved"), url=page_of("assemblies:improvement"), orderable=False,
        note=lambda record: record.union.name,
    )  # fmt: skip
    state = StateColumn(_("State"))
    consequence = Column(_("Consequence"), orderable=False)
    owner = Column(_("Who sees to it"), orderable=False)
    due_on = DayColumn(_("Due on"))
    done_on = DayColumn(_("Done on"))

    caption = _("Improvements")
    empty_title = _("No improvements yet")
    empty_text = _("They appear here as soon as a union plans one after an appraisal.")

    def render_due_on(self, record):
        if days := record.days_late:
            return tag(_text("%(days)d days overdue") % {"days": days}, "bad", "triangle-alert")
        return record.due_on.isoformat()

    def render_consequence(self, record):
        return consequence_tag(record.consequence)

    def counted(self, count: int) -> str:
        return ngettext("%(count)s improvement", "%(count)s improvements", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_improvements(user: User) -> QuerySet:
    """All improvements in a person's scope: what waits first."""
    return Improvement.objects.visible_to(user, Permission.ASSEMBLY_VIEW).select_related("union").urgent_first()
