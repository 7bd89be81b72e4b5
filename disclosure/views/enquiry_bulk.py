"""Several enquiries of the queue at once: another theme, up, down, or taken over from below."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from disclosure import enquiries
from disclosure.enquiry_forms import MOVE_FORMS, MoveForm, RethemeForm
from disclosure.enquiry_lists import TABS
from disclosure.enquiry_moves import ENQUIRIES
from disclosure.models import Enquiry
from unions.kit.http import requires
from unions.models import User
from unions.permissions import Permission
from unions.workflow import BulkOutcome, MoveError, perform_each

RETHEME, MOST, SAID = "theme", 200, 10
# What is offered on which tab.
ACTS = {"reply": (RETHEME, "up", "down"), "rating": (RETHEME,), "below": ("take",)}
FORMS = {RETHEME: RethemeForm, **{name: MOVE_FORMS[name] for name in ("up", "down", "take")}}
LABELS = {
    RETHEME: gettext_lazy("Change the theme"),
    **{name: ENQUIRIES.transitions[name].label for name in ("up", "down", "take")},
}


def acts_of(tab: str) -> list[tuple[str, str]]:
    """What can be done on a tab with several at once: name, label."""
    return [(name, LABELS[name]) for name in ACTS.get(tab, ())]


@requires(Permission.ENQUIRY_HANDLE)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """What the act asks for, with the enquiries named once more; sent from there it is done, each recorded by itself."""
    name, tab = request.POST.get("action", ""), request.POST.get("tab", "")
    if name not in FORMS:
        raise Http404
    back = (
        f"{reverse('disclosure:enquiry-queue')}?{urlencode({'tab': tab})}"
        if tab in TABS
        else reverse("disclosure:enquiry-queue")
    )
    ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isdecimal() and len(pk) < 19][:MOST]
    chosen = list(Enquiry.objects.visible_to(request.user, Permission.ENQUIRY_VIEW).filter(pk__in=ids).with_parts())
    if not chosen:
        messages.error(request, _("Tick the enquiries first."))
        return redirect(back)
    sent = [request.POST] if "sure" in request.POST else []
    form = FORMS[name](*sent, enquiry=chosen[0], user=request.user)
    if form.is_bound and form.is_valid():
        _tell(request, _take(chosen, name, form, request.user))
        return redirect(back)
    context = {
        "chosen": chosen, "form": form, "action": name, "label": LABELS[name], "tab": tab, "back": back,
        "crumb_here": LABELS[name], "here_menu": "disclosure:enquiry-queue",
    }  # fmt: skip
    return render(request, "disclosure/enquiries/bulk.html", context, status=422 if form.is_bound else 200)


def _take(chosen: list[Enquiry], name: str, form: MoveForm, by: User) -> BulkOutcome:
    if name != RETHEME:
        return perform_each(chosen, name, by=by, **form.given())
    outcome = BulkOutcome()
    for one in chosen:
        try:
            outcome.done.append(enquiries.retheme(one, form.cleaned_data["theme"], by=by))
        except MoveError as problem:
            outcome.skipped.append((one, str(problem)))
    return outcome


def _tell(request: HttpRequest, outcome: BulkOutcome) -> None:
    if done := len(outcome.done):
        messages.success(
            request, ngettext("Done with %(count)d enquiry.", "Done with %(count)d enquiries.", done) % {"count": done}
        )
    for one, why in outcome.skipped[:SAID]:
        messages.error(request, _("%(title)s: %(why)s") % {"title": one, "why": why})
    if (left := len(outcome.skipped) - SAID) > 0:
        messages.error(request, ngettext("and %(count)d more", "and %(count)d more", left) % {"count": left})
