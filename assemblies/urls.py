"""Pages of the assemblies floor, one list per resource."""

from django.urls import path

from assemblies.views import proposal_queue, proposals

app_name = "assemblies"

proposal_urls = [
    path("proposals/", proposals.proposal_list, name="proposal-list"),
    path("proposals/new/", proposals.proposal_new, name="proposal-new"),
    path("proposals/queue/", proposal_queue.queue, name="proposal-queue"),
    path("proposals/queue/bulk/", proposal_queue.bulk, name="proposal-bulk"),
    path("proposals/<int:pk>/", proposals.proposal_detail, name="proposal-detail"),
    path("proposals/<int:pk>/print/", proposals.proposal_print, name="proposal-print"),
    path("proposals/<int:pk>/moves/<slug:move>/", proposals.proposal_move, name="proposal-move"),
    path("proposals/<int:pk>/answers/<int:handler_pk>/", proposals.proposal_answer, name="proposal-answer"),
    path("proposals/<int:pk>/open/<slug:item>/", proposals.proposal_reveal, name="proposal-reveal"),
]

urlpatterns = [*proposal_urls]
