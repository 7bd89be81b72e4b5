"""Pages of special oversight."""

from django.urls import path

from disclosure.views import oversight, oversight_findings, oversight_people, oversight_public

oversight_urls = [
    path("oversight/", oversight.oversight_list, name="oversight-list"),
    path("unions/<int:pk>/oversight/add/", oversight.oversight_add, name="oversight-add"),
    path("oversight/<int:pk>/", oversight.oversight, name="oversight"),
    path("oversight/<int:pk>/edit/", oversight.oversight_edit, name="oversight-edit"),
    path("oversight/<int:pk>/moves/<slug:move>/", oversight.oversight_move, name="oversight-move"),
    path("oversight/<int:pk>/comment/", oversight.oversight_comment, name="oversight-comment"),
    path("oversight/<int:pk>/document/<slug:form>/", oversight.document, name="oversight-document"),
    path("oversight/<int:pk>/sheet/<slug:form>/", oversight.sheet, name="oversight-sheet"),
    path("oversight/<int:pk>/overseers/add/", oversight_people.invite, name="overseer-invite"),
    path("oversight/<int:pk>/draws/add/", oversight_people.freeze, name="oversight-freeze"),
    path("oversight/draws/<int:pk>/", oversight_people.draw, name="oversight-draw"),
    path("oversight/overseers/<int:pk>/link/", oversight_people.link, name="overseer-link"),
    path("oversight/overseers/<int:pk>/reveal/<slug:item>/", oversight_people.overseer_reveal, name="overseer-reveal"),
    path("oversight/overseers/<int:pk>/moves/<slug:move>/", oversight_people.overseer_move, name="overseer-move"),
    path("oversight/overseers/<int:pk>/findings/", oversight_findings.take_down, name="oversight-take-down"),
    path("oversight/overseers/<int:pk>/hand-in/", oversight_findings.hand_in, name="oversight-hand-in"),
    path("oversight/findings/<int:pk>/", oversight_findings.finding, name="oversight-finding"),
    path(
        "oversight/findings/<int:pk>/moves/<slug:move>/",
        oversight_findings.finding_move,
        name="oversight-finding-move",
    ),
    path("oversight/replies/<int:pk>/moves/<slug:move>/", oversight_findings.reply_move, name="oversight-reply-move"),
    path("oversight/replies/<int:pk>/evidence/", oversight_findings.evidence, name="oversight-evidence"),
    path("oversight/findings/<int:pk>/files/<int:upload>/", oversight_findings.file, name="oversight-file"),
    # Without an account.
    path("p/oversight/<str:token>/", oversight_public.by_own_link, name="oversight-link"),
]
