"""Annual reports to read: the list, one report as a document, the moves of its union and of the tier above."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assemblies.meeting_documents import FORMS
from disclosure import annual_hearing
from disclosure.annual import FILE, REVIEW, SEE, WRITE, Book, may_write
from disclosure.annual_forms import MoveForm
from disclosure.annual_lists import AnnualFilters, AnnualTable, visible_reports
from disclosure.annual_moves import ANNUAL, sent_back
from disclosure.annual_paper import paper
from disclosure.annual_publishing import complete, publications
from disclosure.annual_seeds import RULE
from disclosure.enums import AnnualState
from disclosure.models import AnnualReport
from unions import uploads
from unions.access import fetch
from unions.audit_words import acts_of
from unions.kit.http import attachment, requires
from unions.kit.links import link
from unions.kit.tables import list_response
from unions.models import Upload
from unions.moves import move_page
from unions.workflow import allowed

LIST = "disclosure:annual-list"


def report_for(request: HttpRequest, pk: int, act: str | None = None) -> AnnualReport:
    rows = AnnualReport.objects.select_related("union__middle", "union__parent", "sheet", "duty__rule", "meeting")
    return fetch(rows, request.user, SEE, act, pk=pk)


@requires(SEE)
@require_GET
def annual_list(request: HttpRequest) -> HttpResponse:
    """Every annual report in scope, filtered; exported as it is filtered."""
    return list_response(
        request, queryset=visible_reports(request.user), filters=AnnualFilters, table=AnnualTable,
        template="disclosure/annual/list.html", export="table", export_name=_("Annual reports"),
        context={
            "crumb_here": _("Annual reports"),
            "missing_href": link("unions:duty-list", rule=RULE, figure="missing") if request.user.has_perm(REVIEW) else "",
        },
    )  # fmt: skip


@requires(SEE)
@require_GET
def annual(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as the document it is, with what may be done with it now."""
    report = report_for(request, pk)
    steps = acts_of(report, request.user, SEE)
    returned = sent_back(steps) if report.state != AnnualState.ACCEPTED else None
    book = Book(report, with_sources=report.state == AnnualState.SUBMITTED, sent_back=returned)
    moves = [move for move in allowed(report, request.user) if move.name not in ("submit", "conclude")]
    context = {
        "report": report, "union": report.union, "book": book,
        "moves": moves, "steps": steps, "may_write": report.is_editable and may_write(request.user, report.duty),
        "may_act": request.user.has_perm(WRITE, report),
        "by_assembly": annual_hearing.is_heard_by_assembly(report),
        "tally": annual_hearing.tally_of(report),
        "questions": list(report.questions.all()),
        "publications": publications(report, request.user),
        "is_complete": complete(AnnualReport.objects.filter(pk=report.pk)).exists(),
        "crumb_union": report.union, "crumb_here": report.title, "here_menu": LIST,
    }  # fmt: skip
    return render(request, "disclosure/annual/detail.html", context)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One step: what it means, what it demands, the button that takes it. Filing has a page of its own (`sign`)."""
    if move not in ANNUAL.transitions or move in ("submit", "conclude"):
        raise Http404
    transition = ANNUAL.transitions[move]
    report = report_for(request, pk, transition.permission)
    form = MoveForm(request.POST if request.method == "POST" else None, transition=transition, report=report)
    return move_page(
        request, report, move, form, then=reverse("disclosure:annual", args=[pk]),
        context={
            "report": report, "union": report.union, "crumb_union": report.union, "crumb_here": str(transition.label), "here_menu": LIST,
        },
    )  # fmt: skip


@requires(SEE)
@require_GET
def document(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The report for print (PDF) and for the office (Word)."""
    if form not in FORMS:
        raise Http404
    report = report_for(request, pk)
    make, mime = FORMS[form]
    return attachment(make(paper(report)), f"{report.union.name}{report.title}.{form}", mime)


@requires(SEE)
@require_GET
def file(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """A file of the report, to whoever sees the report."""
    report = report_for(request, pk)
    rows = Upload.objects.visible_to(request.user, SEE).filter(purpose=FILE.key)
    sections = report.sections.values("pk")
    return uploads.handed_out(get_object_or_404(rows, union=report.union_id, object_id__in=sections, pk=upload))
