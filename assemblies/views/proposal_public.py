"""What works without an account, in the browser of a chat app and without a script: hand in a proposal by the link of a
collection, follow one's own, give the mark of an answer, read what a union has published. Nothing but what the link
names is read; the wall is crossed for that alone."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assemblies import proposals
from assemblies.enums import ProposalState
from assemblies.models import Collection, Proposal
from assemblies.proposal_forms import MarkForm, MemberForm
from assemblies.views.proposals import timeline
from unions import tokens
from unions.kit.http import client_address
from unions.models import Union
from unions.moves import add_errors
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.settingbook import setting
from unions.tokens import Purpose, by_link
from unions.workflow import MoveError

S = ProposalState
PER_PAGE = 20


@require_http_methods(["GET", "POST"])
@by_link(Purpose.COLLECTION)
def collection(request, link, token):
    """Hand in a proposal; robots and floods are turned away without asking people to prove that they are none."""
    found = Collection.objects.select_related("union").filter(pk=link.pk, link_number=link.number).first()
    if found is None:
        raise Http404
    published = tokens.make(Purpose.PUBLISHED, found.union_id)
    frame = {"collection": found, "union": found.union, "published": published}
    if not found.is_open(timezone.localdate()) or not found.union.is_active:
        return render(request, "assemblies/public/collection_over.html", frame)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:  # nobody sees this field
            return render(request, "assemblies/public/thanks.html", frame)
        limit = setting("proposal-link-hourly")
        if proposals.submissions_from(found.union, client_address(request)) >= limit:
            form.add_error(None, _("Many proposals came from your network within the last hour. Try again later."))
            return render(request, "assemblies/public/collection.html", {**frame, "form": form}, status=429)
        try:
            made = proposals.submit(found.union, form.paper(), by=None, collection=found, key=form.cleaned_data["key"])
        except MoveError as problem:
            add_errors(form, problem)
        else:
            _tell(made)
            return redirect("assemblies:public-proposal", tokens.make(Purpose.PROPOSER, made.pk, made.link_number))
    status = 422 if form.errors else 200
    return render(request, "assemblies/public/collection.html", {**frame, "form": form}, status=status)


def _tell(proposal: Proposal) -> None:
    notify(
        holders(Permission.PROPOSAL_HANDLE, proposal.union), "proposal.submitted", union=proposal.union,
        params={"union": proposal.union.name, "title": proposal.title, "code": proposal.code},
        url=reverse("assemblies:proposal-detail", args=[proposal.pk]), key=f"proposal.{proposal.pk}.submitted", mail=False,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@by_link(Purpose.PROPOSER)
def proposal(request, link, token):
    """One's own proposal: where it stands, what was answered, and the mark of the answer."""
    found = (
        Proposal.objects.select_related("union", "theme", "into").filter(pk=link.pk, link_number=link.number).first()
    )
    if found is None:
        raise Http404
    can_mark = found.state == S.ANSWERED or (found.state == S.CLOSED and not found.satisfaction)
    form = MarkForm(request.POST or None, proposal=found)
    if request.method == "POST" and can_mark and form.is_valid():
        given = form.cleaned_data
        proposals.give_mark(found, given["satisfaction"], by=None, words=given["words"])
        return redirect("assemblies:public-proposal", token)
    context = {
        "proposal": found, "union": found.union, "form": form, "can_mark": can_mark,
        "is_new": found.state == S.SUBMITTED, "handlers": handlers_of(found.into or found),
        "events": moves_of(found),
    }  # fmt: skip
    return render(request, "assemblies/public/proposal.html", context, status=422 if form.errors else 200)


def handlers_of(found: Proposal) -> list:
    return list(found.handlers.prefetch_related("answers"))


def moves_of(found: Proposal) -> list:
    """Reasons that the proposer is owed: why it was turned into something else, not taken up, extended."""
    owed = ("proposal.convert", "proposal.decline", "proposal.merge", "proposal.extend")
    return [event for event in timeline(found) if event.action in owed]


@require_GET
@by_link(Purpose.PUBLISHED)
def published(request, link, token):
    """What a union has published of its proposals, without who made a confidential one."""
    union = Union.objects.filter(pk=link.pk).first()
    if union is None:
        raise Http404
    shown = Proposal.objects.filter(union=union, published_on__isnull=False).select_related("theme")
    page = Paginator(shown.order_by("-published_on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.handlers_shown = handlers_of(one)
    return render(request, "assemblies/public/published.html", {"union": union, "page": page})
