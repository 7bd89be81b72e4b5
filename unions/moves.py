"""The page of a move (unions/workflow.py decides what may be done): what it demands, what it refused, where it leads."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from unions.workflow import Invalid, MoveError, perform, refusal, workflow_of


def read_revision(request: HttpRequest) -> int | None:
    """The revision that the person saw, as the form carried it."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() else None


def add_errors(form: forms.Form, problem: MoveError) -> None:
    """What a service refused, beside the field it is about."""
    for name, text in (getattr(problem, "errors", None) or {"": str(problem)}).items():
        form.add_error(name if name in form.fields else None, text)


def move_page(
    request: HttpRequest,
    found: models.Model,
    move: str,
    form,
    *,
    context: Mapping[str, Any],
    then: str,
    template: str = "unions/move.html",
    take: Callable = perform,
) -> HttpResponse:
    """GET: what the step demands, or why it cannot be taken now. POST: take it with what the form has `given` and go
    on to `then`; `take` is the writer where `perform` is not all of it. Other refusals (403, 409) are the middleware's."""
    transition = workflow_of(found).transitions[move]
    if request.method == "POST" and form.is_valid():
        try:
            take(found, move, by=request.user, revision=read_revision(request), **form.given())
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Done: %(act)s.") % {"act": transition.label})
            return redirect(then)
    problem = None if request.method == "POST" else refusal(found, transition, request.user)
    context = {
        **context, "record": found, "back": then, "form": form, "transition": transition, "problem": problem
    }  # fmt: skip
    return render(request, template, context, status=422 if form.is_bound else 200)
