"""The list of annual reports, one's own or up the tree: who has reported on which year; filters, table, workbook."""

import django_filters
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assemblies.appraisal_lists import ShareColumn
from assemblies.models import Appraisal
from disclosure.annual import SEE
from disclosure.annual_publishing import complete
from disclosure.enums import AnnualState
from disclosure.models import AnnualHearer, AnnualQuestion, AnnualReport
from disclosure.models.annual_hearing import CONTENT
from unions.enums import Tier
from unions.filters import MiddleFilters, UnionFilter, UnionSearchFilter
from unions.kit.filters import FlagFilter
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.models import User

YEARS_BACK = 8


def years() -> list[tuple[str, str]]:
    this = timezone.localdate().year
    return [(str(year), str(year)) for year in range(this, this - YEARS_BACK, -1)]


class AnnualFilters(MiddleFilters):
    q = UnionSearchFilter(label=_("Find"), placeholder=_("Name, initials or code"))
    year = django_filters.ChoiceFilter(label=_("Year"), choices=years)
    state = django_filters.ChoiceFilter(label=_("State"), choices=AnnualState.choices)
    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=Tier.choices, method="of_tier")
    union = UnionFilter(label=_("Union"))
    heard = FlagFilter(label=_("Hearing"), choice=_("Only those not heard yet"), method="only_unheard")
    unanswered = FlagFilter(
        label=_("Questions"), choice=_("Only with questions not answered"), method="only_unanswered"
    )
    complete = FlagFilter(
        label=_("Publication"), choice=_("Only those accepted, heard and published whole"), method="only_complete"
    )
    see = SEE
    primary = ("q", "year", "state", "middle")

    class Meta:
        model = AnnualReport
        fields = []

    def of_tier(self, queryset, name, value):
        return queryset.filter(sheet__tier=int(value))

    def only_unheard(self, queryset, name, value):
        return queryset.filter(heard_on=None)

    def only_unanswered(self, queryset, name, value):
        return queryset.filter(Exists(AnnualQuestion.objects.open().filter(report=OuterRef("pk"))))

    def only_complete(self, queryset, name, value):
        return complete(queryset)


class AnnualTable(ListTable):
    union = LinkColumn(
        _("Union"), accessor="union__name", order_by="union__pinyin", url=page_of("disclosure:annual"),
        note=lambda record: record.middle.name if record.middle_id and record.middle_id != record.union_id else "",
    )  # fmt: skip
    year = Column(_("Year"), order_by="year")
    state = StateColumn(_("State"))
    rounds = NumberColumn(_("Times submitted"))
    submitted_at = DayColumn(_("Submitted at"))
    heard_on = DayColumn(_("Heard on"))
    satisfied = ShareColumn(_("Satisfaction"), parts=lambda record: (record.content or 0, record.rated or 0))
    waiting = NumberColumn(_("Questions not answered"), accessor="open_questions", orderable=False)

    reads = ("union", "middle", "year", "state", "rounds", "submitted_at", "heard_on")

    caption = _("Annual reports")
    empty_title = _("No annual reports yet")
    empty_text = _("They appear here when unions in your scope begin to write them.")

    def counted(self, count: int) -> str:
        return ngettext("%(count)s annual report", "%(count)s annual reports", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_reports(user: User) -> QuerySet:
    """All annual reports in a person's scope, the newest first."""
    return with_hearing(AnnualReport.objects.visible_to(user, SEE)).with_unions().order_by("-year", "-pk")


def with_hearing(reports: QuerySet) -> QuerySet:
    """Beside each report `content` of `rated` (the committee's ratings, or the appraisal at the assembly that heard it)
    and its `open_questions`."""
    hearers = AnnualHearer.objects.exclude(rating="")
    appraisals = Appraisal.objects.standing().filter(vote__meeting=OuterRef("meeting"))
    return reports.annotate(
        rated=Coalesce(Subquery(appraisals.values("valid_count")[:1]), _count(hearers)),
        content=Coalesce(Subquery(appraisals.values("good_count")[:1]), _count(hearers.filter(rating__in=CONTENT))),
        open_questions=_count(AnnualQuestion.objects.open()),
    )


def _count(rows: QuerySet) -> Subquery:
    """How many of these each report has."""
    counted = rows.filter(report=OuterRef("pk")).order_by().values("report").annotate(n=Count("pk")).values("n")
    return Subquery(counted, output_field=IntegerField())
