"""Signing in and out, the password, the language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unions.audit import note
from unions.enums import EventResult, SessionEnd
from unions.forms import NewPasswordForm, SignInForm
from unions.kit.http import any_account, back_to, client_address
from unions.locks import tries_many_names
from unions.models import User
from unions.sessions import end_all
from unions.wall import system


@method_decorator(login_not_required, name="dispatch")
class SignIn(auth_views.LoginView):
    template_name = "unions/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        if tries_many_names(client_address(request)):
            return locked_out(request, is_address=True)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        ended = dict(SessionEnd.choices).get(self.request.GET.get("ended", ""))
        return super().get_context_data(ended=ended, **kwargs)

    def form_valid(self, form):
        with system("signs somebody in"):
            return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class SignOut(auth_views.LogoutView):
    """The browser drops what it kept of the pages: the next person at this PC finds nothing."""

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def locked_out(request: HttpRequest, *answer, is_address: bool = False) -> HttpResponse:
    """Too many wrong passwords for this name from this address, or from it altogether; it passes by itself."""
    context = {"form": SignInForm(request), "minutes": int(settings.AXES_COOLOFF_TIME * 60), "is_address": is_address}
    return render(request, "unions/sign_in.html", context, status=429)


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()


@any_account
@require_http_methods(["GET", "POST"])
def password(request):
    """Change one's own password; the first sign-in leads here and nowhere else."""
    form = NewPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        note("account.own_password", EventResult.DONE, by=request.user)
        end_all(request.user, SessionEnd.PASSWORD, keep=request.session.session_key)
        messages.success(request, _("Your password is changed."))
        return redirect("unions:home")
    return render(request, "unions/password.html", {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_POST
def language(request):
    """Keep the chosen language in a cookie and, for an account, in the account."""
    chosen = request.POST.get("language", "")
    response = redirect(back_to(request, "/"))
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=settings.LANGUAGE_COOKIE_AGE, httponly=True,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE, secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response
