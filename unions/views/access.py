"""“Why can I not see this?”"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from unions import explain as explaining
from unions.kit.http import any_account
from unions.permissions import Permission


@any_account
@require_GET
def explain(request: HttpRequest) -> HttpResponse:
    """The right that is missing, one's own appointments with what they reach, and who can grant more."""
    why, right = request.GET.get("why", ""), explaining.right_of(request.GET.get("right", ""))
    held = sorted({Permission(grant.permission) for grant in request.user.grants}, key=list(Permission).index)
    context = {
        "why": why if why in (explaining.REFUSED, explaining.HIDDEN, explaining.EMPTY) else "", "right": right,
        "sentence": explaining.sentence(request.user, right) if why == explaining.REFUSED or not held else "",
        "posts": explaining.posts_of(request.user, right), "roles": explaining.roles_with(right),
        "granters": explaining.granters(request.user),
        "held": [(permission.label, explaining.REACHES[permission.reach]) for permission in held],
        "right_reach": explaining.REACHES[right.reach] if right else "",
    }  # fmt: skip
    return render(request, "unions/access.html", context)
