"""Pages of the assemblies floor, one list per resource."""

from django.urls import path

from assemblies.views import bands, proposal_queue, proposals, terms

app_name = "assemblies"

term_urls = [
    path("terms/", terms.term_list, name="term-list"),
    path("terms/calendar/", terms.term_calendar, name="term-calendar"),
    path("terms/<int:pk>/prepare/", terms.term_prepare, name="term-prepare"),
    path("terms/<int:pk>/edit/", terms.term_edit, name="term-edit"),
    path("terms/<int:pk>/order/", terms.term_order, name="term-order"),
    path("terms/<int:pk>/seats/add/", terms.seat_add, name="seat-add"),
    path("seats/<int:pk>/leave/", terms.seat_leave, name="seat-leave"),
    path("unions/<int:pk>/terms/", terms.union_terms, name="terms"),
    path("unions/<int:pk>/terms/begin/", terms.term_begin, name="term-begin"),
]
band_urls = [
    path("bands/", bands.band_list, name="band-list"),
    path("bands/<slug:key>/", bands.band, name="band"),
    path("bands/<slug:key>/edit/", bands.band_edit, name="band-edit"),
]

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

urlpatterns = [
    *term_urls,
    *band_urls,
    *proposal_urls,
]
