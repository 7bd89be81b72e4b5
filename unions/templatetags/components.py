"""The components pages are made of. The gallery (/_components/) shows each; a page adds markup of its own only
where none fits."""

from decimal import Decimal
from functools import lru_cache, reduce
from operator import add

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from unions import explain
from unions.kit import charts
from unions.kit.masking import mask_email, mask_phone
from unions.kit.periods import Period
from unions.kit.tracing import trace
from unions.permissions import Permission
from unions.settingbook import setting

register = template.Library()

TONES = {"ok", "warn", "bad", "info", "mute"}


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 18):
    """An icon from lucide, hidden from readers: the word beside it says the same."""
    return lucide(name + "", size=size, stroke_width=1.8, aria_hidden="true", focusable="false")


@register.simple_tag
def tag(text, tone="mute", icon_name=""):
    """A state as a small label: word and colour, and an icon where given."""
    if tone not in TONES:
        raise ValueError(f"unknown tone {tone}")
    picture = icon(icon_name, 13) if icon_name else ""
    return format_html('<span class="tag {}">{}{}</span>', tone, picture, text)


STATE_TONES = {
    "draft": ("mute", "pencil"),
    "open": ("mute", "circle"),
    "submitted": ("info", "send"),
    "returned": ("warn", "undo-2"),
    "accepted": ("ok", "check"),
    "fulfilled": ("ok", "check"),
    "waived": ("mute", "circle-slash"),
    "active": ("ok", "check"),
    "dissolved": ("mute", "circle-slash"),
    "merged": ("mute", "merge"),
    "waiting": ("mute", "clock"),
    "running": ("info", "loader"),
    "done": ("ok", "check"),
    "failed": ("bad", "triangle-alert"),
    "error": ("bad", "triangle-alert"),
    "new": ("ok", "plus"),
    "changed": ("info", "pencil"),
    "same": ("mute", "equal"),
    "uploaded": ("warn", "columns-3"),
    "reading": ("info", "loader"),
    "preview": ("warn", "eye"),
    "refused": ("bad", "file-x"),
    "expired": ("warn", "clock-alert"),
    "committing": ("info", "loader"),
    "undoing": ("info", "loader"),
    "undone": ("mute", "undo-2"),
    "on_time": ("ok", "check"),
    "extended": ("info", "calendar-clock"),
    "late": ("bad", "clock-alert"),
    "asked": ("warn", "clock"),
    "declined": ("mute", "circle-slash"),
    "proposed": ("warn", "clock"),
    "superseded": ("mute", "circle-slash"),
    "quarantined": ("warn", "shield-alert"),
    "clean": ("ok", "check"),
    "infected": ("bad", "bug"),
    "rejected": ("bad", "file-x"),
    "read": ("info", "eye"),
    "counted": ("info", "calculator"),
    "announced": ("ok", "megaphone"),
    "void": ("bad", "circle-slash"),
    "reported": ("info", "send"),
    "approved": ("ok", "check"),
    "called": ("info", "calendar-check"),
    "filed": ("info", "send"),
    "confirmed": ("ok", "check"),
    "published": ("ok", "megaphone"),
    "archived": ("mute", "archive"),
    "cancelled": ("mute", "circle-slash"),
    "present": ("ok", "check"),
    "excused": ("warn", "calendar-off"),
    "absent": ("bad", "user-x"),
    "answered": ("info", "message-square-reply"),
    "ended": ("ok", "check"),
    "rated": ("warn", "megaphone"),
    "closed": ("ok", "archive"),
    "checking": ("info", "shield-check"),
    "approving": ("info", "stamp"),
    "scheduled": ("info", "calendar-clock"),
    "withdrawn": ("bad", "circle-slash"),
    "replying": ("warn", "message-square-reply"),
    "following": ("info", "list-checks"),
    "invited": ("warn", "mail"),
    "recused": ("mute", "user-x"),
    "released": ("mute", "user-minus"),
    "given": ("warn", "clock"),
    "rework": ("bad", "undo-2"),
    "in_use": ("ok", "check"),
    "disposed": ("mute", "archive"),
    "planned": ("mute", "calendar"),
    "notified": ("info", "mail"),
    "at_work": ("info", "search"),
    "commenting": ("warn", "message-square"),
    "reporting": ("warn", "file-pen"),
    "rectifying": ("warn", "list-checks"),
    "to_rectify": ("warn", "clock"),
    "reviewed": ("info", "shield-check"),
    "adopted": ("info", "stamp"),
    "by_code": ("ok", "check"),
    "by_name": ("info", "check"),
    "by_hand": ("ok", "user-check"),
    "unmatched": ("warn", "circle-question-mark"),
    "not_ours": ("bad", "undo-2"),
}


@register.simple_tag
def state_tag(obj, field="state"):
    """The state of a record, in the colours all pages share."""
    return _state_tag(type(obj), field, getattr(obj, field), get_language())


@lru_cache(maxsize=512)
def _state_tag(model, field: str, state: str, _language: str | None) -> SafeString:
    """Drawn once for each state and language: a list shows the same ones on every row."""
    tone, picture = STATE_TONES.get(state, ("mute", ""))
    return tag(dict(model._meta.get_field(field).flatchoices).get(state, state), tone, picture)


@register.simple_tag
def due_tag(duty, calendar=None):
    """How long is left for a duty, in working days, or since when it is late."""
    today = timezone.localdate()
    if not duty.is_outstanding:
        return state_tag(duty)
    if duty.last_day < today:
        days = (today - duty.last_day).days
        return tag(_("%(days)d days overdue") % {"days": days}, "bad", "triangle-alert")
    left = calendar.between(today, duty.last_day) if calendar else (duty.last_day - today).days
    if left <= 0:
        return tag(_("due today"), "warn", "clock")
    if left <= setting("due-soon"):
        return tag(_("%(days)d working days left") % {"days": left}, "warn", "clock")
    return tag(_("due %(day)s") % {"day": month_day(duty.last_day)}, "mute", "clock")


@register.simple_tag
def timeliness_tag(duty):
    return state_tag(duty, "timeliness")


@register.filter
def number(value):
    """A number with thousands separators; an absent one as a dash."""
    if value in (None, ""):
        return "–"
    if isinstance(value, str):  # money is stored as a decimal string; what is no number stays as it is
        try:
            value = Decimal(value)
        except ArithmeticError:
            return value
    if isinstance(value, (float, Decimal)) and value != int(value):
        return number_format(value, 2, force_grouping=True)
    return number_format(int(value), force_grouping=True)


@register.filter
def ten_thousands(value):
    """A large count as officials read it: 77.2 万; in English in thousands."""
    if value is None:
        return "–"
    if abs(value) < 10_000:
        return number(value)
    return pgettext("ten thousands", "%s k") % number_format(value / _big_unit(), 1)


def _big_unit() -> int:
    return int(pgettext("size of the big unit", "1000"))


@register.filter
def percent(rate):
    """A rate with one decimal; “n/a” where nothing was expected."""
    return _("n/a") if rate is None else f"{number_format(round(rate * 100, 1), 1)}%"  # number_format cuts off


@register.filter
def hundredths(rate):
    """A rate times a hundred, where the sign stands apart from the number."""
    return number_format(round(rate * 100, 1), 1)


@register.simple_tag
def rate(numerator, denominator):
    """A rate that shows what it is made of: 91.7%（242/264）."""
    if not denominator:
        return format_html('<span class="rate">{}</span>', _("n/a"))
    return format_html(
        '<span class="rate"><b>{}</b> <small>{}/{}</small></span>',
        percent(numerator / denominator), number(numerator), number(denominator),
    )  # fmt: skip


@register.simple_tag
def delta(new, old):
    """The change against another figure, signed and coloured; “unchanged” where there is none."""
    if new in (None, "") or old in (None, ""):
        return format_html('<span class="delta none">{}</span>', "–")
    difference = Decimal(str(new)) - Decimal(str(old))
    if not difference:
        return format_html('<span class="delta none">{}</span>', _("unchanged"))
    sign, tone = ("+", "up") if difference > 0 else ("−", "down")
    return format_html('<span class="delta {}">{}{}</span>', tone, sign, number(abs(difference)))


@register.simple_tag
def points(change):
    """A change in percentage points, signed and coloured."""
    sign, tone = ("+", "up") if change > 0 else ("−", "down")
    return format_html('<span class="delta {}">{}{}</span>', tone, sign, number_format(abs(change), 1))


@register.filter(name="setting")
def setting_value(key):
    """What the district set, or the portal's default."""
    return setting(key)


@register.filter
def month_day(day):
    """11月22日, with the year when it is not this one."""
    if not day:
        return "–"
    today = timezone.localdate()
    if hasattr(day, "hour"):
        day = timezone.localtime(day).date()
    if day.year == today.year:
        return _("%(month)d/%(day)d") % {"month": day.month, "day": day.day}
    return full_day(day)


@register.filter
def full_day(day):
    if not day:
        return "–"
    if hasattr(day, "hour"):
        day = timezone.localtime(day).date()
    return _("%(year)d-%(month)02d-%(day)02d") % {"year": day.year, "month": day.month, "day": day.day}


@register.filter
def year_month(day):
    """2027.3, as terms of office are written."""
    return f"{day.year}.{day.month}" if day else "–"


@register.filter
def moment(at):
    """A time as people need it: the hour today, the day before that."""
    if not at:
        return "–"
    local = timezone.localtime(at)
    clock = f"{local:%H:%M}"
    return clock if local.date() == timezone.localdate() else f"{month_day(local.date())} {clock}"


@register.filter
def period(code):
    return Period.parse(code).label if code else ""


@register.filter
def period_short(code):
    return Period.parse(code).short if code else ""


@register.filter
def masked_phone(phone):
    return mask_phone(phone)


@register.filter
def masked_email(address):
    return mask_email(address)


@register.filter
def done_count(squares):
    """How many duties of a year are done."""
    return sum(square.is_done for square in squares)


@register.filter
def get(mapping, key):
    """A value of a mapping by a key that is a variable."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def meter(value, total, tone="ok", label=""):
    """A thin bar that shows a share; the numbers stand beside it in the page."""
    return format_html(
        '<meter class="meter {}" min="0" max="{}" value="{}" aria-label="{}">{}</meter>',
        tone, total or 1, value or 0, label, percent(value / total if total else None),
    )  # fmt: skip


@register.simple_tag
def heat(rate, href="", title=""):
    """A cell of a heat table: the rate, its shade, and the way to its rows."""
    if rate is None:
        return format_html('<span class="heat h0">{}</span>', "–")
    shade = next(level for level, floor in ((5, 0.97), (4, 0.92), (3, 0.85), (2, 0.75), (1, -1)) if rate >= floor)
    text = number_format(rate * 100, 0)
    if not href:
        return format_html('<span class="heat h{}" title="{}">{}</span>', shade, title, text)
    return format_html('<a class="heat h{}" href="{}" title="{}">{}</a>', shade, href, title, text)


_HEAT_ROW = '<tr><th scope="row"><a href="{}" title="{}">{}</a></th>{}{}</tr>'


@register.simple_tag
def heat_rows(rows, with_parts):
    """The lines of a heat table (unions.dashboards.Row), in one go: a district has sixty. Each ends with the parts of
    its share, or with its members."""
    return reduce(add, (_heat_row(row, with_parts) for row in rows), SafeString())


def _heat_row(row, with_parts: bool) -> SafeString:
    if with_parts:
        parts = row.done_href, number(row.done), row.expected_href, number(row.expected)
        end = format_html('<td class="num"><a href="{}">{}</a>/<a href="{}">{}</a></td>', *parts)
    else:
        end = format_html('<td class="num aside">{}</td>', number(row.members))
    return format_html(_HEAT_ROW, row.href, row.full_name, row.name, heat_cells(row.cells), end)


@register.simple_tag
def heat_cells(cells):
    """The cells of a row of a heat table (unions.dashboards.Cell), in one go: a district has five hundred."""
    return reduce(add, map(_heat_cell, cells), SafeString())


@lru_cache(maxsize=32)
def _heat_format(is_old: bool, shade: int, is_link: bool) -> str:
    place, colour = "c old" if is_old else "c", f"heat h{int(shade)}"
    inner = (
        f'<a class="{colour}" href="{{}}" title="{{}}">{{}}</a>' if is_link else f'<span class="{colour}">{{}}</span>'
    )
    return f'<td class="{place}">{inner}</td>'


@lru_cache(maxsize=8192)  # what is over does not change: the same cells are drawn for everybody who looks
def _heat_cell(cell) -> SafeString:
    if not cell.href:
        return format_html(_heat_format(cell.is_old, cell.shade, False), cell.text)
    return format_html(_heat_format(cell.is_old, cell.shade, True), cell.href, cell.title, cell.text)


@register.simple_tag
def line_chart(points, label="", unit="", width=charts.WIDTH):
    """A line over periods, drawn on the server as SVG: no script, prints, and every point has its number."""
    return render_to_string("components/line_chart.html", charts.line(list(points), label, unit, width))


@register.simple_tag
def column_chart(groups, names, label="", width=charts.WIDTH):
    """Amounts side by side, a group a year: columns that stand on nought, drawn on the server as SVG."""
    return render_to_string("components/column_chart.html", charts.columns(list(groups), list(names), label, width))


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page, target="", sizes=()):
    """The pages of a list; `target` is what htmx replaces with the next one, `sizes` how many rows a page one may ask for."""
    offered = sizes if sizes and page.paginator.count > min(sizes) else ()
    return {"page": page, "request": context.get("request"), "target": target, "sizes": offered}


@register.inclusion_tag("components/empty.html", takes_context=True)
def empty(context, title, text="", href="", action="", icon_name="inbox", scoped=True):
    """What to say where there is nothing: why, what to do, and the way to the page that explains one's access; not where
    it depends on no right (`scoped` is false): one's own messages, a question not asked yet."""
    explained = why(context) if scoped else ""
    return {"title": title, "text": text, "href": href, "action": action, "icon_name": icon_name, "why": explained}


@register.simple_tag(takes_context=True)
def why(context, reason="empty"):
    """The way from what is empty, refused or not there to the page that explains one's access; the same whatever was
    asked for."""
    request = context.get("request")
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return ""
    href = explain.address(reason, trace().permission)
    return format_html(
        '<a class="why" href="{}">{}{}</a>', href, icon("circle-question-mark", 15), _("Why can I not see this?")
    )


@register.inclusion_tag("components/crumbs.html", takes_context=True)
def crumbs(context, union=None, here="", via="", href=""):
    """The way down the tree to this page, and over `via` where that is the page it belongs to; what lies above somebody's
    scope is named, not linked."""
    scope = context["user"].scope(Permission.UNION_VIEW) if union else None
    chain = [(above, scope.covers(above)) for above in union.ancestors()] if union else []
    return {
        "union": union,
        "chain": chain,
        "here": here,
        "via": via,
        "href": href,
        "may_see": bool(union and scope.covers(union)),
    }


@register.simple_block_tag
def card(content, title="", aside="", href="", name=""):
    """A white card with a title; `aside` is a quiet word at the right, a link where `href` is given."""
    return render_to_string(
        "components/card.html", {"content": content, "title": title, "aside": aside, "href": href, "name": name}
    )


@register.simple_tag(takes_context=True)
def badge_count(context, item):
    """The count beside a menu entry."""
    return item.badge(context["request"])
