"""The hearing of an annual report: where it was heard, the committee's links, ratings and questions, publication."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from disclosure import annual_hearing
from disclosure.annual import SEE, WRITE, Book
from disclosure.annual_forms import AnswerForm, AssemblyForm, CommitteeForm, QuestionForm, RatingForm
from disclosure.models import AnnualHearer, AnnualQuestion
from disclosure.views.annual import LIST, report_for
from unions.access import fetch
from unions.kit.http import requires
from unions.moves import add_errors
from unions.notices import absolute
from unions.tokens import Purpose, by_link, qr_of
from unions.workflow import MoveError


def _frame(report, here: str) -> dict:
    return {
        "report": report,
        "union": report.union,
        "crumb_union": report.union,
        "crumb_here": here,
        "here_menu": LIST,
    }


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def hear(request: HttpRequest, pk: int) -> HttpResponse:
    """Which assembly heard it; or to whom of the committee it is given, and their links."""
    report = report_for(request, pk, WRITE)
    by_assembly = annual_hearing.is_heard_by_assembly(report)
    form = (AssemblyForm if by_assembly else CommitteeForm)(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid():
        take = annual_hearing.hear_at if by_assembly else annual_hearing.open_hearing
        try:
            take(report, **form.cleaned_data, by=request.user)
        except MoveError as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("disclosure:annual-hear" if not by_assembly else "disclosure:annual", pk)
    addresses = [(one, absolute(annual_hearing.link_of(one))) for one in report.hearers.all()]
    hearers = [(one, address, qr_of(address)) for one, address in addresses]
    context = {**_frame(report, _("Hearing")), "form": form, "by_assembly": by_assembly, "hearers": hearers}
    return render(request, "disclosure/annual/hear.html", context, status=422 if form.is_bound else 200)


@requires(WRITE)
@require_POST
def hear_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The committee has rated it: it counts as heard."""
    report = report_for(request, pk, WRITE)
    annual_hearing.end_hearing(report, by=request.user)
    messages.success(request, _("The hearing is over."))
    return redirect("disclosure:annual", pk)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def question_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take down what was asked at the meeting."""
    report = report_for(request, pk, WRITE)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        annual_hearing.ask(report, form.cleaned_data["text"], by=request.user, asker=form.cleaned_data["asker"])
        messages.success(request, _("Saved."))
        return redirect("disclosure:annual", pk)
    context = {**_frame(report, _("Enter a question")), "form": form, "question": None}
    return render(request, "disclosure/annual/question.html", context, status=422 if form.is_bound else 200)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def question_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question; whoever asked reads it at their link."""
    rows = AnnualQuestion.objects.select_related("report__union__middle", "report__union__parent")
    question = fetch(rows, request.user, SEE, WRITE, pk=pk)
    form = AnswerForm(request.POST or None, initial={"text": question.answer})
    if request.method == "POST" and form.is_valid():
        annual_hearing.answer(question, form.cleaned_data["text"], by=request.user)
        messages.success(request, _("Answered."))
        return redirect("disclosure:annual", question.report_id)
    context = {**_frame(question.report, _("Answer a question")), "form": form, "question": question}
    return render(request, "disclosure/annual/question.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@by_link(Purpose.ANNUAL_HEARING)
def hearing(request, link, token):
    """A committee member's own page: the report, their rating, their questions with the answers."""
    rows = AnnualHearer.objects.select_related("report__union", "report__sheet", "report__meeting")
    hearer = rows.filter(pk=link.pk).first()
    if hearer is None or link.number != 1:
        raise Http404
    is_open = annual_hearing.is_open(hearer.report)
    is_question = "text" in request.POST
    rating = RatingForm(
        request.POST if request.method == "POST" and not is_question else None, initial={"rating": hearer.rating}
    )
    question = QuestionForm(request.POST if request.method == "POST" and is_question else None, is_named=False)
    form = question if is_question else rating
    if request.method == "POST" and form.is_valid():
        try:
            if is_question:
                annual_hearing.ask(hearer.report, form.cleaned_data["text"], by=None, hearer=hearer)
            else:
                annual_hearing.rate(hearer, form.cleaned_data["rating"])
        except MoveError as problem:
            add_errors(form, problem)
        else:
            return redirect(reverse("disclosure:annual-hearing", args=[token]))
    context = {
        "hearer": hearer, "report": hearer.report, "union": hearer.report.union, "book": Book(hearer.report), "is_open": is_open,
        "rating": rating, "question": question, "questions": list(hearer.questions.all()), "is_public": True,
    }  # fmt: skip
    return render(request, "disclosure/annual/public.html", context, status=422 if form.errors else 200)
