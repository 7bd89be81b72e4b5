"""What fund audits bring to the menu, the workbench and a union's page."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from disclosure.bulletin_cards import FUNDS, TAB
from disclosure.enums import FundAuditState
from disclosure.fund_audit_coverage import counts_of, links_of
from disclosure.fund_audit_lists import counted_unions, figure
from disclosure.fund_audits import AUDIT, EVIDENCE, SEE, WRITE
from disclosure.models import FundAudit
from disclosure.models.fund_audits import UNIONS_TURN
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.registry import Card, MenuItem, menu, union_cards
from unions.templatetags.components import month_day
from unions.uploads import purposes
from unions.workbench import Todo, Workbench, todos

S = FundAuditState
SHOWN = 4
COUNTED = ("under_way", "open", "overdue")
NEXT = {
    S.PLANNED: gettext_lazy("In the plan of the year: serve the notice"),
    S.NOTIFIED: gettext_lazy("Begin on the spot"),
    S.AT_WORK: gettext_lazy("Write down what is found, then send the draft"),
    S.COMMENTING: gettext_lazy("Comment on the draft"),
    S.REPORTING: gettext_lazy("Consider the comment and issue the report"),
    S.RECTIFYING: gettext_lazy("Rectify what was found"),
    S.FOLLOWING: pgettext_lazy("fund audit", "Close it"),
}
TO_DO = (S.NOTIFIED, S.AT_WORK, S.REPORTING)  # of the auditor; what is merely planned waits in the list


def step_todo(bench: Workbench) -> Iterable[Todo]:
    """The next step of audits: of one's own union where it is its turn, and of those carried out in its name."""
    ours, mine = bench.user.scope(WRITE).unions, bench.user.scope(AUDIT)
    if not (ours or mine):
        return
    turns = Q(union__in=ours, state__in=UNIONS_TURN, due_on__isnull=False)
    if mine:
        auditors = [grant.union_id for grant in bench.user.grants if grant.permission == AUDIT]
        turns |= Q(auditor__in=auditors, state__in=TO_DO)
    rows = FundAudit.objects.visible_to(bench.user, SEE).filter(turns).select_related("union", "auditor")
    for one in rows.order_by("due_on", "pk")[:SHOWN]:
        is_late = one.is_overdue(bench.today)
        yield Todo(
            title=_("Fund audit: %(title)s") % {"title": one}, text=f"{one.union.name} · {NEXT[one.state]}", action=_("Handle"),
            union=one.whose_turn, url=reverse("disclosure:fund-audit", args=[one.pk]), due=one.due_on, is_overdue=is_late,
            tag=(month_day(one.due_on) if one.due_on else one.get_state_display(), "bad" if is_late else "info", "clipboard-list"),
        )  # fmt: skip


def union_card(board: Board) -> dict | None:
    """A union's last audit and open findings; above, coverage of the unions below; each number with its rows."""
    place = {} if board.is_district else {"union" if board.is_leaf else "middle": board.union.pk}
    rows = FundAudit.objects.visible_to(board.user, SEE).filter(**place).order_by()
    counts = rows.aggregate(**{name: Count("pk", filter=figure(name)) for name in COUNTED})
    shown = place if board.is_leaf or board.user.scope(SEE).everything else {}
    card = {
        "is_leaf": board.is_leaf, "counts": counts,
        "links": {name: link("disclosure:fund-audit-list", **shown, figure=name) for name in COUNTED},
    }  # fmt: skip
    if board.is_leaf:
        return {**card, "last": rows.reported().order_by("-reported_on", "-pk").first()}
    unions = counted_unions(board.user).filter(**place)
    return {**card, "coverage": counts_of(unions, timezone.localdate()), "places": links_of(**shown)}


def register() -> None:
    """Called once when the app is ready."""
    purposes.add(EVIDENCE.key, EVIDENCE)
    todos.add("fund-audit", step_todo)
    union_cards.add("fund-audits", Card("disclosure/cards/fund_audits.html", union_card, SEE, 17, tab=TAB))
    menu.add(
        "disclosure.fund-audits",
        MenuItem(gettext_lazy("Fund audits"), "clipboard-list", "disclosure:fund-audit-list", SEE, 460, FUNDS),
    )
