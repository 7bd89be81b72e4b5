"""Notices to the person who has signed in: read, opened, marked read. Nobody sees another's."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from unions.kit.http import any_account
from unions.kit.pagination import PER_PAGE, ListPaginator
from unions.notices import wordings

UNKNOWN_ICON = "bell"


@any_account
@require_GET
def inbox(request):
    """The newest first; only the unread where asked for."""
    only_unread = request.GET.get("show") == "unread"
    notices = request.user.notices.unread() if only_unread else request.user.notices.all()
    page = ListPaginator(notices, PER_PAGE).get_page(request.GET.get("page"))
    rows = [_worded(notice) for notice in page]
    return render(request, "unions/inbox/list.html", {"page": page, "rows": rows, "only_unread": only_unread})


def _worded(notice) -> dict:
    """A notice in the reader's words; one of a kind that no longer exists keeps its place."""
    wording = wordings.get(notice.kind)
    if wording is None:
        return {"notice": notice, "title": notice.kind, "lines": [], "icon": UNKNOWN_ICON}
    body = wording.body(notice.params)
    lines = [line for line in body.splitlines() if line != wording.title(notice.params)]
    return {"notice": notice, "title": wording.title(notice.params), "lines": lines, "icon": wording.icon}


@any_account
@require_GET
def inbox_open(request, pk):
    """Go where the notice leads; it counts as read from now on."""
    notice = get_object_or_404(request.user.notices, pk=pk)
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
    return redirect(notice.url or "unions:inbox")


@any_account
@require_POST
def inbox_read_all(request):
    count = request.user.notices.unread().update(read_at=timezone.now())
    text = ngettext("%(count)d notice marked as read.", "%(count)d notices marked as read.", count)
    messages.success(request, text % {"count": count} if count else _("There was nothing unread."))
    return redirect("unions:inbox")
