"""Pages of the assemblies floor, one list per resource."""

from django.urls import path

from assemblies.views import ballots, bands, paper_votes, proposal_queue, proposals, terms, votes

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

vote_urls = [
    path("b/<str:token>/", ballots.ballot, name="ballot"),
    path("b/<str:token>/cast/", ballots.cast, name="ballot-cast"),
    path("votes/", votes.vote_list, name="vote-list"),
    path("unions/<int:pk>/votes/new/<slug:kind>/", votes.vote_new, name="vote-new"),
    path("votes/<int:pk>/", votes.vote_detail, name="vote-detail"),
    path("votes/<int:pk>/edit/", votes.vote_edit, name="vote-edit"),
    path("votes/<int:pk>/discard/", votes.vote_discard, name="vote-discard"),
    path("votes/<int:pk>/moves/<slug:move>/", votes.vote_move, name="vote-move"),
    path("votes/<int:pk>/slips/", votes.vote_slips, name="vote-slips"),
    path("votes/<int:pk>/links/", votes.vote_links, name="vote-links"),
    path("votes/<int:pk>/turnout/", votes.vote_turnout, name="vote-turnout"),
    path("votes/<int:pk>/links/<int:link_pk>/paper/", votes.link_paper, name="link-paper"),
    path("votes/<int:pk>/issued/", paper_votes.paper_issued, name="vote-issued"),
    path("votes/<int:pk>/batches/add/", paper_votes.batch_add, name="batch-add"),
    path("votes/<int:pk>/batches/<int:batch_pk>/", paper_votes.batch, name="batch"),
    path("votes/<int:pk>/again/", votes.vote_again, name="vote-again"),
    path("votes/<int:pk>/seats/", votes.vote_seats, name="vote-seats"),
    path("votes/<int:pk>/print/", votes.vote_print, name="vote-print"),
    path("votes/<int:pk>/workbook/", votes.vote_workbook, name="vote-workbook"),
]

urlpatterns = [
    *term_urls,
    *band_urls,
    *proposal_urls,
    *vote_urls,
]
