"""The workbench: what to do today."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from unions.dashboards import cards_of
from unions.kit.http import any_account
from unions.kit.registry import home_cards
from unions.workbench import Workbench


@any_account
@require_GET
def home(request):
    """Things to do first, then how one's own union and the unions below stand."""
    workbench = Workbench(request.user)
    return render(
        request, "unions/home.html", {"workbench": workbench, "cards": cards_of(home_cards, workbench, request.user)}
    )
