"""Asking a union from its public page, and following one's own enquiry by its link: without an account and without a
script, in the browser of a chat app. Both are never kept by any cache; the wall is crossed for what the address names."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disclosure import enquiries
from disclosure.enquiry_forms import AddForm, AskForm, OwnRateForm
from disclosure.enums import EnquiryState, EnquiryWay
from disclosure.models import Enquiry, PublicPage
from disclosure.site import Site
from disclosure.views.public import frame, open_page
from unions.audit_words import sentence as act_words
from unions.kit.http import client_address
from unions.models import Event
from unions.tokens import Purpose, by_link, make
from unions.wall import system
from unions.workflow import MoveError

# Reasons that the asker is owed, and to whom it was handed.
OWED = ("enquiry.up", "enquiry.down", "enquiry.take", "enquiry.extend", "enquiry.decline", "enquiry.resume")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of an open public page; whoever sends it is led to their enquiry's own link."""
    with system("takes an enquiry from a public page"), transaction.atomic():
        return _ask(request, open_page(slug))


def _ask(request: HttpRequest, page: PublicPage) -> HttpResponse:
    form = AskForm(request.POST or None)
    context = {**frame(request, Site(page)), "form": form}
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:  # nobody sees this field
            return render(request, "disclosure/public/thanks.html", context)
        if enquiries.asks_too_much(client_address(request)) or enquiries.has_too_many(page.union):
            return render(request, "disclosure/public/ask.html", {**context, "is_full": True}, status=429)
        question, key = form.question(), form.cleaned_data["key"]
        made = enquiries.ask(page.union, question, by=None, way=EnquiryWay.PUBLIC, key=key)
        return redirect("disclosure:public-enquiry", make(Purpose.ENQUIRY, made.pk, made.link_number))
    return render(request, "disclosure/public/ask.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@by_link(Purpose.ENQUIRY)
def asked(request: HttpRequest, link, token: str) -> HttpResponse:
    """One's own enquiry: where it stands, what was replied; add something, rate the reply, reopen it once."""
    found = (
        Enquiry.objects.select_related("union", "handler", "theme").filter(pk=link.pk, link_number=link.number).first()
    )
    if found is None:
        raise Http404
    is_adding = "text" in request.POST
    add_form = AddForm(request.POST if is_adding else None)
    rate_form = OwnRateForm(request.POST if request.method == "POST" and not is_adding else None, enquiry=found)
    problem = ""
    if request.method == "POST":
        try:
            if _take(found, add_form if is_adding else None, rate_form):
                return redirect("disclosure:public-enquiry", token)
        except MoveError as refused:
            problem = str(refused)
    context = {
        "enquiry": found, "union": found.union, "add_form": add_form, "rate_form": rate_form, "problem": problem,
        "is_new": found.state == EnquiryState.ASKED and not found.is_reopened, "can_add": found.state in enquiries.OPEN_TO_ADD,
        "additions": list(found.additions.all()), "replies": list(found.replies.all()), "events": _owed(found),
    }  # fmt: skip
    refused = bool(problem or add_form.errors or rate_form.errors)
    return render(request, "disclosure/public/asked.html", context, status=422 if refused else 200)


def _take(found: Enquiry, add_form: AddForm | None, rate_form: OwnRateForm) -> bool:
    """What the asker sent, if it is whole."""
    if add_form is not None:
        if add_form.is_valid():
            enquiries.add(found, add_form.cleaned_data["text"], by=None)
        return add_form.is_valid()
    if rate_form.is_valid():
        given = rate_form.cleaned_data
        enquiries.rate(found, given["satisfaction"], by=None, words=given["words"])
    return rate_form.is_valid()


def _owed(found: Enquiry) -> list[Event]:
    rows = [event for event in enquiries.history(found) if event.action in OWED]
    for event in rows:
        event.words = act_words(event)
    return rows
