"""What people ask about, by theme and place: how many now and in the span before, without a name."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from disclosure.enquiry_lists import figure
from disclosure.models import Enquiry, EnquiryTheme
from unions.kit.links import link
from unions.kit.workbooks import Out, write_table
from unions.models import Union, User
from unions.permissions import Permission

SPANS = (30, 90, 365)  # days
PLACES, SHADES = 12, 5
TOTALS = ("judged", "in_time", "rated", "satisfied", "unrated", "dissatisfied", "overdue", "open")


@dataclass(frozen=True)
class Cell:
    count: int
    shade: int
    href: str


@dataclass
class Topic:
    """A theme: its number now, in the span before, and of each place that is shown."""

    theme: EnquiryTheme
    count: int
    before: int
    href: str
    cells: list[Cell] = field(default_factory=list)


@dataclass
class HotTopics:
    """The board of one person for the days up to today; three queries and the names."""

    user: User
    today: date
    days: int

    def __post_init__(self):
        self.since = self.today - timedelta(days=self.days - 1)
        scope = self.user.scope(Permission.ENQUIRY_VIEW)
        self.axis = "middle" if scope.everything or len(scope.middles) > 1 else "union"
        self.span = {"since": self.since, "until": self.today}
        rows = Enquiry.objects.visible_to(self.user, Permission.ENQUIRY_VIEW).order_by()
        self.found = rows.filter(asked_on__gte=self.since, asked_on__lte=self.today)
        self.past = rows.filter(asked_on__gte=self.since - timedelta(days=self.days), asked_on__lt=self.since)
        self.places = self._places(self.found)
        self.topics = self._topics()

    def _places(self, found: QuerySet) -> list[Union]:
        """Where most was asked. What was asked of the district itself is no street's."""
        counted = found.filter(**{f"{self.axis}__isnull": False}).values(self.axis).annotate(count=Count("pk"))
        keys = [row[self.axis] for row in counted.order_by("-count", self.axis)[:PLACES]]
        known = Union.objects.in_bulk(keys)
        return [known[key] for key in keys if key in known]

    def _topics(self) -> list[Topic]:
        counts = dict(self.found.values_list("theme").annotate(Count("pk")))
        before = dict(self.past.values_list("theme").annotate(Count("pk")))
        shown = self.found.filter(**{f"{self.axis}__in": [place.pk for place in self.places]})
        cells = {(theme, place): n for theme, place, n in shown.values_list("theme", self.axis).annotate(Count("pk"))}
        most = max(cells.values(), default=1)
        made = []
        for theme in EnquiryTheme.objects.filter(pk__in={*counts, *before}):
            topic = Topic(theme, counts.get(theme.pk, 0), before.get(theme.pk, 0), self._href(theme=theme.pk))
            for place in self.places:
                count = cells.get((theme.pk, place.pk), 0)
                shade = -(-count * SHADES // most) if count else 0
                topic.cells.append(Cell(count, shade, self._href(theme=theme.pk, **{self.axis: place.pk})))
            made.append(topic)
        return sorted(made, key=lambda topic: (-topic.count, -topic.before, topic.theme.order))

    def _href(self, **more) -> str:
        return link("disclosure:enquiry-list", **self.span, **more)

    @property
    def most(self) -> int:
        return max((topic.count for topic in self.topics), default=1)

    def totals(self) -> tuple[dict[str, int], dict[str, str]]:
        """Numbers of the span, and the rows behind each."""
        counts = self.found.aggregate(all=Count("pk"), **{name: Count("pk", filter=figure(name)) for name in TOTALS})
        links = {name: self._href(figure=name) for name in TOTALS}
        return counts, {**links, "all": self._href()}

    def workbook(self, title: str) -> bytes:
        """Themes by place as they stand on the page."""
        heads = [Out(_("Theme"), width=20), Out(_("Now"), "int", 10), Out(_("Span before"), "int", 12)]
        columns = [*heads, *(Out(place.name, "int", 14) for place in self.places)]
        rows = (
            [str(topic.theme), topic.count, topic.before, *(cell.count for cell in topic.cells)]
            for topic in self.topics
        )
        lead = [_("Asked from %(since)s to %(until)s.") % {"since": self.since, "until": self.today}]
        with write_table(rows, columns, sheet=title, title=title, lead=lead) as file:
            return file.read()
