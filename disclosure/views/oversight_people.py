"""The overseers of a matter: invited by name, drawn by lot, their links, what they say on paper or on the telephone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from disclosure import oversight, oversight_draw
from disclosure.models import Overseer, OversightDraw
from disclosure.oversight import SEALED, SEE, WRITE
from disclosure.oversight_forms import DrawForm, InviteForm, RevealForm, move_form
from disclosure.oversight_moves import BY_HAND, OVERSEERS
from disclosure.views.oversight import frame, oversight_for
from unions.access import fetch
from unions.kit.http import requires
from unions.kit.masking import mask_name
from unions.kit.pagination import ListPaginator
from unions.moves import add_errors, move_page
from unions.notices import absolute
from unions.services import record
from unions.tokens import qr_of
from unions.workflow import MoveError

PER_PAGE = 100


def overseer_for(request: HttpRequest, pk: int, act: str | None = WRITE) -> Overseer:
    rows = Overseer.objects.select_related("oversight__union__middle", "oversight__union__parent")
    return fetch(rows, request.user, SEE, act, pk=pk)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite somebody by name."""
    found = oversight_for(request, pk, WRITE)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            oversight_draw.invite(found, **form.cleaned_data, by=request.user)
        except MoveError as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Invited. Hand the link over next."))
            return redirect("disclosure:overseer-invite" if "more" in request.POST else "disclosure:oversight", pk)
    context = {**frame(found, _("Invite by name")), "form": form}
    return render(request, "disclosure/oversight/invite.html", context, status=422 if form.is_bound else 200)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the list for a draw and make its seed; nobody is drawn yet."""
    found = oversight_for(request, pk, WRITE)
    form = DrawForm(request.POST or None, oversight=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = oversight_draw.freeze(found, **form.cleaned_data, by=request.user)
        except MoveError as problem:
            add_errors(form, problem)
        else:
            return redirect("disclosure:oversight-draw", made.pk)
    context = {**frame(found, _("Draw by lot")), "form": form}
    return render(request, "disclosure/oversight/freeze.html", context, status=422 if form.is_bound else 200)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """A draw: the frozen list and its seed, then who was drawn, and how anybody checks it. POST draws; ?check= computes
    everything anew and says whether it agrees."""
    rows = OversightDraw.objects.select_related("oversight__union__middle", "oversight__union__parent", "meeting")
    made = fetch(rows, request.user, SEE, WRITE if request.method == "POST" else None, pk=pk)
    if request.method == "POST":
        oversight_draw.draw(made, by=request.user)
        messages.success(request, _("Drawn."))
        return redirect("disclosure:oversight-draw", pk)
    check = oversight_draw.check(made)
    page = ListPaginator(check.places, PER_PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.person = mask_name(one.person)
    context = {
        **frame(made.oversight, str(made)), "draw": made, "check": check, "is_checked": "check" in request.GET, "page": page,
        "left_out": oversight_draw.left_out_words(made), "may_draw": request.user.has_perm(WRITE, made) and not made.drawn_at,
        "first": made.entries[0], "digest": oversight_draw.digest_of(made.entries),
    }  # fmt: skip
    return render(request, "disclosure/oversight/draw.html", context)


@requires(WRITE)
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """An overseer's own link, to send or hand over on paper; that it was taken out is on record. Renewed, the former one
    leads nowhere."""
    found = overseer_for(request, pk)
    if "renew" in request.POST:
        found = oversight.renew_link(found, by=request.user)
    else:
        record(found.oversight.union, "overseer.show_link", found, by=request.user, data={"number": found.number})
    address = absolute(oversight.link_of(found))
    context = {**frame(found.oversight, _("Link")), "overseer": found, "shown": mask_name(found.name), "link": address}
    return render(request, "disclosure/oversight/link.html", {**context, "qr": qr_of(address)})


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def overseer_reveal(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """A name or a telephone number, once, for a reason that is kept."""
    found = overseer_for(request, pk)
    if item not in SEALED or not getattr(found, item):
        raise Http404
    form, value = RevealForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        value = oversight.reveal_overseer(found, item, by=request.user, reason=form.cleaned_data["reason"])
    context = {**frame(found.oversight, str(found)), "form": form, "value": value, "label": SEALED[item].verbose_name}
    return render(request, "disclosure/oversight/reveal.html", context, status=422 if form.errors else 200)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def overseer_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """What an overseer said on paper or on the telephone."""
    if move not in BY_HAND:
        raise Http404
    found, transition = overseer_for(request, pk), OVERSEERS.transitions[move]
    form = move_form(transition, request.POST if request.method == "POST" else None)
    then = reverse("disclosure:oversight", args=[found.oversight_id])
    return move_page(request, found, move, form, context=frame(found.oversight, str(transition.label)), then=then)
