"""A union's files: the list with its quota, upload, download through the scope, removal."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from unions import uploads
from unions.access import fetch, fetch_union
from unions.enums import UploadState
from unions.kit.filetypes import KINDS, MEGABYTE, Refused
from unions.kit.forms import AttachmentInput
from unions.kit.http import requires
from unions.kit.pagination import ListPaginator
from unions.models import Union, Upload, User
from unions.permissions import Permission
from unions.settingbook import setting


class UploadForm(forms.Form):
    """One file and what it is; what the service refuses is said beside the field."""

    file = forms.FileField(label=gettext_lazy("File"))
    note = forms.CharField(
        label=gettext_lazy("What it is"), max_length=120, required=False,
        help_text=gettext_lazy("For example: the approval of the union's founding, with its number."),
    )  # fmt: skip

    def __init__(
        self, *args, purpose: uploads.Purpose, union: Union, user: User | None, object_id: int | None = None, **kwargs
    ):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.purpose, self.union, self.user, self.upload = purpose, union, user, None
        self.object_id = object_id
        suffixes = [suffix for key in purpose.kinds for suffix in KINDS[key].suffixes]
        self.fields["file"].widget = AttachmentInput(attrs={"accept": ",".join(suffixes)})
        self.fields["file"].help_text = _("%(kinds)s, up to %(n)d MB.") % {
            "kinds": _(", ").join(suffix.lstrip(".").upper() for suffix in suffixes), "n": purpose.megabytes,
        }  # fmt: skip

    def clean(self):
        data = super().clean()
        if data.get("file") and not self.errors:
            try:
                self.upload = self.receive(data)
            except Refused as refused:
                self.add_error("file", str(refused))
        return data

    def receive(self, data: dict) -> Upload:
        return uploads.receive(
            data["file"],
            purpose=self.purpose,
            union=self.union,
            by=self.user,
            note=data["note"],
            object_id=self.object_id,
        )


@requires(Permission.UNION_VIEW)
@require_http_methods(["GET", "POST"])
def file_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of a union, newest first, and how much room they take."""
    may_bring = Permission.UNION_EDIT
    union = fetch_union(request.user, pk, may_bring if request.method == "POST" else None)
    form = None
    if request.user.has_perm(may_bring, union) and union.is_active:
        form = UploadForm(
            request.POST or None, request.FILES or None, purpose=uploads.UNION_FILE, union=union, user=request.user
        )
        if request.method == "POST" and form.is_valid():
            _say(request, form.upload)
            return redirect("unions:file-list", pk)
    rows = Upload.objects.visible_to(request.user, Permission.UNION_VIEW).filter(union=union, purpose="union")
    used, room = Upload.objects.filter(union=union).bytes_kept(), setting("upload-quota-mb") * MEGABYTE
    context = {
        "union": union, "form": form, "page": ListPaginator(rows.select_related("by"), 20).get_page(request.GET.get("page")),
        "used": used, "room": room, "used_share": min(100, round(used * 100 / room)), "crumb_union": union, "crumb_here": _("Files"),
    }  # fmt: skip
    return render(request, "unions/files/list.html", context, status=422 if form and form.errors else 200)


def _say(request: HttpRequest, upload: Upload) -> None:
    if upload.state == UploadState.INFECTED:
        messages.error(
            request, _("The virus scanner found “%(what)s” in the file; it was removed.") % {"what": upload.finding}
        )
    elif upload.state == UploadState.REJECTED:
        messages.error(request, _("The virus scanner could not judge the file; it was removed."))
    elif upload.state == UploadState.QUARANTINED:
        messages.info(
            request,
            _("“%(name)s” is kept and waits for the virus check; then it can be downloaded.") % {"name": upload.name},
        )
    else:
        messages.success(request, _("“%(name)s” is kept.") % {"name": upload.name})


def _upload(user: User, pk: int, upload_pk: int, act: Permission | None = None) -> Upload:
    rows = Upload.objects.filter(purpose="union").select_related("union")
    return fetch(rows, user, Permission.UNION_VIEW, act, pk=upload_pk, union_id=pk)


@requires(Permission.UNION_VIEW)
@require_GET
def file(request: HttpRequest, pk: int, upload_pk: int) -> HttpResponse:
    """The file, to whoever sees the union."""
    return uploads.handed_out(_upload(request.user, pk, upload_pk))


@requires(Permission.UNION_EDIT)
@require_http_methods(["GET", "POST"])
def file_remove(request: HttpRequest, pk: int, upload_pk: int) -> HttpResponse:
    """Take a file away, after a look at which one it is."""
    upload = _upload(request.user, pk, upload_pk, Permission.UNION_EDIT)
    if request.method == "POST":
        uploads.remove(upload, by=request.user)
        messages.success(request, _("“%(name)s” is removed.") % {"name": upload.name})
        return redirect("unions:file-list", pk)
    context = {"upload": upload, "union": upload.union, "crumb_union": upload.union, "crumb_here": _("Remove a file")}
    return render(request, "unions/files/remove.html", context)
