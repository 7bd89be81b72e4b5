"""Paper ballots: how many were handed out, the piles, and the two counts of each."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assemblies import votes
from assemblies.forms_votes import BatchForm, IssuedForm
from assemblies.models import Batch, Vote
from assemblies.views.votes import RUN, SEE, vote_for
from unions.kit.http import requires
from unions.workflow import Invalid


@requires(RUN)
@require_POST
def paper_issued(request, pk):
    vote = vote_for(request, pk, RUN)
    form = IssuedForm(request.POST)
    if form.is_valid():
        votes.set_paper_issued(vote, form.cleaned_data["paper_issued"], by=request.user)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Write how many paper ballots were handed out."))
    return redirect(reverse("assemblies:vote-detail", args=[pk]) + "#paper")


@requires(RUN)
@require_POST
def batch_add(request, pk):
    batch = votes.add_batch(vote_for(request, pk, RUN), request.POST.get("label", "").strip()[:60], by=request.user)
    return redirect("assemblies:batch", pk, batch.pk)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def batch(request, pk, batch_pk):
    """A pile of paper ballots: one's own count, and where it differs from the other's once both are in."""
    vote = vote_for(request, pk)
    found = get_object_or_404(Batch, vote=vote, pk=batch_pk)
    found.vote = vote
    counts = votes.may_count(request.user, vote)
    if request.method == "POST" and not counts:
        raise PermissionDenied
    entries = list(found.entries.select_related("by"))
    mine = next((entry for entry in entries if entry.by_id == request.user.pk), None)
    form = BatchForm(request.POST or None, batch=found, figures=mine.figures if mine else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = votes.enter(found, form.figures(), by=request.user)
        except Invalid as problem:
            form.refuse(problem.errors)
        else:
            _say_how_counts_stand(request, found)
            return redirect("assemblies:batch", pk, batch_pk)
    # What the other counted is shown once one's own count is there: nobody copies it.
    context = {
        "vote": vote, "union": vote.union, "batch": found, "form": form, "entries": entries, "mine": mine, "may_count": counts,
        "differences": differences(vote, entries) if len(entries) == 2 and (mine or found.figures) else [],
        "crumb_union": vote.union, "crumb_here": vote.title, "here_menu": "assemblies:vote-list",
    }  # fmt: skip
    return render(request, "assemblies/votes/batch.html", context, status=422 if form.errors else 200)


def _say_how_counts_stand(request: HttpRequest, batch: Batch) -> None:
    if batch.figures:
        messages.success(request, _("Both counts agree: this is the sub-total."))
    elif batch.entries.count() > 1:
        messages.warning(request, _("The two counts differ. Look at the ballots again and correct the wrong count."))
    else:
        messages.success(request, _("Kept. Now somebody else counts the same pile."))


def differences(vote: Vote, entries: list) -> list[dict]:
    """Each figure of a batch as the two people have it."""
    rows = []
    for question in vote.sheet:
        one, two = (entry.figures[str(question.pk)] for entry in entries)
        words = [("returned", _("Ballots returned")), ("invalid", _("of these invalid"))]
        pairs = [(label, one[name], two[name]) for name, label in words]
        pairs += [
            (str(o), one["ticks"].get(str(o.number), 0), two["ticks"].get(str(o.number), 0))
            for o in question.options.all()
        ]
        names = sorted({*one["others"], *two["others"]})
        pairs += [(name, one["others"].get(name, 0), two["others"].get(name, 0)) for name in names]
        rows += [
            {"question": question, "label": label, "one": a, "two": b, "is_same": a == b} for label, a, b in pairs
        ]
    return rows
