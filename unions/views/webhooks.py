"""Webhooks: which union's counts go to which address; set, tested and taken back by the district."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unions import outbox, webhooks
from unions.access import fetch
from unions.forms_webhooks import WebhookForm
from unions.kit.http import requires
from unions.models import Webhook, WebhookPost
from unions.permissions import Permission

POSTS = 20


def _hook(request, pk: int) -> Webhook:
    return fetch(Webhook.objects.select_related("union"), request.user, Permission.RULE_EDIT, pk=pk)


@requires(Permission.RULE_EDIT)
@require_GET
def webhook_list(request):
    hooks = Webhook.objects.visible_to(request.user, Permission.RULE_EDIT).select_related("union")
    return render(request, "unions/webhooks/list.html", {"hooks": hooks})


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def webhook_add(request):
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        webhooks.save(form.instance, by=request.user)
        return _show_secret(request, form.instance)
    return render(request, "unions/webhooks/add.html", {"form": form}, status=422 if form.is_bound else 200)


def _show_secret(request, hook: Webhook):
    """Shown this once, in the answer itself: no address leads here again."""
    return render(request, "unions/webhooks/secret.html", {"hook": hook})


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def webhook(request, pk):
    """One webhook: its address, and what became of the last posts."""
    hook = _hook(request, pk)
    form = WebhookForm(request.POST or None, instance=hook)
    if request.method == "POST" and form.is_valid():
        webhooks.save(form.instance, by=request.user)
        messages.success(request, _("The webhook is saved."))
        return redirect("unions:webhook", pk=pk)
    context = {"hook": hook, "form": form, "posts": hook.posts.all()[:POSTS]}
    return render(request, "unions/webhooks/webhook.html", context, status=422 if form.is_bound else 200)


@requires(Permission.RULE_EDIT)
@require_POST
def webhook_test(request, pk):
    if webhooks.test(_hook(request, pk), by=request.user):
        from unions.tasks import send_posts

        transaction.on_commit(send_posts.delay, robust=True)
        messages.success(request, _("The test goes out now; load this page again to see what became of it."))
    else:
        messages.info(request, _("A test has just gone out; wait a minute."))
    return redirect("unions:webhook", pk=pk)


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def webhook_secret(request, pk):
    """Ask, then make a new secret and show it once."""
    hook = _hook(request, pk)
    if request.method == "POST":
        webhooks.renew_secret(hook, by=request.user)
        return _show_secret(request, hook)
    return render(request, "unions/webhooks/confirm.html", {"hook": hook, "act": "secret"})


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def webhook_remove(request, pk):
    """Ask, then take the webhook away with its posts."""
    hook = _hook(request, pk)
    if request.method == "POST":
        webhooks.remove(hook, by=request.user)
        messages.success(request, _("The webhook is removed."))
        return redirect("unions:webhook-list")
    return render(request, "unions/webhooks/confirm.html", {"hook": hook, "act": "remove"})


@requires(Permission.RULE_EDIT)
@require_POST
def resend(request, pk):
    """Send a post that failed, or of which nobody knows whether it arrived, (once more)."""
    if outbox.resend(get_object_or_404(WebhookPost, pk=pk), by=request.user):
        messages.success(request, _("The message goes out within a minute."))
    else:
        messages.info(request, _("This message is on its way, or has been sent."))
    return redirect(reverse("unions:run-list") + "#posts")
