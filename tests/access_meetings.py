"""The access matrix of meetings: seen by the whole chain above, prepared by the union itself, decided on directly above."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assemblies import attendees, links
from assemblies.attendees import Person
from assemblies.matters import raise_matter
from assemblies.models import Attendee, Meeting
from assemblies.papers import EVIDENCE, PAPER
from tests.access import BELOW, MINE, STAFF, MatrixWorld, Row, maker
from tests.factories.meetings import planned
from unions import uploads
from unions.models import Union, User
from unions.workflow import perform

# Seen: one's own union and all below it; changed: one's own alone, by whoever prepares its meetings.
OWN = "D x DS +xx. M +xx.... MR x G x GC +.... F +x... N x"
# As OWN, where the page itself is read by whoever sees the union.
OWN_OF_VIEW = "D xxx. DS +xx. M +xx.... MR xxx.... G x.... GC +.... F +x... N x"
SUBMIT = "D xxx. DL +xx. DS +xx. M xxx.... MC +xx.... G x.... GC +.... F +x... N x"
OPEN_TO_ALL = "D +. M +. G +. F +. N +."
# Who prepares somebody's meetings anywhere.
PREPARES = "D x DS + M + MR x G x GC + F + N x"


@maker("union")
def meeting(world: MatrixWorld, union: Union) -> dict:
    return {"pk": planned(union, world.somebody_at(union), "committee").pk}


@maker("union")
def meeting_today(world: MatrixWorld, union: Union) -> dict:
    by = world.somebody_at(union)
    made = planned(union, by, "committee", days=0)
    Meeting.objects.filter(pk=made.pk).update(state="open")
    return {"pk": made.pk}


@maker("union")
def meeting_move(world: MatrixWorld, union: Union) -> dict:
    return {**meeting(world, union), "move": "cancel"}


@maker("union")
def reported_meeting(world: MatrixWorld, union: Union) -> dict:
    made = planned(union, world.somebody_at(union), "members" if union.tier == 3 else "congress")
    Meeting.objects.filter(pk=made.pk).update(state="reported")
    return {"pk": made.pk, "move": "approve"}


@maker("union")
def point(world: MatrixWorld, union: Union) -> dict:
    made = meeting_today(world, union)
    return {**made, "item": Meeting.objects.get(pk=made["pk"]).agenda.first().pk}


@maker("union")
def attendee(world: MatrixWorld, union: Union) -> dict:
    made = meeting(world, union)
    return {**made, "person": Attendee.objects.filter(meeting=made["pk"]).first().pk}


@maker("union")
def symposium(world: MatrixWorld, union: Union) -> dict:
    made = planned(union, world.somebody_at(union), "symposium", people=0, days=0)
    Meeting.objects.filter(pk=made.pk).update(state="open")
    return {"pk": made.pk}


@maker("union")
def matter(world: MatrixWorld, union: Union) -> dict:
    held = Meeting.objects.get(pk=symposium(world, union)["pk"])
    values = {"title": "增设夜班班车", "owner": "行政部", "due_on": held.held_on}
    return {"pk": raise_matter(held, values, by=world.somebody_at(union)).pk}


@maker("union")
def matter_move(world: MatrixWorld, union: Union) -> dict:
    return {**matter(world, union), "move": "answer"}


@maker("union")
def matter_evidence(world: MatrixWorld, union: Union) -> dict:
    found = matter(world, union)
    return {**found, "upload": _file(world, union, EVIDENCE, found["pk"])}


@maker("union")
def meeting_paper(world: MatrixWorld, union: Union) -> dict:
    found = meeting(world, union)
    return {**found, "upload": _file(world, union, PAPER, found["pk"])}


def _file(world: MatrixWorld, union: Union, purpose: uploads.Purpose, pk: int) -> int:
    given = SimpleUploadedFile("工作报告.pdf", b"%PDF-1.4\n%%EOF\n")
    return uploads.receive(given, purpose=purpose, union=union, by=world.somebody_at(union), object_id=pk).pk


@maker("union")
def called_meeting(world: MatrixWorld, union: Union) -> dict:
    made = planned(union, world.somebody_at(union), "committee")
    Meeting.objects.filter(pk=made.pk).update(state="called", called_at=timezone.now())
    return {"pk": made.pk}


@maker("union")
def meeting_document(world: MatrixWorld, union: Union) -> dict:
    return {**meeting(world, union), "kind": "minutes", "form": "docx"}


@maker("personal")
def invitation(world: MatrixWorld, person: User) -> dict:
    made = planned(world.factory, world.chair, "committee", people=0)
    attendees.add(made, [Person("来宾")], by=world.chair)
    Attendee.objects.filter(meeting=made).update(account=person)
    return {"pk": perform(made, "call", by=world.chair).pk}


@maker("shared")
def notice_link(world: MatrixWorld) -> dict:
    made = perform(planned(world.factory, world.chair, "committee"), "call", by=world.chair)
    return {"pk": made.pk, "token": links.papers_token(made)}


@maker("shared")
def paper_link(world: MatrixWorld) -> dict:
    link = notice_link(world)
    return {**link, "upload": _file(world, world.factory, PAPER, link["pk"])}


@maker("shared")
def code_on_screen(world: MatrixWorld) -> dict:
    made = perform(planned(world.factory, world.chair, "committee", days=0), "call", by=world.chair)
    return {"pk": made.pk, "token": links.sign_in_token(made)}


def ticked(kwargs: dict) -> dict:
    first = Attendee.objects.filter(meeting=kwargs["pk"]).first()
    return {"presence": "present", "ids": first.pk if first else 0}


@maker("union")
def union_and_year(world: MatrixWorld, union: Union) -> dict:
    return {"pk": union.pk, "year": timezone.localdate().year}


MEETINGS = {
    "api:meeting-list": Row(STAFF),
    "api:meeting-detail": Row(BELOW, of="meeting"),
    "assemblies:meeting-list": Row(STAFF, also=({"export": "xlsx"},)),
    "assemblies:meeting-plan-anywhere": Row(PREPARES),
    "assemblies:assembly-of-year": Row(BELOW, of="union_and_year"),
    "assemblies:meeting-plan": Row(OWN, of="union", methods="GET POST", also=({"kind": "committee"},)),
    "assemblies:meeting": Row(BELOW, of="meeting"),
    "assemblies:meeting-invited": Row(MINE, of="invitation"),
    "assemblies:meeting-edit": Row(OWN, of="meeting", methods="GET POST"),
    "assemblies:meeting-move": Row(SUBMIT, of="meeting_move", methods="GET POST"),
    "assemblies:meeting-go-on": Row(OWN, of="meeting_today", methods="GET POST"),
    "assemblies:agenda-add": Row(OWN, of="meeting", methods="GET POST"),
    "assemblies:agenda-edit": Row(OWN, of="point", methods="GET POST"),
    "assemblies:agenda-remove": Row(OWN, of="point", methods="POST"),
    "assemblies:agenda-move": Row(OWN, of="point", methods="POST", data={"up": "0"}),
    "assemblies:agenda-begin": Row(OWN, of="point", methods="POST"),
    "assemblies:meeting-people": Row(BELOW, of="meeting", also=({"export": "xlsx"},)),
    "assemblies:people-add": Row(OWN, of="meeting", methods="GET POST", data={"people": "张三\n李四"}),
    "assemblies:people-take": Row(OWN, of="meeting", methods="POST", data={"source": "last"}),
    "assemblies:people-remove": Row(OWN, of="meeting", methods="POST", data=ticked),
    "assemblies:person-edit": Row(OWN, of="attendee", methods="GET POST", data={"name": "张三"}),
    "assemblies:meeting-sit": Row(OWN, of="meeting_today"),
    "assemblies:meeting-mark": Row(OWN, of="meeting_today", methods="POST", data=ticked),
    "assemblies:meeting-quorum": Row(BELOW, of="meeting_today"),
    "assemblies:meeting-screen": Row(OWN, of="meeting_today"),
    "assemblies:meeting-minutes": Row(OWN, of="meeting_today", methods="GET POST", data={"minutes": "会议纪要"}),
    "assemblies:meeting-papers": Row(OWN, of="meeting", methods="GET POST"),
    "assemblies:meeting-paper": Row(BELOW, of="meeting_paper"),
    "assemblies:paper-remove": Row(OWN, of="meeting_paper", methods="POST"),
    "assemblies:meeting-notice": Row(OWN, of="called_meeting"),
    "assemblies:meeting-document": Row(BELOW, of="meeting_document"),
    "assemblies:matter-list": Row(STAFF, also=({"export": "xlsx"},)),
    "assemblies:matter-add": Row(OWN, of="symposium", methods="GET POST"),
    "assemblies:matter": Row(BELOW, of="matter", methods="GET POST", writing=OWN_OF_VIEW),
    "assemblies:matter-edit": Row(OWN, of="matter", methods="GET POST"),
    "assemblies:matter-move": Row(OWN, of="matter_move", methods="GET POST"),
    "assemblies:matter-evidence": Row(BELOW, of="matter_evidence"),
    "assemblies:papers": Row(OPEN_TO_ALL, of="notice_link", is_public=True),
    "assemblies:paper": Row(OPEN_TO_ALL, of="paper_link", is_public=True),
    "assemblies:sign-in": Row(OPEN_TO_ALL, of="code_on_screen", methods="GET POST", is_public=True),
}
