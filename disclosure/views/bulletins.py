"""Bulletins: the list, one bulletin where it stands, writing, the check, moves, files and postings."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from disclosure import bulletins
from disclosure.bulletin_forms import BulletinForm, MoveForm, PostingForm
from disclosure.bulletin_lists import BulletinFilters, BulletinTable, visible_bulletins
from disclosure.bulletin_moves import BULLETINS, take
from disclosure.bulletins import FILE, PROOF, findings_of, key_of, uncleared
from disclosure.enums import LINKED, BulletinState
from disclosure.marks import segments
from disclosure.models import Bulletin, Posting
from disclosure.pages import address_of_bulletin, reading_address
from unions import uploads
from unions.access import fetch, fetch_union
from unions.audit_words import sentence
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.models import Event, Union, Upload
from unions.moves import add_errors, move_page, read_revision
from unions.notices import absolute
from unions.permissions import Permission as P
from unions.services import record
from unions.views.uploads import UploadForm
from unions.workflow import Conflict, Invalid, MoveError, allowed, refusal

LIST = "disclosure:bulletin-list"
STEPS = (
    BulletinState.DRAFT, BulletinState.CHECKING, BulletinState.APPROVING, BulletinState.SCHEDULED, BulletinState.PUBLISHED
)  # fmt: skip


def bulletin_for(request: HttpRequest, pk: int, act: P | None = None) -> Bulletin:
    rows = Bulletin.objects.select_related(
        "union__middle", "union__parent", "item__category", "meeting", "written_by", "checked_by", "approved_by"
    )
    return fetch(rows, request.user, P.BULLETIN_VIEW, act, pk=pk)


def frame(bulletin: Bulletin, here: str = "") -> dict:
    """What every page of a bulletin shows around its content."""
    return {
        "bulletin": bulletin, "union": bulletin.union, "crumb_union": bulletin.union, "crumb_here": here or bulletin.title,
        "here_menu": LIST,
    }  # fmt: skip


@requires(P.BULLETIN_VIEW)
@require_GET
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """Every bulletin in sight, filtered; exported as it is filtered: the register of what was published."""
    context = {"may_write": request.user.has_perm(P.BULLETIN_WRITE), "crumb_here": _("Bulletins")}
    return list_response(
        request, queryset=visible_bulletins(request.user), filters=BulletinFilters, table=BulletinTable,
        template="disclosure/bulletins/list.html", export="table", export_name=_("Bulletins"), context=context,
    )  # fmt: skip


@requires(P.BULLETIN_VIEW)
@require_GET
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """The bulletin where it stands: steps, the next move, its text, files, postings, who did what."""
    found, user = bulletin_for(request, pk), request.user
    postings = list(found.postings.all())
    events = Event.objects.visible_to(user, P.BULLETIN_VIEW).filter(model=Bulletin._meta.label, object_id=found.pk)
    moves = allowed(found, user)
    context = {
        **frame(found), "steps": _steps(found), "moves": [move for move in moves if move.name != "withdraw"],
        "may_withdraw": "withdraw" in [move.name for move in moves], "public_address": address_of_bulletin(found), "blocked": _blocked(found, user),
        "is_by_link": found.state == BulletinState.PUBLISHED and found.readers in LINKED, "may_keep": user.has_perm(P.BULLETIN_APPROVE, found),
        "reading": _reading(found) if user.has_perm(P.BULLETIN_APPROVE, found) else None,
        "may_write": user.has_perm(P.BULLETIN_WRITE, found), "files": bulletins.files_of(found), "postings": postings,
        "proofs": bulletins.proofs_of(postings), "history": [(sentence(event), event) for event in events.select_related("by")[:30]],
        "open_findings": len(uncleared(found)) if found.state in (BulletinState.DRAFT, BulletinState.CHECKING) else 0,
    }  # fmt: skip
    return render(request, "disclosure/bulletins/detail.html", context)


def _reading(found: Bulletin) -> tuple[str, str] | None:
    """Where its audience reads it: the path to open, the address to hand out."""
    path = reading_address(found)
    return (path, absolute(path)) if path else None


def _steps(found: Bulletin) -> list[tuple[str, bool]]:
    reached = STEPS.index(found.state) if found.state in STEPS else len(STEPS)
    return [(step.label, index <= reached) for index, step in enumerate(STEPS)]


def _blocked(found: Bulletin, user) -> tuple[str, str] | None:
    """The main move that waits for something, and what it waits for."""
    for move in BULLETINS.transitions.values():
        if move.is_primary and found.state in move.sources and user.has_perm(move.permission, found):
            problem = refusal(found, move, user)
            return (str(move.label), str(problem)) if problem else None
    return None


# --- writing -------------------------------------------------------------------------------------------------------


@requires(P.BULLETIN_WRITE)
@require_GET
def write_anywhere(request: HttpRequest) -> HttpResponse:
    """From the list: to the union for which this person writes, or the choice among several."""
    unions = list(Union.objects.visible_to(request.user, P.BULLETIN_WRITE).active().order_by("path")[:20])
    if not unions:
        raise PermissionDenied
    if len(unions) == 1:
        return redirect("disclosure:bulletin-offers", unions[0].pk)
    context = {"unions": unions, "crumb_here": _("Write a bulletin"), "here_menu": LIST}
    return render(request, "disclosure/bulletins/unions.html", context)


@requires(P.BULLETIN_WRITE)
@require_http_methods(["GET", "POST"])
def offers(request: HttpRequest, pk: int) -> HttpResponse:
    """What there is to publish: results that need not be typed again, or a text of one's own."""
    union = fetch_union(request.user, pk, P.BULLETIN_WRITE)
    if request.method == "POST":
        key, _dot, number = request.POST.get("result", "").partition(".")
        if not number.isdecimal() or len(number) > 18:
            raise Http404
        made = bulletins.write_from(union, key, int(number), by=request.user)
        messages.success(request, _("Begun from the result. Look it over, then hand it in."))
        return redirect("disclosure:bulletin", made.pk)
    context = {
        "union": union, "offers": bulletins.offers(union, request.user), "crumb_union": union, "crumb_here": _("Write a bulletin"),
        "here_menu": LIST,
    }  # fmt: skip
    return render(request, "disclosure/bulletins/offers.html", context)


@requires(P.BULLETIN_WRITE)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """A bulletin by hand; `?item=` comes from the catalogue."""
    union = fetch_union(request.user, pk, P.BULLETIN_WRITE)
    item = request.GET.get("item", "")
    form = BulletinForm(request.POST or None, union=union, initial={"item": item} if item.isdecimal() else {})
    if request.method == "POST" and form.is_valid():
        try:
            made = bulletins.write(union, form.values(), by=request.user)
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("The draft is kept."))
            return redirect("disclosure:bulletin", made.pk)
    context = {
        "form": form,
        "union": union,
        "crumb_union": union,
        "crumb_here": _("Write a bulletin"),
        "here_menu": LIST,
    }
    return render(request, "disclosure/bulletins/form.html", context, status=422 if form.is_bound else 200)


@requires(P.BULLETIN_WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = bulletin_for(request, pk, P.BULLETIN_WRITE)
    if request.method == "GET" and not found.is_editable:
        raise MoveError(_("What is being checked or is published does not change: have it returned first."))
    form = BulletinForm(request.POST or None, union=found.union, instance=Bulletin.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        try:
            bulletins.edit(found, form.values(), by=request.user, revision=read_revision(request))
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("disclosure:bulletin", pk)
    context = {**frame(found, _("Edit")), "form": form}
    return render(request, "disclosure/bulletins/form.html", context, status=422 if form.is_bound else 200)


@requires(P.BULLETIN_WRITE)
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, after a look at which one it is."""
    found = bulletin_for(request, pk, P.BULLETIN_WRITE)
    if request.method == "POST":
        bulletins.discard(found, by=request.user)
        messages.success(request, _("The draft is thrown away."))
        return redirect(LIST)
    return render(request, "disclosure/bulletins/discard.html", frame(found, _("Throw the draft away")))


# --- the check -----------------------------------------------------------------------------------------------------


@requires(P.BULLETIN_VIEW)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the scanner found, each at its place, and the reasons for which it may stay."""
    found = bulletin_for(request, pk, P.BULLETIN_WRITE if request.method == "POST" else None)
    if request.method == "POST":
        reasons = {name.removeprefix("why-"): text for name, text in request.POST.items() if name.startswith("why-")}
        bulletins.clear(found, reasons, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("disclosure:bulletin-check", pk)
    findings = findings_of(found)
    places = {"title": _("Title of the bulletin"), "body": _("Body text")}
    rows = {key_of(finding): finding for finding in findings}
    context = {
        **frame(found, _("Secrecy check")), "rows": [(key, finding, found.cleared.get(key, "")) for key, finding in rows.items()],
        "title_parts": segments(found.title, [f for f in findings if f.place == places["title"]]),
        "body_parts": segments(found.body, [f for f in findings if f.place == places["body"]]),
        "left": len({key_of(f) for f in uncleared(found, findings)}),
        "may_write": request.user.has_perm(P.BULLETIN_WRITE, found) and found.state in (BulletinState.DRAFT, BulletinState.CHECKING),
        "moves": [move for move in allowed(found, request.user) if move.name in ("submit", "check", "return")],
    }  # fmt: skip
    return render(request, "disclosure/bulletins/check.html", context)


@requires(P.BULLETIN_VIEW)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One step: what it means, what it demands, the button that takes it."""
    if move not in BULLETINS.transitions or move == "expire":
        raise Http404
    transition = BULLETINS.transitions[move]
    found = bulletin_for(request, pk, transition.permission)
    form = MoveForm(request.POST if request.method == "POST" else None, transition=transition)
    return move_page(
        request, found, move, form, template="disclosure/bulletins/move.html", take=take,
        context=frame(found, str(transition.label)), then=reverse("disclosure:bulletin", args=[pk]),
    )  # fmt: skip


# --- files and postings ---------------------------------------------------------------------------------------------


@requires(P.BULLETIN_WRITE)
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """Files that go out with the bulletin; brought while it is a draft, so that they are checked with it."""
    found = bulletin_for(request, pk, P.BULLETIN_WRITE)
    if not found.is_editable:
        raise MoveError(_("What is being checked or is published does not change: have it returned first."))
    form = UploadForm(
        request.POST or None, request.FILES or None, purpose=FILE, union=found.union, user=request.user, object_id=found.pk
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
        return redirect("disclosure:bulletin-files", pk)
    context = {**frame(found, _("Files")), "form": form, "files": bulletins.files_of(found)}
    return render(request, "disclosure/bulletins/files.html", context, status=422 if form.is_bound else 200)


@requires(P.BULLETIN_VIEW)
@require_GET
def file(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    found = bulletin_for(request, pk)
    rows = Upload.objects.visible_to(request.user, P.BULLETIN_VIEW)
    return uploads.handed_out(get_object_or_404(rows, purpose=FILE.key, object_id=found.pk, pk=upload))


@requires(P.BULLETIN_WRITE)
@require_POST
def file_remove(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    found = bulletin_for(request, pk, P.BULLETIN_WRITE)
    if not found.is_editable:
        raise MoveError(_("What is being checked or is published does not change: have it returned first."))
    given = get_object_or_404(Upload, union=found.union_id, purpose=FILE.key, object_id=found.pk, pk=upload)
    uploads.remove(given, by=request.user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": given.name})
    return redirect("disclosure:bulletin-files", pk)


@requires(P.BULLETIN_WRITE)
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter where it was put up."""
    found = bulletin_for(request, pk, P.BULLETIN_WRITE)
    form = PostingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = bulletins.post(found, form.cleaned_data, by=request.user)
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Entered. A photograph of it is the proof."))
            return redirect("disclosure:posting", made.pk)
    context = {**frame(found, _("Enter a posting")), "form": form}
    return render(request, "disclosure/bulletins/post.html", context, status=422 if form.is_bound else 200)


def posting_for(request: HttpRequest, pk: int, act: P | None = None) -> Posting:
    """A posting is seen by whoever sees its bulletin."""
    rows = Posting.objects.select_related("bulletin", "union", "posted_by")
    found = fetch(rows, request.user, P.BULLETIN_VIEW, act, pk=pk)
    fetch(Bulletin.objects, request.user, P.BULLETIN_VIEW, pk=found.bulletin_id)
    return found


@requires(P.BULLETIN_VIEW)
@require_http_methods(["GET", "POST"])
def posting(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a bulletin was put up, with the photographs that prove it."""
    found = posting_for(request, pk, P.BULLETIN_WRITE if request.method == "POST" else None)
    may_write, form = request.user.has_perm(P.BULLETIN_WRITE, found), None
    if may_write:
        form = UploadForm(
            request.POST or None, request.FILES or None, purpose=PROOF, union=found.union, user=request.user, object_id=found.pk
        )  # fmt: skip
        if request.method == "POST" and form.is_valid():
            messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
            return redirect("disclosure:posting", pk)
    proofs = bulletins.proofs_of([found])[found.pk]
    context = {**frame(found.bulletin, str(found)), "posting": found, "form": form, "proofs": proofs}
    return render(request, "disclosure/bulletins/posting.html", context, status=422 if form and form.errors else 200)


@requires(P.BULLETIN_WRITE)
@require_POST
def posting_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong entry back, as long as nothing proves it."""
    found = posting_for(request, pk, P.BULLETIN_WRITE)
    if bulletins.proofs_of([found])[found.pk]:
        raise MoveError(_("A photograph proves this posting; it stays."))
    record(found.union, "posting.remove", found, by=request.user, data={"where": str(found)})
    found.delete()
    messages.success(request, _("Taken back."))
    return redirect("disclosure:bulletin", found.bulletin_id)


@requires(P.BULLETIN_VIEW)
@require_GET
def proof(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    found = posting_for(request, pk)
    rows = Upload.objects.visible_to(request.user, P.BULLETIN_VIEW)
    return uploads.handed_out(get_object_or_404(rows, purpose=PROOF.key, object_id=found.pk, pk=upload))
