"""Pages of meetings and of the matters that symposiums raise."""

from django.urls import path

from assemblies.views import attendance, matters, meetings, meetings_list, papers, planning, public_meetings, results

meeting_urls = [
    path("meetings/", meetings_list.meeting_list, name="meeting-list"),
    path("meetings/plan/", planning.plan_anywhere, name="meeting-plan-anywhere"),
    path("unions/<int:pk>/assembly/<int:year>/", planning.assembly_of_year, name="assembly-of-year"),
    path("unions/<int:pk>/meetings/plan/", planning.plan, name="meeting-plan"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/invited/", meetings.invited, name="meeting-invited"),
    path("meetings/<int:pk>/edit/", planning.edit, name="meeting-edit"),
    path("meetings/<int:pk>/moves/<slug:move>/", meetings.move, name="meeting-move"),
    path("meetings/<int:pk>/go-on/", meetings.go_on, name="meeting-go-on"),
    path("meetings/<int:pk>/agenda/add/", planning.point_add, name="agenda-add"),
    path("meetings/<int:pk>/agenda/<int:item>/", planning.point_edit, name="agenda-edit"),
    path("meetings/<int:pk>/agenda/<int:item>/remove/", planning.point_remove, name="agenda-remove"),
    path("meetings/<int:pk>/agenda/<int:item>/move/", planning.point_move, name="agenda-move"),
    path("meetings/<int:pk>/agenda/<int:item>/begin/", planning.point_begin, name="agenda-begin"),
    path("meetings/<int:pk>/people/", attendance.people, name="meeting-people"),
    path("meetings/<int:pk>/people/add/", attendance.people_add, name="people-add"),
    path("meetings/<int:pk>/people/take/", attendance.people_take, name="people-take"),
    path("meetings/<int:pk>/people/remove/", attendance.people_remove, name="people-remove"),
    path("meetings/<int:pk>/people/<int:person>/", attendance.person_edit, name="person-edit"),
    path("meetings/<int:pk>/sit/", attendance.sit, name="meeting-sit"),
    path("meetings/<int:pk>/mark/", attendance.mark, name="meeting-mark"),
    path("meetings/<int:pk>/quorum/", attendance.quorum, name="meeting-quorum"),
    path("meetings/<int:pk>/screen/", attendance.screen, name="meeting-screen"),
    path("meetings/<int:pk>/minutes/", results.minutes, name="meeting-minutes"),
    path("meetings/<int:pk>/papers/", papers.papers, name="meeting-papers"),
    path("meetings/<int:pk>/papers/<int:upload>/", papers.paper, name="meeting-paper"),
    path("meetings/<int:pk>/papers/<int:upload>/remove/", papers.paper_remove, name="paper-remove"),
    path("meetings/<int:pk>/notice/", papers.notice, name="meeting-notice"),
    path("meetings/<int:pk>/documents/<slug:kind>/<slug:form>/", results.document, name="meeting-document"),
    path("notices/<int:pk>/<str:token>/", public_meetings.papers, name="papers"),
    path("notices/<int:pk>/<str:token>/<int:upload>/", public_meetings.paper, name="paper"),
    path("sign-in/<int:pk>/<str:token>/", public_meetings.sign_in, name="sign-in"),
]
matter_urls = [
    path("matters/", matters.matter_list, name="matter-list"),
    path("meetings/<int:pk>/matters/add/", matters.matter_add, name="matter-add"),
    path("matters/<int:pk>/", matters.matter, name="matter"),
    path("matters/<int:pk>/edit/", matters.matter_edit, name="matter-edit"),
    path("matters/<int:pk>/moves/<slug:move>/", matters.matter_move, name="matter-move"),
    path("matters/<int:pk>/evidence/<int:upload>/", matters.evidence, name="matter-evidence"),
]
