"""Imports: what may be imported, upload, columns, preview, result. Nobody sees another person's file."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unions import import_accounts, import_jobs, jobs
from unions.enums import BatchState, RowState
from unions.exports import error_workbook, template_workbook
from unions.forms import UploadForm
from unions.import_problems import TONES, sentence, short
from unions.importing import Importer, importers, importers_for, mapping_of, match_columns, missing_columns
from unions.kit.exporting import export_button, export_response
from unions.kit.http import XLSX, any_account, attachment
from unions.kit.pagination import ListPaginator
from unions.kit.spreadsheets_in import refusal
from unions.kit.workbooks import Out, write_table
from unions.models import ImportBatch, ImportRow, User
from unions.proofs import proof
from unions.workflow import MoveError

PER_PAGE = 50
RUNNING = (BatchState.READING, BatchState.COMMITTING, BatchState.UNDOING)
STEPS = ("upload", "columns", "preview", "result")


def _importer(user: User, key: str) -> Importer:
    importer = importers.get(key)
    if importer is None:
        raise Http404
    if not user.has_perm(importer.permission):
        raise PermissionDenied
    return importer


def _own(user: User, pk: int) -> tuple[ImportBatch, Importer]:
    batch = get_object_or_404(ImportBatch.objects.filter(by=user).select_related("by", "union", "job"), pk=pk)
    return batch, _importer(user, batch.importer)


@any_account
@require_GET
def import_list(request):
    """What this person may import, and what they have imported."""
    mine = importers_for(request.user)
    if not mine:
        raise PermissionDenied
    batches = ImportBatch.objects.filter(by=request.user, importer__in=[importer.key for importer in mine])
    page = ListPaginator(batches, 20).get_page(request.GET.get("page"))
    for batch in page:
        batch.label = importers[batch.importer].label
    return render(request, "unions/imports/list.html", {"importers": mine, "page": page})


@any_account
@require_http_methods(["GET", "POST"])
def import_new(request, key):
    """Take in a file; what is not a table is refused here, with the reason, and not kept."""
    importer = _importer(request.user, key)
    form = UploadForm(request.POST or None, request.FILES or None, importer=importer, user=request.user)
    if request.method == "POST" and form.is_valid():
        batch = form.save()
        import_jobs.start(batch, import_jobs.READ, BatchState.READING)
        return redirect("unions:import", batch.pk)
    context = {"importer": importer, "form": form, "steps": _steps("upload")}
    return render(request, "unions/imports/upload.html", context, status=422 if form.is_bound else 200)


@any_account
@require_GET
def import_template(request, key):
    """A workbook to fill in; its drop-downs offer this person's own unions."""
    importer = _importer(request.user, key)
    return attachment(
        template_workbook(importer, request.user), _("%(what)s template.xlsx") % {"what": importer.label}, XLSX
    )


@any_account
@require_GET
def import_batch(request, pk):
    """An import where it stands: being read, columns to choose, preview, result."""
    batch, importer = _own(request.user, pk)
    context = {"batch": batch, "importer": importer, "title": importer.label}
    if batch.state in RUNNING:
        context |= {"steps": _steps("preview" if batch.state == BatchState.READING else "result"), **_progress(batch)}
    elif batch.state == BatchState.UPLOADED:
        context |= {"steps": _steps("columns"), **_columns(batch, importer)}
    elif batch.state == BatchState.REFUSED:
        context |= {"steps": _steps("upload"), "refusal": refusal(batch.problem)}
    else:
        is_over = batch.state in (BatchState.DONE, BatchState.UNDONE)
        context |= {"steps": _steps("result" if is_over else "preview"), **_rows(request, batch, importer)}
    if errors := batch.counts.get("error"):
        context |= export_button(request, errors, reverse("unions:import-errors", args=[pk]))
    return render(request, "unions/imports/batch.html", context)


@any_account
@require_GET
def import_progress(request, pk):
    """The progress bar alone; it asks again until the job is over, then has the page loaded anew."""
    batch = _own(request.user, pk)[0]
    if batch.state not in RUNNING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "unions/imports/_progress.html", {"batch": batch, **_progress(batch)})


@any_account
@require_POST
def import_columns(request, pk):
    """A person says which column is which; then the file is read."""
    batch, importer = _own(request.user, pk)
    if batch.state != BatchState.UPLOADED:
        raise MoveError(_("The columns of this file are settled already. Reload the page."))
    chosen = {i: request.POST.get(f"column{i}", "") for i in range(len(batch.headers))}
    mapping = {index: key for index, key in chosen.items() if key in importer.by_key}
    if error := _mapping_error(importer, mapping):
        context = {
            "batch": batch,
            "importer": importer,
            "title": importer.label,
            "steps": _steps("columns"),
            "error": error,
        }
        return render(request, "unions/imports/batch.html", context | _columns(batch, importer, mapping), status=422)
    batch.mapping = {str(index): key for index, key in mapping.items()}
    batch.save(update_fields=["mapping"])
    import_jobs.check_again(batch)
    return redirect("unions:import", batch.pk)


@any_account
@require_POST
def import_confirm(request, pk):
    """Import what the preview showed, and nothing that came after it."""
    batch, importer = _own(request.user, pk)
    return (proof()(_confirm) if importer.gives_rights else _confirm)(request, batch)


def _confirm(request, batch):
    if request.POST.get("previewed") != _stamp(batch):
        raise MoveError(_("The preview was made anew in the meantime. Look at it again before you import."))
    import_jobs.confirm(batch)
    return redirect("unions:import", batch.pk)


@any_account
@require_POST
def import_passwords(request, pk):
    """The initial passwords of the accounts that an import made: a workbook, made now and kept nowhere."""
    batch = _own(request.user, pk)[0]
    if batch.importer != "accounts":
        raise Http404
    return proof()(_passwords)(request, batch)


def _passwords(request, batch):
    given = import_accounts.hand_out(batch, by=request.user)
    if not given:
        raise MoveError(
            _("The initial passwords were handed out already. New ones are set on the page of each account.")
        )
    columns = [Out(_("Name"), width=14), Out(_("Account name"), width=20), Out(_("Initial password"), width=20)]
    lead = [_("To be changed at the first sign-in. Hand each person theirs alone, then delete this file.")]
    title = _("Initial passwords")
    with write_table(given, columns, sheet=title, title=title, lead=lead) as file:
        return attachment(file.read(), f"{title}_{timezone.localdate():%Y%m%d}.xlsx", XLSX)


@any_account
@require_POST
def import_again(request, pk):
    batch = _own(request.user, pk)[0]
    import_jobs.check_again(batch)
    return redirect("unions:import", batch.pk)


@any_account
@require_POST
def import_undo(request, pk):
    batch = _own(request.user, pk)[0]
    import_jobs.undo(batch)
    messages.info(request, _("The import is being undone."))
    return redirect("unions:import", batch.pk)


@any_account
@require_GET
def import_errors(request, pk):
    """The rows with errors as a workbook, with the reasons, to correct and upload again."""
    batch = _own(request.user, pk)[0]
    if not batch.counts.get("error"):
        raise Http404
    name = _("To correct %(file)s.xlsx") % {"file": batch.file_name.rsplit(".", 1)[0]}
    page = reverse("unions:import", args=[pk])
    return export_response(request, batch.counts["error"], name, lambda: error_workbook(batch), page=page)


# --- what the pages show -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    label: str
    is_on: bool
    is_now: bool


def _steps(now: str) -> list[Step]:
    labels = {"upload": _("Upload"), "columns": _("Columns"), "preview": _("Preview"), "result": _("Result")}
    return [Step(labels[step], STEPS.index(step) <= STEPS.index(now), step == now) for step in STEPS]


def _stamp(batch: ImportBatch) -> str:
    return batch.previewed_at.isoformat() if batch.previewed_at else ""


def _progress(batch: ImportBatch) -> dict:
    job = jobs.refresh_progress(batch.job) if batch.job else None
    waiting = _("Waiting for a free worker …")
    return {"job": job, "stage": import_jobs.STAGES.get(job.stage, waiting) if job else waiting}


@dataclass(frozen=True)
class ColumnChoice:
    index: int
    header: str
    how: str
    key: str
    near: str


def _mapping_error(importer: Importer, mapping: dict[int, str]) -> str:
    if len(set(mapping.values())) < len(mapping):
        return _("Two columns of the file are given the same meaning. Choose one of them.")
    if missing := missing_columns(importer, mapping):
        return _("These columns are still missing: %(names)s.") % {"names": "、".join(c.title for c in missing)}
    return ""


def _columns(batch: ImportBatch, importer: Importer, chosen: dict[int, str] | None = None) -> dict:
    """The file's columns, the doubtful ones first, each with what it was taken for or what the person chose."""
    matches = match_columns(importer, batch.headers)
    choices = [
        ColumnChoice(m.index, m.header, m.how, m.key if chosen is None else chosen.get(m.index, ""), m.near)
        for m in matches
        if m.how != "ignored"
    ]
    return {
        "doubtful": [choice for choice in choices if choice.how != "exact"],
        "known": [choice for choice in choices if choice.how == "exact"],
        "missing": missing_columns(importer, mapping_of(matches)),
    }


@dataclass(frozen=True)
class ShownRow:
    row: ImportRow
    changes: list[tuple[str, str, str]]
    problems: list[tuple[str, str, str]]
    brief: list[tuple[str, str]]
    href: str


def _shown(row: ImportRow, importer: Importer) -> ShownRow:
    title = lambda key: importer.by_key[key].title if key in importer.by_key else ""  # noqa: E731
    words = lambda key, value: importer.by_key[key].shown(value)  # noqa: E731
    return ShownRow(
        row,
        [(title(key), words(key, old), words(key, new)) for key, (old, new) in row.changes.items() if key in importer.by_key],
        [(TONES[p["level"]], title(p["field"]), sentence(p)) for p in row.problems],
        [(title(key), words(key, row.values[key])) for key in importer.brief if key in row.values],
        importer.url(row) if row.is_applied else "",
    )  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Rows with the same problem in the same column: “38 rows: the superior union does not exist”."""

    key: str
    tone: str
    text: str
    column: str
    count: int


def _groups(batch: ImportBatch, importer: Importer) -> list[Group]:
    found = []
    for key, count in (batch.counts.get("problems") or {}).items():
        level, code, column = key.split("|")
        known = importer.by_key.get(column)
        found.append(Group(key, TONES[level], short(code), known.title if known else "", count))
    order = list(TONES.values())
    return sorted(found, key=lambda group: (order.index(group.tone), -group.count))


def _default_tab(counts: dict[str, Any]) -> str:
    return next((s for s in ("error", "changed", "new", "same") if counts.get(s)), "all")


def _rows(request, batch: ImportBatch, importer: Importer) -> dict:
    """The rows of a tab, filtered by problem and search, a page of them."""
    counts = batch.counts
    tab, wanted, text = request.GET.get("state", ""), request.GET.get("problem", ""), request.GET.get("q", "").strip()
    groups = _groups(batch, importer)
    rows = batch.rows.order_by("number")
    if wanted in {group.key for group in groups}:
        level, code, column = wanted.split("|")
        rows = rows.filter(problems__contains=[{"level": level, "code": code, "field": column}])
        tab = tab or "all"
    tab = tab or ("all" if text else _default_tab(counts))
    if tab in RowState.values:
        rows = rows.filter(state=tab)
    elif tab == "warning":
        rows = rows.filter(has_warning=True)
    if text.isdigit() and len(text) < 8:
        rows = rows.filter(number=int(text))
    elif text:
        rows = rows.filter(label__icontains=text)
    page = ListPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    labels = [
        ("all", _("All"), counts.get("rows", 0)),
        *((s.value, s.label, counts.get(s.value, 0)) for s in RowState),
    ]
    labels.append(("warning", _("With warnings"), counts.get("warnings", 0)))
    return {
        "tabs": labels, "tab": tab, "groups": groups, "wanted": wanted, "text": text, "page": page,
        "rows": [_shown(row, importer) for row in page], "todo": counts.get("new", 0) + counts.get("changed", 0),
        "previewed": _stamp(batch), "is_expired": import_jobs.is_expired(batch), "valid_until": import_jobs.valid_until(batch),
        "address": reverse("unions:import", args=[batch.pk]), "twin": _twin(batch),
        "without_password": _without_password(batch),
    }  # fmt: skip


def _without_password(batch: ImportBatch) -> int:
    return import_accounts.waiting(batch).count() if batch.importer == "accounts" else 0


def _twin(batch: ImportBatch) -> ImportBatch | None:
    """The same file, imported before by this person."""
    same = ImportBatch.objects.filter(by=batch.by_id, sha256=batch.sha256, state=BatchState.DONE).exclude(pk=batch.pk)
    return same.first() if batch.sha256 and batch.state == BatchState.PREVIEW else None
