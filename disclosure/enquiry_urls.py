"""Pages of enquiries and concerns."""

from django.urls import path

from disclosure.views import ask, enquiries, enquiry_board, enquiry_bulk, enquiry_themes

enquiry_urls = [
    path("enquiries/", enquiries.enquiry_list, name="enquiry-list"),
    path("enquiries/queue/", enquiries.queue, name="enquiry-queue"),
    path("enquiries/queue/bulk/", enquiry_bulk.bulk, name="enquiry-bulk"),
    path("enquiries/board/", enquiry_board.board, name="enquiry-board"),
    path("enquiries/take-down/", enquiries.enquiry_new, name="enquiry-new"),
    path("matters/<int:pk>/enquiry/", enquiries.enquiry_of_matter, name="enquiry-of-matter"),
    path("enquiries/<int:pk>/", enquiries.enquiry, name="enquiry"),
    path("enquiries/<int:pk>/moves/<slug:move>/", enquiries.enquiry_move, name="enquiry-move"),
    path("enquiries/<int:pk>/add/", enquiries.enquiry_add, name="enquiry-add"),
    path("enquiries/<int:pk>/reveal/<slug:item>/", enquiries.enquiry_reveal, name="enquiry-reveal"),
    path("enquiries/<int:pk>/link/", enquiries.enquiry_link, name="enquiry-link"),
    path("enquiries/themes/", enquiry_themes.theme_list, name="enquiry-theme-list"),
    path("enquiries/themes/add/", enquiry_themes.theme_add, name="enquiry-theme-add"),
    path("enquiries/themes/<int:pk>/", enquiry_themes.theme_edit, name="enquiry-theme-edit"),
    path("dialogue/", enquiry_themes.dialogue_this_month, name="dialogue-newest"),
    path("dialogue/<str:month>/", enquiry_themes.dialogue, name="dialogue"),
    # Without an account.
    path("u/<slug:slug>/ask/", ask.ask, name="public-ask"),
    path("asked/<str:token>/", ask.asked, name="public-enquiry"),
]
