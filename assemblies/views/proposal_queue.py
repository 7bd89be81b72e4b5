"""The queue of whoever handles proposals: what waits in tabs, one panel beside it, and many handed over at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from assemblies.models import Proposal, Theme
from assemblies.proposal_forms import HandlersForm
from assemblies.proposal_lists import TABS, Queue
from assemblies.views.proposals import HANDLE, detail_context, proposal_for
from unions.kit.http import is_fragment, requires
from unions.workflow import BulkOutcome, perform_each

PER_PAGE = 50


def _tab_and_theme(given) -> tuple[str, str]:
    theme = given.get("theme", "")
    return given.get("tab", ""), theme if theme.isdecimal() else ""


@requires(HANDLE)
@require_GET
def queue(request):
    """What waits, the most urgent first, with the next step of the open one beside it."""
    waiting = Queue(request.user)
    counts = waiting.counts()
    tab, theme = _tab_and_theme(request.GET)
    if tab not in TABS:
        tab = next((name for name in TABS if counts[name]), "screen")
    rows = waiting.rows(tab)
    if theme:
        rows = rows.filter(theme=theme)
    opened = _opened(request, rows)
    panel = {**(detail_context(request, opened) if opened else {}), "proposal": opened, "here": _here(tab, theme)}
    if is_fragment(request) and request.htmx.target == "panel":
        return render(request, "assemblies/proposals/_panel.html", panel)
    names = [name for name in TABS if name != "above" or counts["above"]]
    context = {
        "tab": tab, "theme": theme, "tabs": [(name, TABS[name], counts[name]) for name in names],
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "themes": Theme.objects.all(),
        "today": timezone.localdate(), "is_bulk": tab in ("screen", "assign"), "bulk": HandlersForm(auto_id="bulk-%s"),
        "here_menu": "assemblies:proposal-queue", "crumb_here": _("Handling of proposals"), **panel,
    }  # fmt: skip
    return render(request, "assemblies/proposals/queue.html", context)


def _here(tab: str, theme: str) -> str:
    """This very list: where every act leads back to, the filter kept."""
    query = {name: value for name, value in (("tab", tab), ("theme", theme)) if value}
    return f"{reverse('assemblies:proposal-queue')}?{urlencode(query)}"


def _opened(request: HttpRequest, rows) -> Proposal | None:
    asked = request.GET.get("open", "")
    if asked.isdecimal():
        return proposal_for(request, int(asked))
    first = rows.first()
    return proposal_for(request, first.pk) if first else None


@requires(HANDLE)
@require_POST
def bulk(request):
    """Take up, or hand over, all that are ticked; each is recorded by itself, what was skipped says why."""
    tab, theme = _tab_and_theme(request.POST)
    back = _here(tab, theme)
    ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isdecimal()][:200]
    chosen = list(Proposal.objects.visible_to(request.user, HANDLE).filter(pk__in=ids).with_parts())
    if not chosen:
        messages.error(request, _("Tick the proposals first."))
        return redirect(back)
    if request.POST.get("action") == "assign":
        form = HandlersForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Say who answers."))
            return redirect(back)
        outcome = perform_each(chosen, "assign", by=request.user, **form.given())
        words = ngettext("%(count)d proposal handed over.", "%(count)d proposals handed over.", len(outcome.done))
    else:
        outcome = perform_each(chosen, "accept", by=request.user)
        words = ngettext("%(count)d proposal taken up.", "%(count)d proposals taken up.", len(outcome.done))
    _tell(request, outcome, words)
    return redirect(back)


def _tell(request: HttpRequest, outcome: BulkOutcome, words: str) -> None:
    if outcome.done:
        messages.success(request, words % {"count": len(outcome.done)})
    for proposal, why in outcome.skipped[:10]:
        messages.error(request, _("%(title)s: %(why)s") % {"title": proposal, "why": why})
