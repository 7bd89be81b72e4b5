"""Appraisals: the list up the tree, a union's years, one appraisal from its result to its end, its moves and its notice."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assemblies import appraisals
from assemblies.appraisal_lists import AppraisalFilters, AppraisalTable, visible_appraisals
from assemblies.appraisal_moves import APPRAISALS
from assemblies.enums import AppraisalState, VoteKind
from assemblies.forms_appraisals import AppraisalMoveForm
from assemblies.models import Appraisal, Improvement, Vote
from assemblies.results import result_of
from unions import tokens
from unions.access import fetch, fetch_union
from unions.audit_words import acts_of
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.moves import move_page
from unions.notices import absolute
from unions.permissions import Permission
from unions.publishables import ways_of
from unions.tokens import Purpose, by_link
from unions.workflow import allowed

SEE, LIST = Permission.ASSEMBLY_VIEW, "assemblies:appraisal-list"
# The steps that the page draws, with the state in which each is done.
STEPS = (AppraisalState.PUBLISHED, AppraisalState.REPORTED, AppraisalState.APPROVED, AppraisalState.CLOSED)


def appraisal_for(request: HttpRequest, pk: int, act: Permission | None = None) -> Appraisal:
    found = Appraisal.objects.select_related("union__middle", "union__parent", "vote__meeting", "vote__union")
    return fetch(found, request.user, SEE, act, pk=pk)


def frame(appraisal: Appraisal, here: str = "") -> dict:
    """What every page of an appraisal shows around its content."""
    return {
        "appraisal": appraisal, "union": appraisal.union, "crumb_union": appraisal.union,
        "crumb_here": here or str(appraisal), "here_menu": LIST,
    }  # fmt: skip


@requires(SEE)
@require_GET
def appraisal_list(request: HttpRequest) -> HttpResponse:
    """Every appraisal in scope, filtered, with its workbook."""
    return list_response(
        request, queryset=visible_appraisals(request.user), filters=AppraisalFilters, table=AppraisalTable,
        template="assemblies/appraisals/list.html", export="table", export_name=_("Democratic appraisals"),
        context={"crumb_here": _("Democratic appraisals")},
    )  # fmt: skip


@requires(SEE)
@require_GET
def appraisals_of(request: HttpRequest, pk: int) -> HttpResponse:
    """A union's appraisals by year: where the duty of the year leads. With one clear next step for whoever runs it."""
    union = fetch_union(request.user, pk)
    rows = visible_appraisals(request.user).filter(union=union)
    votes = Vote.objects.visible_to(request.user, SEE).under_way().filter(union=union, kind=VoteKind.APPRAISAL)
    year = timezone.localdate().year
    context = {
        "union": union, "rows": list(rows[:20]), "votes": list(votes), "year": year,
        "is_done": rows.standing().in_year(year).exists(), "thresholds": appraisals.thresholds_on(timezone.localdate()),
        "may_run": request.user.has_perm(Permission.VOTE_MANAGE, union), "crumb_union": union,
        "crumb_here": _("Democratic appraisals"), "here_menu": LIST,
    }  # fmt: skip
    return render(request, "assemblies/appraisals/union.html", context)


@requires(SEE)
@require_GET
def appraisal(request: HttpRequest, pk: int) -> HttpResponse:
    """The result with its arithmetic, what follows from it, what is still missing, and last year's beside it."""
    found = appraisal_for(request, pk)
    user, result = request.user, result_of(found.vote)
    before = appraisals.previous_of(found)
    context = {
        **frame(found), "result": result, "ratings": appraisals.ratings_of(result), "steps": _steps(found),
        "thresholds": appraisals.thresholds_on(found.held_on), "needed": appraisals.needed(found.vote),
        "items": list(found.improvements.order_by("number")), "before": before,
        "old_items": list(before.improvements.order_by("number")) if before else [],
        "missing": appraisals.missing(found) if found.state not in (AppraisalState.CLOSED, AppraisalState.VOID) else [],
        "moves": allowed(found, user), "may_edit": user.has_perm(Permission.ASSEMBLY_EDIT, found),
        "takes_items": found.state not in (AppraisalState.CLOSED, AppraisalState.VOID),
        "advice": [] if result.is_hidden else list(found.vote.advice.all()), "history": acts_of(found, user, SEE), "ways": ways_of("vote", found.vote, user),
    }  # fmt: skip
    return render(request, "assemblies/appraisals/detail.html", context)


def _steps(appraisal: Appraisal) -> list[tuple[str, bool]]:
    reached = list(AppraisalState).index(AppraisalState(appraisal.state))
    labels = {
        AppraisalState.PUBLISHED: _("Published to members"), AppraisalState.REPORTED: _("Reported above"),
        AppraisalState.APPROVED: _("Approved above"), AppraisalState.CLOSED: _("Settled and filed"),
    }  # fmt: skip
    return [(_("Result announced"), True)] + [(labels[s], list(AppraisalState).index(s) <= reached) for s in STEPS]


@requires(SEE)
@require_http_methods(["GET", "POST"])
def appraisal_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One step: what it means, what it demands, and the button that takes it."""
    if move not in APPRAISALS.transitions:
        raise Http404
    transition = APPRAISALS.transitions[move]
    found = appraisal_for(request, pk, transition.permission)
    form = AppraisalMoveForm(
        request.POST if request.method == "POST" else None, transition=transition, consequence=found.consequence
    )
    missing = appraisals.missing(found) if move == "close" else []
    context = {**frame(found, str(transition.label)), "missing": missing}
    return move_page(request, found, move, form, context=context, then=reverse("assemblies:appraisal", args=[pk]))


@requires(SEE)
@require_GET
def appraisal_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The result on a sheet of paper for the notice board; its code opens it, and what is improved, on a phone."""
    found = appraisal_for(request, pk)
    if not found.published_at:
        raise Http404
    address = absolute(reverse("assemblies:public-appraisal", args=[tokens.make(Purpose.APPRAISAL, found.pk)]))
    context = {
        **frame(found, _("Notice of the result")), "ratings": appraisals.ratings_of(result_of(found.vote)),
        "items": list(found.improvements.order_by("number")), "address": address, "code": tokens.qr_of(address),
    }  # fmt: skip
    return render(request, "assemblies/appraisals/notice.html", context)


@require_GET
@by_link(Purpose.APPRAISAL)
def public_appraisal(request, link, token):
    """A published result and what became of it, for the members of a union. Words of advice are not published."""
    found = Appraisal.objects.select_related("union", "vote").filter(pk=link.pk, published_at__isnull=False).first()
    if found is None:
        raise Http404
    items = Improvement.objects.filter(appraisal=found).order_by("number")
    context = {
        "appraisal": found, "union": found.union, "ratings": appraisals.ratings_of(result_of(found.vote)), "items": list(items)
    }  # fmt: skip
    return render(request, "assemblies/public/appraisal.html", context)
