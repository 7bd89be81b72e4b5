"""Writing an annual report: the page, keeping one paragraph or all, taking the portal's drafts, signing, files."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from disclosure import annual, annual_moves
from disclosure.annual import FILE, SEE, SIGN, WRITE, Book, draft_for, may_write
from disclosure.annual_seeds import RULE
from disclosure.enums import PromiseOutcome
from disclosure.models import AnnualReport
from disclosure.views.annual import LIST
from unions import uploads
from unions.access import fetch
from unions.audit_words import acts_of
from unions.kit.http import requires
from unions.models import Duty, Upload
from unions.moves import read_revision
from unions.views.uploads import UploadForm
from unions.workflow import Conflict, MoveError, perform


def duty_for(request: HttpRequest, pk: int, act: str | None = None) -> Duty:
    duties = Duty.objects.select_related("union__parent", "union__middle", "rule")
    return fetch(duties.filter(rule__task=RULE), request.user, SEE, act, pk=pk)


def _page(
    request, duty: Duty, report: AnnualReport, *, mistakes=None, status: int = 200, conflict=None
) -> HttpResponse:
    steps = acts_of(report, request.user, SEE) if report.pk else []
    returned = annual_moves.sent_back(steps)
    book = Book(report, with_sources=True, sent_back=returned)
    context = {
        "duty": duty, "report": report, "union": duty.union, "book": book, "mistakes": mistakes or {}, "conflict": conflict,
        "typed": request.POST if mistakes else {}, "left": book.left, "outcomes": PromiseOutcome.choices,
        "may_sign": request.user.has_perm(SIGN, duty), "steps": steps, "has_drafts": _has_drafts(book),
        "returned": returned,
        "crumb_union": duty.union, "crumb_here": report.title, "here_menu": LIST,
    }  # fmt: skip
    is_autosave = bool(request.headers.get("X-Autosave"))
    template = "disclosure/annual/_form.html" if is_autosave else "disclosure/annual/write.html"
    return render(request, template, context, status=status)


def _has_drafts(book: Book) -> bool:
    return any(one.draft and not one.is_done for chapter in book.chapters for one in chapter.paragraphs)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def write(request, pk):
    """The page; posting it keeps everything on it (the way without scripts)."""
    duty = duty_for(request, pk, WRITE if request.method == "POST" else None)
    if request.method == "GET":
        report = draft_for(duty)
        if report.pk and not (report.is_editable and may_write(request.user, duty)):
            return redirect("disclosure:annual", report.pk)
        if not may_write(request.user, duty):
            raise PermissionDenied
        return _page(request, duty, report)
    report, mistakes = _save(request, duty)
    then = request.POST.get("then", "")
    if mistakes or (then and annual.shortcoming(report)):
        return _page(request, duty, report, mistakes=mistakes, status=422)
    if then == "sign":
        return redirect("disclosure:annual-sign", duty.pk)
    if then == "ask":
        annual_moves.ask(report, by=request.user)
        messages.success(request, _("The chair has been asked to look it over and file it."))
    else:
        messages.success(request, _("Saved. You can go on at any time."))
    return redirect("disclosure:annual-write", duty.pk)


def _save(request, duty: Duty, *, take_drafts: bool = False) -> tuple[AnnualReport, dict[str, str]]:
    """Everything on the page. A draft of the portal that nobody touched is nobody's word yet."""
    values = request.POST.dict()
    for chapter in Book(draft_for(duty), with_sources=True).chapters:
        for one in chapter.paragraphs:
            if not one.is_done and values.get(one.name, "").strip() == one.draft:
                values.pop(one.name, None)
    return annual.save_report(
        duty, by=request.user, values=values, take_drafts=take_drafts, revision=read_revision(request)
    )


@requires(WRITE)
@require_POST
def save_field(request, pk):
    """Keep what was just written; answers with the form as it now stands, of which the script takes the parts."""
    duty, mistakes = duty_for(request, pk, WRITE), {}
    given = {request.POST.get("name", ""): request.POST.get("value", "")}
    try:
        report, mistakes = annual.save_report(duty, by=request.user, values=given, revision=read_revision(request))
    except Conflict as conflict:
        rows = annual.conflict_rows(conflict.current, given)
        return _page(request, duty, conflict.current, status=409, conflict=rows)
    if mistakes:
        request.POST = request.POST.copy()
        request.POST.update(given)
    return _page(request, duty, report, mistakes=mistakes, status=422 if mistakes else 200)


@requires(WRITE)
@require_POST
def take_drafts(request, pk):
    """“The drafts are right”: one click takes what the portal proposes where nothing else was written."""
    duty = duty_for(request, pk, WRITE)
    report, mistakes = _save(request, duty, take_drafts=True)
    if request.headers.get("X-Autosave") or mistakes:
        return _page(request, duty, report, mistakes=mistakes, status=422 if mistakes else 200)
    return redirect("disclosure:annual-write", duty.pk)


@requires(SIGN)
@require_http_methods(["GET", "POST"])
def sign(request, pk):
    """Look it over as the document it becomes, then sign and file it."""
    duty = duty_for(request, pk, SIGN)
    report = draft_for(duty)
    if report.pk is None or (request.method == "GET" and (not report.is_editable or annual.shortcoming(report))):
        return redirect("disclosure:annual-write", duty.pk)
    move = "submit" if duty.union.superior else "conclude"
    if request.method == "GET":
        context = {
            "duty": duty, "report": report, "union": duty.union, "book": Book(report, with_sources=True),
            "key": uuid.uuid4().hex, "crumb_union": duty.union, "crumb_here": _("Sign and file"), "here_menu": LIST,
        }  # fmt: skip
        return render(request, "disclosure/annual/sign.html", context)
    key = f"annual.{report.pk}.{request.POST.get('key', '')[:36]}" if request.POST.get("key") else None
    perform(report, move, by=request.user, revision=read_revision(request), key=key)
    messages.success(request, _("Filed.") if move == "submit" else _("Put on file."))
    return redirect("disclosure:annual", report.pk)


# --- files ---------------------------------------------------------------------------------------------------------


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def files(request, pk, number):
    """Files that belong to one part of the report."""
    duty = duty_for(request, pk, WRITE)
    report = draft_for(duty)
    if not report.is_editable:
        raise MoveError(_("This report is filed. Withdraw it first if something must be changed."))
    part = get_object_or_404(report.sheet.parts, number=number)
    form = UploadForm(None, purpose=FILE, union=duty.union, user=request.user)
    if request.method == "POST":
        section = annual.ensure(duty, by=request.user).sections.get(part=part)
        form = UploadForm(
            request.POST, request.FILES, purpose=FILE, union=duty.union, user=request.user, object_id=section.pk
        )  # fmt: skip
        if form.is_valid():
            messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
            return redirect("disclosure:annual-files", pk, number)
    chapter = next(one for one in Book(report).chapters if one.part == part)
    context = {
        "duty": duty, "report": report, "union": duty.union, "part": part, "form": form, "files": chapter.files,
        "crumb_union": duty.union, "crumb_here": _("Files"), "here_menu": LIST,
    }  # fmt: skip
    return render(request, "disclosure/annual/files.html", context, status=422 if form.is_bound else 200)


@requires(WRITE)
@require_POST
def file_remove(request, pk, upload):
    """Take a file away while the report is being written."""
    duty = duty_for(request, pk, WRITE)
    report = get_object_or_404(AnnualReport, duty=duty)
    if not report.is_editable:
        raise MoveError(_("This report is filed. Withdraw it first if something must be changed."))
    sections = {section.pk: section for section in report.sections.select_related("part")}
    given = get_object_or_404(Upload, union=duty.union_id, purpose=FILE.key, object_id__in=sections, pk=upload)
    uploads.remove(given, by=request.user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": given.name})
    return redirect("disclosure:annual-files", pk, sections[given.object_id].part.number)
