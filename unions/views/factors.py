"""The second factor: asked for at sign-in, added, taken away; and the proof of identity in between."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unions import factors, passkeys, proofs, sessions
from unions.audit import note
from unions.enums import EventResult
from unions.kit.crypto import CannotOpen
from unions.kit.http import any_account, back_to
from unions.proofs import proof
from unions.sessions import Waits


def for_newcomers(view):
    """A page for people who have signed in, and for those who may not go on before they have added a factor. Whoever has
    one must give it first: a password alone adds none."""

    @login_not_required
    @wraps(view)
    def inner(request, *args, **kwargs):
        request.newcomer = bool(request.pending) and request.waits_for is Waits.ENROLMENT
        if not request.newcomer and not request.user.is_authenticated:
            page = "unions:factor-ask" if request.pending else "unions:sign-in"
            return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
        request.account = request.pending if request.newcomer else request.user
        checked = view if request.newcomer else proof(when=lambda request: True)(view)
        return checked(request, *args, **kwargs)

    return inner


@login_not_required
@require_http_methods(["GET", "POST"])
def ask(request):
    """After the password: the code, a passkey, or a recovery code. Nothing else opens before."""
    if not request.pending or request.waits_for is not Waits.FACTOR:
        return redirect("unions:home" if request.user.is_authenticated else "unions:sign-in")
    problem = ""
    if request.method == "POST":
        problem = proofs.problem_with(request, request.pending)
        if not problem:
            note("session.prove", EventResult.DONE, by=request.pending)
            sessions.complete(request, request.pending)
            return redirect(back_to(request, reverse("unions:home")))
        data = {"user": request.pending.name, "path": request.path}
        note("proof.fail", EventResult.FAILED, by=request.pending, data=data)
    context = {
        "problem": problem,
        "next": back_to(request, ""),
        "question": passkeys.question(request, request.pending),
    }
    return render(request, "unions/factors/ask.html", context, status=422 if problem else 200)


@any_account
@require_POST
def prove(request):
    """Prove who one is, then go where one was going."""
    problem = proofs.prove(request)
    if problem:
        return proofs.ask(request, problem)
    messages.success(request, _("Thank you, you may go on."))
    return redirect(back_to(request, reverse("unions:home")))


@any_account
@require_GET
def factor_list(request):
    """One's own factors, and how many recovery codes are left."""
    user = request.user
    context = {
        "app": getattr(user, "code_app", None), "passkeys": list(user.passkeys.all()),
        "left": user.recovery_codes.filter(used_at=None).count(), "must": sessions.must_have(user),
        "site": passkeys.site(request),
    }  # fmt: skip
    context["has_factor"] = bool(context["app"] or context["passkeys"])
    context["is_last"] = bool(context["app"]) + len(context["passkeys"]) == 1
    return render(request, "unions/factors/list.html", context)


def _added(request, text: str):
    """The first factor brings recovery codes; whoever had to add it is now signed in."""
    account = request.account
    if request.newcomer:
        sessions.complete(request, account)
    else:
        request.session.update({"factor_at": request.session["proved_at"], "has_factor": True})
    messages.success(request, text)
    if account.recovery_codes.exists():
        return redirect("unions:factor-list")
    context = {"codes": factors.new_recovery_codes(account), "going": back_to(request, reverse("unions:home"))}
    return render(request, "unions/factors/codes.html", context)


@for_newcomers
@require_http_methods(["GET", "POST"])
def code_app(request):
    """Scan, type the code that the app shows, done."""
    account, problem = request.account, ""
    sealed = request.POST.get("seed") or factors.new_seed(account)
    try:
        seed = factors.seed_of(account, sealed)
    except CannotOpen:
        return redirect("unions:code-app")
    if "code" in request.POST:
        if factors.add_code_app(account, seed, request.POST["code"], session_key=request.session.session_key):
            return _added(request, _("The code app is added."))
        problem = _(
            "This is not the code that the app should show now. Wait for the next one; is the phone's clock right?"
        )
    context = {
        "sealed": sealed, "picture": factors.picture(account, seed), "spelled": factors.spelled(seed), "problem": problem,
        "newcomer": request.newcomer, "site": passkeys.site(request), "next": back_to(request, ""),
        "question": passkeys.question_for_new(request, account) if request.newcomer and passkeys.site(request) else "",
    }  # fmt: skip
    return render(request, "unions/factors/code_app.html", context, status=422 if problem else 200)


@for_newcomers
@require_http_methods(["GET", "POST"])
def passkey(request):
    """Let the browser make a passkey and keep its public half."""
    account, problem = request.account, ""
    if answer := request.POST.get("made"):
        name = request.POST.get("name", "").strip()[:40] or _("Passkey")
        if passkeys.add(request, account, answer, name):
            return _added(request, _("The passkey is added."))
        problem = _("The passkey was not accepted. Try again.")
    context = {
        "question": passkeys.question_for_new(request, account) if passkeys.site(request) else "", "problem": problem,
        "newcomer": request.newcomer, "next": back_to(request, ""),
    }  # fmt: skip
    return render(request, "unions/factors/passkey.html", context, status=422 if problem else 200)


@any_account
@require_POST
@proof()
def code_app_remove(request):
    factors.remove_code_app(request.user, session_key=request.session.session_key)
    messages.success(request, _("The code app is removed."))
    return redirect("unions:factor-list")


@any_account
@require_POST
@proof()
def passkey_remove(request, pk):
    factors.remove_passkey(get_object_or_404(request.user.passkeys, pk=pk), session_key=request.session.session_key)
    messages.success(request, _("The passkey is removed."))
    return redirect("unions:factor-list")


@any_account
@require_POST
@proof()
def recovery_codes(request):
    """Ten new codes; the old ones count no more."""
    if not sessions.has_factor(request.user):
        return redirect("unions:factor-list")
    context = {"codes": factors.new_recovery_codes(request.user), "going": reverse("unions:factor-list")}
    return render(request, "unions/factors/codes.html", context)
