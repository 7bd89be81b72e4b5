"""What terms of office bring to the workbench and to a union's page."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.menu import TAB
from assemblies.models import Term
from assemblies.models.terms import nearing_from
from assemblies.term_lists import GROUPS
from assemblies.term_page import TermPage
from unions.dashboards import Board
from unions.enums import Tier
from unions.kit.links import link
from unions.kit.registry import Card, home_cards, union_cards
from unions.models import Union
from unions.models.union import term_ended
from unions.permissions import Permission
from unions.workbench import OWN_SHOWN, Todo, Waiting, Workbench, waiting


def own_card(bench: Workbench) -> dict | None:
    """The present terms of the unions that the person works for."""
    if not bench.unions:
        return None
    unions = [union for union in bench.unions if union.tier is not Tier.DISTRICT or len(bench.unions) == 1]
    return {"pages": [TermPage(bench.user, union) for union in unions[:OWN_SHOWN]], "named": bench.is_several}


def union_card(board: Board) -> dict | None:
    """A grassroots union's own term; of others how the terms of their unions stand, as the register has them."""
    if board.is_leaf:
        return {"pages": [TermPage(board.user, board.union)], "named": False}
    today = timezone.localdate()
    unions = Union.objects.visible_to(board.user, Permission.UNION_VIEW)
    if not board.is_district:
        unions = unions.below(board.union)
    late, soon = term_ended(today), term_ended(nearing_from(today) + timedelta(days=1))
    counts = unions.active().aggregate(  # of columns of one index, so that it alone is read
        unions=Count("state"), late=Count("state", filter=late), soon=Count("state", filter=soon),
        none=Count("state", filter=Q(term_started_on=None) | Q(term_years=None)),
    )  # fmt: skip
    counts["near"] = counts["soon"] - counts["late"]
    counts["order"] = counts["unions"] - counts["soon"] - counts["none"]
    place = {} if board.is_district else {"below": board.union.pk}
    rows = [
        (label, counts[key], link("assemblies:term-list", group=key, **place))
        for key, (label, _states) in GROUPS.items()
    ]
    rows.append((_("not recorded"), counts["none"], board.union_link(term="none")))
    return {"rows": rows, "unions": counts["unions"], "all": board.union_link()}


def overdue(bench: Workbench) -> Waiting | None:
    """For those who may order an election: how many are overdue directly below."""
    if not bench.user.has_perm(Permission.ASSEMBLY_APPROVE):
        return None
    tier = Tier.MIDDLE if bench.user.scope(Permission.ASSEMBLY_APPROVE).parents else Tier.GRASSROOTS

    def said(count: int) -> Todo:
        return Todo(
            title=_("Overdue elections: order them to be held"), text=_("Terms that ended without an election"),
            url=link("assemblies:term-list", standing="overdue", tier=tier.value), action=_("See who"),
            tag=(ngettext("%(count)d union", "%(count)d unions", count) % {"count": count}, "bad", "triangle-alert"),
        )  # fmt: skip

    terms = Term.objects.visible_to(bench.user, Permission.ASSEMBLY_APPROVE).in_office().with_state(bench.today)
    return Waiting(terms.filter(standing__in=GROUPS["late"][1], ordered_until=None), said)


def register() -> None:
    """Called once when the app is ready."""
    view = Permission.ASSEMBLY_VIEW
    home_cards.add("assemblies.terms", Card("assemblies/cards/term.html", own_card, view, 20, "side"))
    union_cards.add("assemblies.terms", Card("assemblies/cards/terms.html", union_card, view, 20, tab=TAB))
    waiting.add("assemblies.terms", overdue)
