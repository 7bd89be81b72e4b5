"""The middle tier's summary: live total, who is missing and why, words, submission; and the figure behind a total."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from disclosure import exports, summary
from disclosure.definition import definition_of
from disclosure.enums import FormKind, ShortfallReason
from disclosure.models import Remark, Return
from disclosure.prefill import draft_for, last_of_many
from disclosure.rules import as_number
from disclosure.services import save_summary
from disclosure.sheet import correspondence, sheet_of
from disclosure.views.fill import duty_for
from unions.kit.http import XLSX, attachment, requires
from unions.kit.periods import Period
from unions.kit.text import sentence
from unions.models import Duty, Event, User
from unions.moves import read_revision
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.workflow import allowed, perform


def _page(request, duty: Duty, filing: Return, *, status: int = 200) -> HttpResponse:
    is_mine = request.user.has_perm(Permission.RETURN_FILL, duty)
    summary.show_live(filing)
    given, rates = summary.reasons_of(filing), summary.parts(filing).rates()
    missing = [] if not filing.is_editable else list(summary.missing(filing).order_by("-members", "pk"))
    rows = [
        {"duty": each, "given": given.get(each.union_id, {}), "has": summary.has_reason(given.get(each.union_id))}
        for each in missing
    ]
    moves = {transition.name for transition in allowed(filing, request.user)} if filing.pk else set()
    context = {
        "duty": duty, "filing": filing, "union": duty.union, "sheet": sheet_of(filing), "rates": rates, "missing": rows,
        "unreasoned": sum(not row["has"] for row in rows), "reasons": ShortfallReason.choices, "is_mine": is_mine,
        "reason_labels": dict(ShortfallReason.choices), "is_open": filing.is_editable and is_mine, "moves": moves,
        "may_submit": request.user.has_perm(Permission.RETURN_SUBMIT, duty), "entries": correspondence(filing),
        "refusal": summary.refusal(filing) if filing.is_editable else None, "key": uuid.uuid4().hex,
        "may_push": request.user.has_perm(Permission.RETURN_REVIEW, duty), "crumb_union": duty.union, "crumb_here": filing.title, "here_menu": "disclosure:return-list",
        "since": _since(filing),
    }  # fmt: skip
    return render(request, "disclosure/summary.html", context, status=status)


def _since(filing: Return) -> int:
    """How many returns have been accepted or reopened since the summary went up with its frozen figures."""
    if filing.is_editable:
        return 0
    now = set(summary.accepted_below(filing).values_list("pk", flat=True))
    return len(now ^ set(filing.included))


@requires(Permission.RETURN_VIEW)
@require_http_methods(["GET", "POST"])
def page(request, pk):
    """The summary; posting it keeps the reasons, the explanations and the words."""
    duty = duty_for(request, pk, FormKind.SUMMARY)
    if request.method == "GET":
        return _page(request, duty, draft_for(duty))
    filing = _save(request, duty)
    messages.success(request, _("Saved. You can go on at any time."))
    return redirect("disclosure:summary", filing.duty_id)


def _save(request, duty: Duty) -> Return:
    if not request.user.has_perm(Permission.RETURN_FILL, duty):
        raise PermissionDenied
    reasons = {}
    for name, code in request.POST.items():
        if name.startswith("reason.") and name[7:].isdecimal():
            reasons[int(name[7:])] = (code, request.POST.get(f"text.{name[7:]}", ""))
    explanations = {k.removeprefix("explain."): v for k, v in request.POST.items() if k.startswith("explain.")}
    return save_summary(
        duty, by=request.user, reasons=reasons, explanations=explanations, narrative=request.POST.get("narrative"),
        revision=read_revision(request),
    )  # fmt: skip


@requires(Permission.RETURN_SUBMIT)
@require_POST
def submit(request, pk):
    """Keep what is on the page and send the summary up: figures, included returns and the missing are frozen."""
    duty = duty_for(request, pk, FormKind.SUMMARY)
    if not request.user.has_perm(Permission.RETURN_SUBMIT, duty):
        raise PermissionDenied
    key = f"return.summary.{duty.pk}.{request.POST.get('key', '')[:32]}" if request.POST.get("key") else None
    filing = draft_for(duty)
    if key and filing.pk and Event.objects.filter(key=key, object_id=filing.pk).exists():
        return redirect("disclosure:summary", duty.pk)
    filing = _save(request, duty)
    perform(filing, "submit", by=request.user, revision=filing.revision, key=key)
    messages.success(request, _("Submitted to %(union)s.") % {"union": duty.union.superior})
    return redirect("disclosure:summary", duty.pk)


def _parts_of_figure(filing: Return, code: str, user: User) -> list[dict]:
    """Each union's figure behind a total: of a submitted summary as it was included, otherwise those accepted now. A
    union that has moved to another superior since keeps its line, without a way to what is no longer this one's."""
    if filing.is_editable:
        parts = [(each, each.figures) for each in summary.accepted_below(filing).select_related("union")]
    else:
        parts = [(one.filing, one.figures) for one in summary.rounds_included(filing)]
    pks = [each.pk for each, _figures in parts]
    within = Return.objects.visible_to(user, Permission.RETURN_VIEW).filter(pk__in=pks)
    unions = dict(within.values_list("pk", "union_id"))
    form = filing.version.form.summed_from_id
    last = last_of_many(unions.values(), form, Period.parse(filing.period).previous().code)
    rows = []
    for each, figures in parts:
        value, before = as_number(figures.get(code)), as_number(last.get(each.union_id, {}).get(code))
        rows.append({
            "pk": each.pk, "code": each.union.code, "name": each.union.name, "pinyin": each.union.pinyin, "value": value,
            "last": before, "change": None if value is None or before is None else value - before,
            "is_within": each.pk in unions, "has_moved": each.middle_id != filing.union_id,
        })  # fmt: skip
    return rows


@requires(Permission.RETURN_VIEW)
@require_GET
def figure(request, pk, code):
    """The unions behind one total, largest first, sortable, as a workbook."""
    duty = duty_for(request, pk, FormKind.SUMMARY)
    filing = draft_for(duty)
    indicator = definition_of(filing.version).indicators.get(code)
    if indicator is None:
        raise Http404
    rows, sort = _parts_of_figure(filing, code, request.user), request.GET.get("sort", "-value")
    field = sort.lstrip("-") if sort.lstrip("-") in ("value", "change", "last", "pinyin") else "value"
    rows.sort(
        key=lambda row: (row[field] is not None, row[field] if row[field] is not None else 0),
        reverse=sort.startswith("-"),
    )
    title = f"{duty.union.name} {filing.period_label} {indicator.name}"
    if request.GET.get("export") == "xlsx":
        return attachment(exports.figures_workbook(rows, indicator, title), f"{title}.xlsx", XLSX)
    context = {
        "duty": duty, "filing": filing, "union": duty.union, "indicator": indicator, "rows": rows, "sort": sort,
        "total": sum(row["value"] or 0 for row in rows), "may_push": request.user.has_perm(Permission.RETURN_REVIEW, duty),
        "crumb_union": duty.union, "crumb_here": indicator.name,
    }  # fmt: skip
    return render(request, "disclosure/summary_figure.html", context)


@requires(Permission.RETURN_REVIEW)
@require_POST
def push(request, pk):
    """The district's remark on a total, carried down to the union's figure that caused it; the middle tier is told."""
    duty = duty_for(request, pk, FormKind.SUMMARY)
    if not request.user.has_perm(Permission.RETURN_REVIEW, duty):
        raise PermissionDenied
    filing, text = draft_for(duty), sentence(request.POST.get("text", ""), 300)
    code, target = request.POST.get("code", ""), request.POST.get("target", "")
    cause = (
        summary.accepted_below(filing)
        .select_related("union")
        .filter(pk=int(target) if target.isdecimal() else 0)
        .first()
    )
    indicator = definition_of(filing.version).indicators.get(code)
    if cause is None or indicator is None or filing.pk is None or not text:
        messages.error(request, _("Choose a figure and say what is to be checked."))
        return redirect("disclosure:summary", duty.pk)
    back = reverse("disclosure:summary-figure", args=[duty.pk, code])
    with transaction.atomic():
        own = Remark.objects.create(filing=filing, code=code, text=text, round=max(filing.rounds, 1), by=request.user)
        Remark.objects.create(filing=cause, code=code, text=text, round=cause.rounds, by=request.user, pushed_from=own)
        Event.objects.create(
            union=duty.union, action="return.push", model=Return._meta.label, object_id=filing.pk, by=request.user, reason=text,
            source=filing.state, target=filing.state, data={"code": code, "union": cause.union_id},
        )  # fmt: skip
        notify(
            holders(Permission.RETURN_REVIEW, duty.union), "return.pushed", union=duty.union,
            params={"union": cause.union.name, "figure": indicator.name_zh, "text": text, "period": filing.period, "by": request.user.name},
            url=reverse("disclosure:return-detail", args=[cause.pk]), key=f"remark.{own.pk}.pushed",
        )  # fmt: skip
    messages.success(request, _("%(union)s has been asked.") % {"union": duty.union})
    return redirect(back)
