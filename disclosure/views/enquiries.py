"""Enquiries to read and to handle: the list, the queue, one with its history, what is taken down, each move, the asker's
link, what somebody left about themselves."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies.models import Matter
from disclosure import enquiries, enquiry_matters
from disclosure.enquiry_forms import MOVE_FORMS, AddForm, FromMatterForm, MoveForm, RevealForm, TakeForm
from disclosure.enquiry_lists import TABS, EnquiryFilters, EnquiryTable, Queue, visible_enquiries
from disclosure.enquiry_moves import ENQUIRIES
from disclosure.models import Asker, Enquiry
from disclosure.views.enquiry_bulk import acts_of
from unions.access import fetch
from unions.audit_words import sentence as act_words
from unions.kit.http import requires
from unions.kit.masking import mask_name, mask_phone
from unions.kit.pagination import ListPaginator
from unions.kit.tables import list_response
from unions.models import User
from unions.moves import move_page
from unions.notices import absolute
from unions.permissions import Permission
from unions.publishables import ways_of
from unions.services import record
from unions.tokens import Purpose, make, qr_of
from unions.workflow import allowed, perform

SEE, HANDLE = Permission.ENQUIRY_VIEW, Permission.ENQUIRY_HANDLE
MENU = "disclosure:enquiry-list"
SEALED = {"name": Asker._meta.get_field("name"), "phone": Asker._meta.get_field("phone")}
MASKS = {"name": mask_name, "phone": mask_phone}
PER_PAGE = 50


def enquiry_for(request: HttpRequest, pk: int) -> Enquiry:
    """One in scope; those above see it too, and whose turn it is says its handler."""
    found = Enquiry.objects.select_related(
        "union__middle", "union__parent", "theme", "handler__middle", "handler__parent", "matter"
    )
    return fetch(found, request.user, SEE, pk=pk)


def enquiry_to_handle(request: HttpRequest, pk: int) -> Enquiry:
    found = enquiry_for(request, pk)
    if not enquiries.may_handle(request.user, found):
        raise PermissionDenied
    return found


@requires(SEE)
@require_GET
def enquiry_list(request: HttpRequest) -> HttpResponse:
    """Every enquiry in scope, filtered, with its workbook."""
    return list_response(
        request, queryset=visible_enquiries(request.user), filters=EnquiryFilters, table=EnquiryTable,
        template="disclosure/enquiries/list.html", export="table", export_name=_("Enquiries"),
        context={"may_handle": request.user.has_perm(HANDLE)},
    )  # fmt: skip


@requires(HANDLE)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this person, the most urgent first."""
    waiting = Queue(request.user)
    counts = waiting.counts()
    tab = request.GET.get("tab", "")
    if tab not in TABS:
        tab = next((name for name in TABS if counts[name]), "reply")
    names = [name for name in TABS if name in ("reply", "rating") or counts[name]]
    context = {
        "tab": tab, "tabs": [(name, TABS[name], counts[name]) for name in names], "today": timezone.localdate(),
        "acts": acts_of(tab), "page": ListPaginator(waiting.rows(tab), PER_PAGE).get_page(request.GET.get("page")), "late": counts["late"],
        "here_menu": "disclosure:enquiry-queue", "crumb_here": _("Handling of enquiries"),
    }  # fmt: skip
    return render(request, "disclosure/enquiries/queue.html", context)


@requires(SEE)
@require_GET
def enquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """One enquiry: what was asked, what was replied, its history, and what this person may do now."""
    found = enquiry_for(request, pk)
    return render(request, "disclosure/enquiries/detail.html", _about(request, found))


def _frame(found: Enquiry) -> dict:
    return {
        "enquiry": found,
        "union": found.union,
        "crumb_union": found.union,
        "crumb_here": found.code,
        "here_menu": MENU,
    }


def _about(request: HttpRequest, found: Enquiry) -> dict:
    may_handle = enquiries.may_handle(request.user, found)
    # A dissatisfied rating reopens by itself; a rating that is there is not entered again.
    moves = [move for move in allowed(found, request.user) if move.name != "reopen"]
    today = timezone.localdate()
    history = enquiries.history(found)
    for event in history:
        event.words = act_words(event)
    return {
        **_frame(found), "matter": _matter(found, request.user), "may_handle": may_handle, "today": today, "is_overdue": found.is_overdue(today),
        "asker": _masked(found), "additions": list(found.additions.select_related("taken_by")),
        "replies": list(found.replies.all()), "history": history, "ways": ways_of("enquiry", found, request.user),
        "moves": [(move, _form(found, move.name, request.user)) for move in moves],
        "add_form": AddForm(auto_id="add-%s") if may_handle and found.state in enquiries.OPEN_TO_ADD else None,
    }  # fmt: skip


def _matter(found: Enquiry, user: User) -> Matter | None:
    """The matter that it was at a symposium, for whoever sees that; the database hides it from a union below."""
    return found.matter if found.matter and user.has_perm(Permission.ASSEMBLY_VIEW, found.matter) else None


def _masked(found: Enquiry) -> list[tuple[str, str, str]]:
    """What the asker left, as everybody in scope sees it: field, label, masked value."""
    asker = Asker.objects.filter(enquiry=found).first()
    values = [(name, field.verbose_name, MASKS[name](getattr(asker, name))) for name, field in SEALED.items()] if asker else []  # fmt: skip
    return [row for row in values if row[2]]


def _form(found: Enquiry, move: str, user: User) -> MoveForm:
    """Several stand on one page: each field has an id of its own."""
    return MOVE_FORMS.get(move, MoveForm)(enquiry=found, user=user, auto_id=f"{move}-%s")


@requires(HANDLE)
@require_http_methods(["GET", "POST"])
def enquiry_new(request: HttpRequest) -> HttpResponse:
    """Take down what somebody asks on the telephone, at a visit or on the dialogue day."""
    known = {name: request.GET[name] for name in ("way", "asked_on") if name in request.GET}
    form = TakeForm(request.POST or None, user=request.user, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = enquiries.ask(
            given["union"], form.question(), by=request.user, way=given["way"], day=given["asked_on"], key=given["key"]
        )
        messages.success(request, _("Taken down as no. %(code)s.") % {"code": made.code})
        return redirect("disclosure:enquiry", made.pk)
    context = {"form": form, "here_menu": MENU, "crumb_here": _("Take down an enquiry")}
    return render(request, "disclosure/enquiries/new.html", context, status=422 if form.errors else 200)


@requires(HANDLE)
@require_http_methods(["GET", "POST"])
def enquiry_of_matter(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a matter of a symposium as an enquiry; what was taken down there is filled in."""
    rows = Matter.objects.select_related("meeting", "union__middle", "union__parent")
    matter = fetch(rows, request.user, Permission.ASSEMBLY_VIEW, Permission.ASSEMBLY_EDIT, pk=pk)
    if not enquiry_matters.may_hand_over(request.user, matter):
        raise PermissionDenied
    form = FromMatterForm(request.POST or None, matter=matter)
    if request.method == "POST" and form.is_valid():
        made = enquiry_matters.hand_over(matter, form.question(), by=request.user)
        messages.success(request, _("Handled as enquiry no. %(code)s.") % {"code": made.code})
        return redirect("disclosure:enquiry", made.pk)
    context = {
        "form": form, "matter": matter, "union": matter.union, "crumb_union": matter.union, "here_menu": MENU,
        "crumb_here": _("Handle it as an enquiry"), "problem": enquiry_matters.refusal(matter),
    }  # fmt: skip
    return render(request, "disclosure/enquiries/of_matter.html", context, status=422 if form.errors else 200)


@requires(HANDLE)
@require_http_methods(["GET", "POST"])
def enquiry_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """A move with what it asks for. GET shows its form alone, for whoever has no script or mistyped."""
    if move not in ENQUIRIES.transitions or move == "reopen":
        raise Http404
    found = enquiry_for(request, pk)
    may = enquiries.may_take_over if move == "take" else enquiries.may_handle
    if not may(request.user, found):
        raise PermissionDenied
    given = [request.POST] if request.method == "POST" else []
    form = MOVE_FORMS.get(move, MoveForm)(*given, enquiry=found, user=request.user)
    then = reverse("disclosure:enquiry", args=[pk])
    return move_page(request, found, move, form, context=_frame(found), then=then, take=_take)


def _take(found: Enquiry, move: str, *, by: User, revision: int | None = None, **given) -> Enquiry:
    if move == "rate":
        return enquiries.rate(found, by=by, revision=revision, **given["data"])
    return perform(found, move, by=by, revision=revision, **given)


@requires(HANDLE)
@require_POST
def enquiry_add(request: HttpRequest, pk: int) -> HttpResponse:
    """What the asker added on the telephone or in person."""
    found = enquiry_to_handle(request, pk)
    form = AddForm(request.POST)
    if form.is_valid():
        enquiries.add(found, form.cleaned_data["text"], by=request.user)
        messages.success(request, _("Added."))
    else:
        messages.error(request, _("Write what is to be added."))
    return redirect("disclosure:enquiry", pk)


@requires(HANDLE)
@require_http_methods(["GET", "POST"])
def enquiry_reveal(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """A name or a telephone number, once, for a reason that is kept."""
    found = enquiry_to_handle(request, pk)
    if item not in SEALED or not any(name == item for name, _label, _value in _masked(found)):
        raise Http404
    form, value = RevealForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        value = enquiries.reveal_asker(found, item, by=request.user, reason=form.cleaned_data["reason"])
    context = {**_frame(found), "form": form, "value": value, "label": SEALED[item].verbose_name}
    return render(request, "disclosure/enquiries/reveal.html", context, status=422 if form.errors else 200)


@requires(HANDLE)
@require_POST
def enquiry_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The asker's own link, to hand over on paper; that it was taken out is on record. Renewed, the former one leads
    nowhere."""
    found = enquiry_to_handle(request, pk)
    if "renew" in request.POST:
        found = enquiries.renew_link(found, by=request.user)
    else:
        record(found.union, "enquiry.show_link", found, by=request.user)
    token = make(Purpose.ENQUIRY, found.pk, found.link_number)
    link = absolute(reverse("disclosure:public-enquiry", args=[token]))
    return render(request, "disclosure/enquiries/link.html", {**_frame(found), "link": link, "qr": qr_of(link)})
