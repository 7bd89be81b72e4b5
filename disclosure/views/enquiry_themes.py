"""The district's themes of enquiries; and the dialogue day of each month with what was taken down on it."""

import datetime

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from disclosure.enquiry_forms import ThemeForm
from disclosure.enquiry_lists import visible_enquiries
from disclosure.enums import EnquiryWay
from disclosure.models import EnquiryTheme
from unions.calendar import WorkCalendar
from unions.kit.http import requires
from unions.kit.links import link
from unions.kit.pagination import ListPaginator
from unions.models import Union
from unions.permissions import Permission
from unions.services import differences, record
from unions.settingbook import setting

THEMES = "disclosure:enquiry-theme-list"
PER_PAGE = 50


@requires(Permission.RULE_EDIT)
@require_GET
def theme_list(request: HttpRequest) -> HttpResponse:
    context = {"themes": EnquiryTheme.objects.all(), "here_menu": THEMES, "crumb_here": _("Themes of enquiries")}
    return render(request, "disclosure/enquiries/themes.html", context)


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def theme_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, EnquiryTheme())


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def theme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(EnquiryTheme, pk=pk))


def _edit(request: HttpRequest, theme: EnquiryTheme) -> HttpResponse:
    """A theme that was used is no longer offered rather than removed."""
    before = {name: getattr(theme, name) for name in ThemeForm.Meta.fields}
    form = ThemeForm(request.POST or None, instance=theme)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made = form.save()
            changes = differences(before, {name: getattr(made, name) for name in ThemeForm.Meta.fields})
            district = Union.objects.district()
            record(district, "enquirytheme.save", made, by=request.user, data={"changes": changes})
        messages.success(request, _("Saved."))
        return redirect(THEMES)
    context = {"form": form, "here_menu": THEMES, "crumb_here": _("Theme")}
    return render(request, "disclosure/enquiries/theme.html", context, status=422 if form.errors else 200)


def dialogue_day(month: datetime.date, calendar: WorkCalendar | None = None) -> datetime.date:
    """The dialogue day (职工沟通日) of a month: the district's day, or the next working day."""
    return (calendar or WorkCalendar()).on_or_after(month.replace(day=setting("dialogue-day", month)))


def _month(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None


@requires(Permission.ENQUIRY_VIEW)
@require_GET
def dialogue_this_month(request: HttpRequest) -> HttpResponse:
    return redirect("disclosure:dialogue", f"{timezone.localdate():%Y-%m}")


@requires(Permission.ENQUIRY_VIEW)
@require_GET
def dialogue(request: HttpRequest, month: str) -> HttpResponse:
    """What was taken down on a month's dialogue day, by theme and one by one."""
    first = _month(month)
    after = (first + datetime.timedelta(days=31)).replace(day=1)
    day = dialogue_day(first)
    taken = visible_enquiries(request.user).filter(way=EnquiryWay.DIALOGUE, asked_on__gte=first, asked_on__lt=after)
    counts = dict(taken.order_by().values_list("theme").annotate(Count("pk")))
    span = {"way": EnquiryWay.DIALOGUE.value, "since": first, "until": after - datetime.timedelta(days=1)}
    context = {
        "day": day, "month": first, "before": first - datetime.timedelta(days=1), "after": after, "today": timezone.localdate(),
        "page": ListPaginator(taken, PER_PAGE).get_page(request.GET.get("page")), "all_href": link("disclosure:enquiry-list", **span),
        "themes": [
            (theme, counts[theme.pk], link("disclosure:enquiry-list", theme=theme.pk, **span))
            for theme in EnquiryTheme.objects.filter(pk__in=counts)
        ],
        "unions": taken.order_by().values("union").distinct().count(), "may_handle": request.user.has_perm(Permission.ENQUIRY_HANDLE),
        "take_href": link("disclosure:enquiry-new", way=EnquiryWay.DIALOGUE.value, asked_on=min(day, timezone.localdate())),
        "here_menu": "disclosure:dialogue-newest", "crumb_here": _("Dialogue day"),
    }  # fmt: skip
    return render(request, "disclosure/enquiries/dialogue.html", context)
