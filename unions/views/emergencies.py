"""Emergency access: begin, end, and who used it when."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unions import emergencies
from unions.kit.forms import ReasonForm
from unions.kit.http import any_account, requires
from unions.kit.pagination import ListPaginator
from unions.models import EmergencyAccess
from unions.permissions import Permission
from unions.proofs import proof
from unions.settingbook import setting
from unions.wall import system
from unions.workflow import Invalid


class EmergencyForm(ReasonForm):
    code = forms.CharField(
        label=gettext_lazy("Union code"), max_length=20,
        help_text=gettext_lazy("Whole and exact: what lies outside your scope cannot be searched."),
    )  # fmt: skip
    field_order = ("code", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The union and its superior read it, word for word.")


@any_account
@require_GET
def emergency_list(request: HttpRequest) -> HttpResponse:
    """One's own uses, and for whoever reads the record of a union those of that union."""
    user = request.user
    if not (user.has_perm(Permission.EMERGENCY_READ) or user.has_perm(Permission.EVENT_VIEW)):
        raise PermissionDenied
    seen = EmergencyAccess.objects.visible_to(user, Permission.EVENT_VIEW).values("pk")
    rows = EmergencyAccess.objects.filter(Q(user=user) | Q(pk__in=seen)).select_related("user", "union")
    with system("lists one's own emergency access"):  # also what is over, whose union is out of reach again
        page = ListPaginator(rows, 50).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
    context = {"page": page, "may_begin": user.has_perm(Permission.EMERGENCY_READ)}
    return render(request, "unions/emergencies/list.html", context)


@requires(Permission.EMERGENCY_READ)
@require_http_methods(["GET", "POST"])
@proof()
def emergency_begin(request: HttpRequest) -> HttpResponse:
    """Open one union outside one's scope, for a reason, for a short time."""
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            access = emergencies.begin(by=request.user, **form.cleaned_data)
        except Invalid as problem:
            for name, text in problem.errors.items():
                form.add_error(name, text)
        else:
            messages.success(request, _("%(union)s is open to you for reading.") % {"union": access.union.name})
            return redirect("unions:union", access.union_id)
    context = {"form": form, "minutes": setting("emergency-minutes")}
    return render(request, "unions/emergencies/begin.html", context, status=422 if form.errors else 200)


@requires(Permission.EMERGENCY_READ)
@require_POST
def emergency_end(request: HttpRequest, pk: int) -> HttpResponse:
    emergencies.end(get_object_or_404(request.user.emergencies.select_related("union"), pk=pk), by=request.user)
    messages.success(request, _("The emergency access is closed."))
    return redirect("unions:emergency-list")
