"""The sealed copy: cover, figures, places for signature and seal, a check code; and the page where anybody checks it."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from disclosure import checkcode, summary
from disclosure.enums import ReturnState
from disclosure.models import Return
from disclosure.sheet import sheet_of
from disclosure.views.returns import return_for
from unions.kit.http import requires
from unions.kit.text import sentence
from unions.permissions import Permission
from unions.wall import system


@requires(Permission.RETURN_VIEW)
@require_GET
def sheet(request, pk):
    """The A4 copy. Before submission it has no check code and says that it is a draft."""
    filing = return_for(request, pk)
    if summary.is_summary(filing):
        summary.show_live(filing)
    is_final = filing.state in (ReturnState.SUBMITTED, ReturnState.ACCEPTED)
    context = {
        "filing": filing, "union": filing.union, "sheet": sheet_of(filing), "now": timezone.now(), "is_final": is_final,
        "code": checkcode.grouped(filing.check_code) if is_final and filing.check_code else "",
        "verify_url": request.build_absolute_uri("/verify/"), "is_summary": summary.is_summary(filing),
        "crumb_union": filing.union, "crumb_here": filing.title, "here_menu": "disclosure:return-list",
    }  # fmt: skip
    return render(request, "disclosure/return_print.html", context)


@login_not_required
@require_GET
def verify(request):
    """Whoever holds a printed copy sees whether it is the newest, without any of its figures."""
    typed, found = sentence(request.GET.get("code", ""), 40), None
    if typed and (read := checkcode.read(typed)):
        pk, number = read
        with system("reads what a check code names"):
            found = Return.objects.select_related("union", "version__form").filter(pk=pk, rounds__gte=number).first()
            if found:
                found.printed = found.round_set.filter(number=number).first()
        if found:
            found.is_current = found.rounds == number and found.state in (ReturnState.SUBMITTED, ReturnState.ACCEPTED)
    context = {"typed": typed, "found": found if found and found.printed else None}
    return render(request, "disclosure/verify.html", context)
