"""Pages of the assemblies floor, one list per resource."""

from django.urls import path

from assemblies.appraisal_urls import appraisal_urls
from assemblies.meeting_urls import matter_urls, meeting_urls
from assemblies.views import (
    ballots,
    bands,
    collections,
    delegates,
    paper_votes,
    proposal_public,
    proposal_queue,
    proposals,
    terms,
    votes,
)

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
    path("proposals/<int:pk>/link/", proposals.proposal_link, name="proposal-link"),
    path("proposals/statistics/", collections.statistics, name="proposal-statistics"),
    path("proposals/themes/", collections.theme_list, name="theme-list"),
    path("proposals/themes/<slug:kind>/add/", collections.theme_edit, name="theme-add"),
    path("proposals/themes/<slug:kind>/<int:pk>/", collections.theme_edit, name="theme-edit"),
    path("collections/", collections.collection_list, name="collection-list"),
    path("collections/of/<int:pk>/new/", collections.collection_new, name="collection-new"),
    path("collections/<int:pk>/", collections.collection, name="collection"),
    path("collections/<int:pk>/edit/", collections.collection_edit, name="collection-edit"),
    path("collections/<int:pk>/renew/", collections.collection_renew, name="collection-renew"),
]
delegate_urls = [
    path("delegates/", delegates.delegate_list, name="delegate-list"),
    path("delegates/<int:pk>/", delegates.delegate, name="delegate"),
    path("delegates/<int:pk>/edit/", delegates.delegate_edit, name="delegate-edit"),
    path("delegates/<int:pk>/phone/", delegates.delegate_phone, name="delegate-phone"),
    path("delegates/<int:pk>/card/renew/", delegates.card_renew, name="delegate-card-renew"),
    path("delegates/<int:pk>/moves/<slug:move>/", delegates.delegate_move, name="delegate-move"),
    path("terms/<int:pk>/delegates/", delegates.plan, name="delegate-plan"),
    path("terms/<int:pk>/delegates/new/", delegates.delegate_new, name="delegate-new"),
    path("terms/<int:pk>/delegates/cards/", delegates.cards, name="delegate-cards"),
    path("terms/<int:pk>/constituencies/add/", delegates.constituency, name="constituency-add"),
    path("terms/<int:pk>/constituencies/<int:item>/", delegates.constituency, name="constituency-edit"),
    path(
        "terms/<int:pk>/constituencies/<int:item>/remove/", delegates.constituency_remove, name="constituency-remove"
    ),
]
# Without an account, for whoever holds the link.
delegate_public_urls = [
    path("p/hand-in/<str:token>/", proposal_public.collection, name="public-collection"),
    path("p/proposal/<str:token>/", proposal_public.proposal, name="public-proposal"),
    path("p/published/<str:token>/", proposal_public.published, name="public-published"),
    path("p/card/<str:token>/", delegates.public_card, name="public-card"),
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
    *delegate_urls,
    *delegate_public_urls,
    *meeting_urls,
    *matter_urls,
    *appraisal_urls,
]
