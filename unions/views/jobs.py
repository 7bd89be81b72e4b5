"""Jobs that the person started: the list, the progress of one, its file. Nobody sees another's."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from unions import export_jobs, jobs
from unions.kit.http import any_account, is_fragment
from unions.kit.pagination import ListPaginator
from unions.models import Job


def _own(user):
    return Job.objects.filter(by=user).select_related("union")


@any_account
@require_GET
def job_list(request):
    page = ListPaginator(_own(request.user), 20).get_page(request.GET.get("page"))
    for job in page:
        jobs.refresh_progress(job)
        job.title = jobs.title(job)
    return render(request, "unions/jobs/list.html", {"page": page})


@any_account
@require_GET
def job(request, pk):
    """How far it has come; the fragment asks again until the job is over, and its notice counts as read."""
    found = jobs.refresh_progress(get_object_or_404(_own(request.user), pk=pk))
    jobs.seen(found)
    context = {
        "job": found, "title": jobs.title(found), "stage": jobs.stage(found), "facts": jobs.facts(found),
        "next": jobs.next_page(found),
    }  # fmt: skip
    template = "unions/jobs/_progress.html" if is_fragment(request) else "unions/jobs/job.html"
    return render(request, template, context)


@any_account
@require_POST
def export(request):
    """Start the export of a long list by the ticket of its button; clicked twice it is the same job."""
    return redirect("unions:job", export_jobs.start(request.user, request.POST.get("ticket", "")).pk)


@any_account
@require_GET
def job_file(request, pk):
    """The file that a job made, only to whoever started it, never shown inline; and only while they work at the union
    in whose name they had it made: it holds what they were to see then."""
    found = get_object_or_404(_own(request.user), pk=pk)
    if found.union_id not in {grant.union_id for grant in request.user.grants}:
        raise Http404
    if not found.file or not found.file.storage.exists(found.file.name):
        raise Http404
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.file_name or None)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
