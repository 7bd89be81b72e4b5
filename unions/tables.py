"""Tables of the ground floor's lists."""

from django.db.models import DateField, F, FloatField, Func
from django.db.models.functions import Cast, NullIf
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from unions.enums import UnionKind
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.templatetags.components import percent, tag


class UnionTable(ListTable):
    """The roster on the page: who it is, under whom, how many, who leads it and until when."""

    name = LinkColumn(
        _("Union name"),
        order_by="pinyin",
        url=page_of("unions:union"),
        note=lambda record: record.code,
    )
    kind = Column(_("Kind"), has_label=False)
    parent = Column(_("Superior union"), accessor="parent__name", order_by="parent__pinyin")
    members = NumberColumn(_("Members"))
    workers = NumberColumn(_("Workers"))
    rate = Column(_("Rate of membership"), accessor="workers", css="num", initial_sort_descending=True)
    chair_name = Column(_("Chair"), orderable=False)
    term_ends_on = DayColumn(_("Term ends"))
    state = StateColumn(_("State"))

    caption = _("Union roster")
    empty_title = _("No unions in your scope yet")
    empty_text = _("Import the roster, or ask your superior union to give you an appointment.")

    reads = (
        "name", "code", "kind", "parent", "members", "workers", "chair_name", "term_started_on", "term_years",
        "term_extended_to", "state",
    )  # fmt: skip

    class Meta:
        order_by = ("name",)

    def counted(self, count: int) -> str:
        return ngettext("%(count)s union", "%(count)s unions", count) % {
            "count": number_format(count, force_grouping=True)
        }

    def render_kind(self, record):
        return UnionKind(record.kind).label  # get_kind_display costs ten times as much, once a row

    def render_rate(self, record):
        return percent(record.members / record.workers if record.workers else None)

    def order_rate(self, queryset, is_descending):
        share = Cast("members", FloatField()) / NullIf("workers", 0)
        order = F("share").desc(nulls_last=True) if is_descending else F("share").asc(nulls_last=True)
        return queryset.annotate(share=share).order_by(order, "pk"), True

    def render_term_ends_on(self, value, record):
        if record.is_term_overdue:
            return format_html("{} {}", value.isoformat(), tag(_("overdue"), "bad", "clock-alert"))
        return value.isoformat()

    def order_term_ends_on(self, queryset, is_descending):
        end = Func(
            F("term_started_on"),
            F("term_years"),
            arg_joiner=" + make_interval(years => ",
            template="(%(expressions)s))",
            output_field=DateField(),
        )
        order = F("term_end").desc(nulls_last=True) if is_descending else F("term_end").asc(nulls_last=True)
        return queryset.annotate(term_end=end).order_by(order, "pk"), True
