"""The list of bulletins, one's own or up the tree: filters, table, counts."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from disclosure.enums import BulletinState, Readers
from disclosure.models import Bulletin, Category
from unions.filters import MiddleFilters, UnionSearchFilter
from unions.kit.filters import FlagFilter, YearFilter
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, StateColumn
from unions.models import User
from unions.permissions import Permission


class BulletinFilters(MiddleFilters):
    q = UnionSearchFilter(label=_("Find"), placeholder=_("Union or words of the title"), also="title")
    state = django_filters.ChoiceFilter(label=_("State"), choices=BulletinState.choices)
    category = django_filters.ModelChoiceFilter(
        label=_("Category"), field_name="item__category", queryset=Category.objects.all()
    )
    readers = django_filters.ChoiceFilter(label=_("Audience"), choices=Readers.choices)
    year = YearFilter("occurred_on", back=6)
    late = FlagFilter(label=_("Time limit"), choice=_("Only what is past its time limit"), method="only_late")
    own = FlagFilter(label=_("Whose"), choice=_("Only my own union's"), method="only_own")
    see = Permission.BULLETIN_VIEW
    primary = ("q", "state", "category", "year", "middle")

    class Meta:
        model = Bulletin
        fields = []

    def only_late(self, queryset, name, value):
        return queryset.overdue(timezone.localdate())

    def only_own(self, queryset, name, value):
        return queryset.filter(union__in={grant.union_id for grant in self.user.grants})


class BulletinTable(ListTable):
    title = LinkColumn(
        _("Title of the bulletin"), url=page_of("disclosure:bulletin"), orderable=False, note=lambda record: record.union.name
    )  # fmt: skip
    category = Column(_("Category"), accessor="item__category", order_by="item__category__order")
    state = StateColumn(_("State"))
    readers = Column(_("Audience"), accessor="get_readers_display", order_by="readers")
    occurred_on = DayColumn(_("Day of the matter"))
    due_on = DayColumn(_("Disclose by"))
    published_at = DayColumn(_("Published at"))

    reads = (
        "title", "item__category__name_zh", "item__category__name_en", "state", "readers", "occurred_on", "due_on", "published_at",
        "union__name",
    )  # fmt: skip

    caption = _("Bulletins")
    empty_title = _("No bulletins yet")
    empty_text = _("They appear here as soon as a union begins to write one.")

    def counted(self, count: int) -> str:
        return ngettext("%(count)s bulletin", "%(count)s bulletins", count) % {
            "count": number_format(count, force_grouping=True)
        }

    def value_title(self, record):
        return f"{record.union.name} {record.title}"


def visible_bulletins(user: User) -> QuerySet:
    """All bulletins that a person may see, the newest matter first."""
    rows = Bulletin.objects.visible_to(user, Permission.BULLETIN_VIEW)
    return rows.select_related("union", "item__category").order_by("-occurred_on", "-pk")
