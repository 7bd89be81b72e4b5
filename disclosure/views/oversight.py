"""Special oversight: the list, a matter with everything about it, entering and changing it, its moves, its papers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from disclosure import oversight as oversights
from disclosure.enums import OversightState
from disclosure.models import Oversight
from disclosure.oversight import SEE, WRITE
from disclosure.oversight_forms import CommentForm, MatterForm, move_form
from disclosure.oversight_lists import OversightFilters, OversightTable, visible_oversights
from disclosure.oversight_moves import OVERSIGHT, missing
from disclosure.oversight_paper import sheet as finding_sheet
from disclosure.oversight_paper import whole
from disclosure.oversight_words import KEY
from unions.access import fetch, fetch_union
from unions.audit_words import sentence
from unions.kit.documents import DOCX, PDF, Paper, as_docx, as_pdf
from unions.kit.http import attachment, requires
from unions.kit.masking import mask_name, mask_phone
from unions.kit.tables import list_response
from unions.models import User
from unions.moves import add_errors, move_page, read_revision
from unions.publishables import ways_of
from unions.workflow import MoveError, allowed

LIST, S = "disclosure:oversight-list", OversightState
FORMS = {"pdf": (as_pdf, PDF), "docx": (as_docx, DOCX)}
STEPS = (
    S.PREPARING,
    S.OPEN,
    S.REPLYING,
    S.FOLLOWING,
    S.CLOSED,
)


def oversight_for(request: HttpRequest, pk: int, act: str | None = None) -> Oversight:
    rows = Oversight.objects.select_related(
        "union__middle", "union__parent", "meeting", "bulletin", "report__union", "proposal"
    )
    return fetch(rows, request.user, SEE, act, pk=pk)


def frame(found: Oversight, here: str = "") -> dict:
    return {
        "oversight": found,
        "union": found.union,
        "crumb_union": found.union,
        "crumb_here": here or found.title,
        "here_menu": LIST,
    }


@requires(SEE)
@require_GET
def oversight_list(request: HttpRequest) -> HttpResponse:
    """Every matter in scope, filtered; exported as it is filtered."""
    own = request.user.union if request.user.has_perm(WRITE) else None
    return list_response(
        request, queryset=visible_oversights(request.user), filters=OversightFilters, table=OversightTable,
        template="disclosure/oversight/list.html", export="table", export_name=_("Special oversight"),
        context={"crumb_here": _("Special oversight"), "own": own if own and request.user.has_perm(WRITE, own) else None},
    )  # fmt: skip


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def oversight_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a matter of one's own union under oversight, or ask the union below to do so."""
    union = fetch_union(request.user, pk)
    is_own = request.user.has_perm(WRITE, union)
    if not (is_own or oversights.may_ask(request.user, union)):
        raise PermissionDenied
    known = {name: request.GET[name] for name in ("meeting", "bulletin", "report", "proposal") if name in request.GET}
    form = MatterForm(request.POST or None, union=union, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            made = oversights.enter(union, form.values(), by=request.user, key=form.cleaned_data["key"])
        except MoveError as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Entered.") if is_own else _("The union has been asked."))
            return redirect("disclosure:oversight", made.pk)
    here = _("Put a matter under oversight") if is_own else _("Ask for special oversight")
    context = {
        "form": form,
        "union": union,
        "crumb_union": union,
        "crumb_here": here,
        "here_menu": LIST,
        "is_own": is_own,
    }
    return render(request, "disclosure/oversight/form.html", context, status=422 if form.is_bound else 200)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def oversight_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the matter before the overseers begin."""
    found = oversight_for(request, pk)
    if not (request.user.has_perm(WRITE, found) or oversights.may_ask(request.user, found.union)):
        raise PermissionDenied
    if not oversights.may_edit(request.user, found):
        raise MoveError(_("The matter does not change any more, or it is the other side's turn."))
    form = MatterForm(request.POST or None, union=found.union, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            # A form changes its instance: the service compares with what is stored.
            oversights.edit(
                oversight_for(request, pk), form.values(), by=request.user, revision=read_revision(request)
            )
        except MoveError as problem:
            if problem.status != 422:
                raise
            add_errors(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("disclosure:oversight", pk)
    context = {**frame(found, _("Edit")), "form": form, "is_own": True}
    return render(request, "disclosure/oversight/form.html", context, status=422 if form.is_bound else 200)


@requires(SEE)
@require_GET
def oversight(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter: overseers, findings with replies, what comes next, the time line."""
    found = oversight_for(request, pk)
    return render(request, "disclosure/oversight/detail.html", _about(request.user, found))


def _about(user: User, found: Oversight) -> dict:
    may_write, today = user.has_perm(WRITE, found), timezone.localdate()
    history = oversights.history(found, user)
    for event in history:
        event.words = sentence(event)
    overseers = list(found.overseers.select_related("draw", "replaces"))
    for one in overseers:
        one.shown, one.shown_phone = mask_name(one.name), mask_phone(one.phone)
    is_choosing = found.state == S.PREPARING
    return {
        **frame(found), "today": today, "is_overdue": found.is_overdue(today), "may_write": may_write,
        "may_edit": oversights.may_edit(user, found), "moves": allowed(found, user),
        "steps": [(step.label, step == found.state) for step in STEPS],
        "overseers": overseers, "draws": list(found.draws.all()), "findings": _findings(found),
        "may_invite": may_write and found.state in oversights.ANSWERABLE, "may_draw": may_write and is_choosing,
        "missing": missing(found) if found.state == S.FOLLOWING else [],
        "hint": _hint(found, user), "ways": ways_of(KEY, found, user),
        "history": history, "comment_form": CommentForm() if oversights.may_ask(user, found.union) else None,
        "links": _links(found), "taking": found.state == S.OPEN and may_write,
    }  # fmt: skip


def _hint(found: Oversight, user: User) -> str:
    """Why the next step cannot be taken yet, for whoever works on the matter."""
    name = {S.PREPARING: "begin", S.OPEN: "collect", S.REPLYING: "reply"}.get(found.state)
    is_mine = name is not None and user.has_perm(WRITE, found)
    return OVERSIGHT.transitions[name].guard(found, user) or "" if is_mine else ""


def _findings(found: Oversight) -> list:
    rows = list(found.findings.select_related("overseer").prefetch_related("replies"))
    files = oversights.files_by_finding(rows)
    for one in rows:
        one.files = files[one.pk]
    return rows


def _links(found: Oversight) -> list[tuple[str, str, str]]:
    """What the matter is tied to: kind, title, address."""
    pages = {
        "meeting": "assemblies:meeting", "bulletin": "disclosure:bulletin", "report": "disclosure:annual",
        "proposal": "assemblies:proposal-detail",
    }  # fmt: skip
    tied = [(name, getattr(found, name)) for name in pages]
    return [
        (found._meta.get_field(name).verbose_name, str(one), reverse(pages[name], args=[one.pk]))
        for name, one in tied
        if one
    ]


@requires(SEE)
@require_http_methods(["GET", "POST"])
def oversight_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One step: what it means, what it demands, or why it cannot be taken now."""
    if move not in OVERSIGHT.transitions:
        raise Http404
    transition = OVERSIGHT.transitions[move]
    found = oversight_for(request, pk, transition.permission)
    form = move_form(transition, request.POST if request.method == "POST" else None)
    context = frame(found, str(transition.label))
    if move == "close":
        context["missing"] = missing(found)
    return move_page(request, found, move, form, context=context, then=reverse("disclosure:oversight", args=[pk]))


@requires(WRITE)
@require_POST
def oversight_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A remark of the tier above, on the time line."""
    found = oversight_for(request, pk)
    if not oversights.may_ask(request.user, found.union):
        raise PermissionDenied
    oversights.comment(found, request.POST.get("text", ""), by=request.user)
    messages.success(request, _("Noted; the union is told."))
    return redirect("disclosure:oversight", pk)


def _paper(request: HttpRequest, pk: int, form: str, write) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    paper: Paper = write(oversight_for(request, pk))
    make, mime = FORMS[form]
    return attachment(make(paper), f"{paper.title}.{form}", mime)


@requires(SEE)
@require_GET
def document(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The whole file for print (PDF) and for the office (Word)."""
    return _paper(request, pk, form, whole)


@requires(SEE)
@require_GET
def sheet(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The sheet on which an overseer writes by hand."""
    return _paper(request, pk, form, finding_sheet)
