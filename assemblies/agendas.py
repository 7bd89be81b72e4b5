"""What a new meeting of each kind is proposed with: the points of its agenda, and who usually speaks to them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assemblies.enums import AgendaKind, MeetingKind, Power
from unions.models import Union

REPORT, VOTE, ELECTION, APPRAISAL = AgendaKind.REPORT, AgendaKind.VOTE, AgendaKind.ELECTION, AgendaKind.APPRAISAL


@dataclass(frozen=True)
class Point:
    """A point of an agenda before there is a meeting."""

    kind: str
    title: str
    speaker: str = ""
    power: str = ""


def points_of(kind: MeetingKind, union: Union, is_renewal: bool) -> list[Point]:
    """Of an assembly: the yearly reports that the notice 2015-24 orders, the chair's own, the appraisal, and at the
    first session of a term the elections."""
    if kind == MeetingKind.COMMITTEE:
        return [
            Point(REPORT, _("Work since the last meeting"), union.chair_name),
            Point(VOTE, _("Matters to decide"), union.chair_name, Power.DECIDE),
            Point(AgendaKind.OTHER, _("Tasks until the next meeting"), union.chair_name),
        ]
    if kind == MeetingKind.AUDIT:
        return [
            Point(REPORT, _("Income and expenditure of the union")),
            Point(VOTE, _("The audit committee's report"), "", Power.AUDIT),
        ]
    if kind == MeetingKind.SYMPOSIUM:
        return [
            Point(AgendaKind.OTHER, _("What became of the matters raised last time"), union.chair_name),
            Point(AgendaKind.OTHER, _("What workers and members raise")),
        ]
    reports = [
        Point(REPORT, _("Work report of the union committee"), union.chair_name, Power.WORK),
        Point(REPORT, _("Report on income and expenditure"), "", Power.FUNDS),
        Point(REPORT, _("Report of the audit committee"), "", Power.AUDIT),
    ]
    if is_renewal:
        return [
            *reports,
            Point(VOTE, _("Rules of the election"), "", Power.DECIDE),
            Point(ELECTION, _("Election of the union committee"), "", Power.ELECT),
            Point(ELECTION, _("Election of the audit committee"), "", Power.ELECT),
            Point(VOTE, _("Resolutions on the reports"), "", Power.DECIDE),
        ]
    return [
        *reports,
        Point(REPORT, _("The chair's report on the year in office"), union.chair_name, Power.RATE),
        Point(APPRAISAL, _("Appraisal of the union committee and its chair"), "", Power.RATE),
        Point(AgendaKind.PROPOSAL, _("Proposals and suggestions of delegates and members"), "", Power.DECIDE),
        Point(VOTE, _("Resolutions on the reports"), "", Power.DECIDE),
    ]
