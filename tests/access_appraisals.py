"""The access matrix of appraisals: seen by the whole chain above, run by the union itself, approved directly above."""

from django.utils import timezone

from assemblies import appraisals
from assemblies.models import Appraisal, Improvement
from tests.access import BELOW, STAFF, MatrixWorld, Row, maker
from tests.access_meetings import OPEN_TO_ALL, OWN, SUBMIT
from tests.factories.appraisals import appraised, evidence
from unions import tokens
from unions.models import Union
from unions.tokens import Purpose

# As OWN, where the page itself is read by whoever sees the union.
OWN_OF_VIEW = "D xxx. DS +xx. M +xx.... MR xxx.... G x.... GC +.... F +x... N x"


def _made(world: MatrixWorld, union: Union) -> Appraisal:
    return appraised(union, world.somebody_at(union))


def _published(made: Appraisal) -> Appraisal:
    """Whoever is at hand runs votes, and need not be the one who publishes."""
    Appraisal.objects.filter(pk=made.pk).update(
        state="published", published_at=timezone.now(), published_where="公告栏"
    )
    return made


def _item(world: MatrixWorld, union: Union) -> Improvement:
    made = _made(world, union)
    values = {"title": "夜班供餐", "owner": "后勤部", "measure": "延长供餐", "due_on": made.plan_due_on}
    return appraisals.add_improvement(made, values, by=world.somebody_at(union))


@maker("union")
def appraisal(world: MatrixWorld, union: Union) -> dict:
    return {"pk": _made(world, union).pk}


@maker("union")
def appraisal_to_publish(world: MatrixWorld, union: Union) -> dict:
    return {"pk": _made(world, union).pk, "move": "publish"}


@maker("union")
def published_appraisal(world: MatrixWorld, union: Union) -> dict:
    return {"pk": _published(_made(world, union)).pk}


@maker("union")
def improvement(world: MatrixWorld, union: Union) -> dict:
    return {"pk": _item(world, union).pk}


@maker("union")
def improvement_to_note(world: MatrixWorld, union: Union) -> dict:
    return {"pk": _item(world, union).pk, "move": "note"}


@maker("union")
def improvement_file(world: MatrixWorld, union: Union) -> dict:
    item = _item(world, union)
    return {"pk": item.pk, "upload": evidence(item, world.somebody_at(union)).pk}


@maker("shared")
def appraisal_link(world: MatrixWorld) -> dict:
    return {"token": tokens.make(Purpose.APPRAISAL, _published(_made(world, world.factory)).pk)}


APPRAISALS: dict[str, Row] = {
    "assemblies:appraisal-list": Row(STAFF, also=({"export": "xlsx"},)),
    "assemblies:appraisals": Row(BELOW, of="union"),
    "assemblies:appraisal-sheet": Row(STAFF),
    "assemblies:appraisal-sheet-edit": Row("D x DS + M x G x F x N x", methods="GET POST"),
    "assemblies:appraisal": Row(BELOW, of="appraisal"),
    "assemblies:appraisal-move": Row(SUBMIT, of="appraisal_to_publish", methods="GET POST", data={"where": "公告栏"}),
    "assemblies:appraisal-notice": Row(BELOW, of="published_appraisal"),
    "assemblies:improvement-add": Row(OWN, of="appraisal", methods="GET POST"),
    "assemblies:improvement-list": Row(STAFF, also=({"export": "xlsx"},)),
    "assemblies:improvement": Row(BELOW, of="improvement", methods="GET POST", writing=OWN_OF_VIEW),
    "assemblies:improvement-edit": Row(OWN, of="improvement", methods="GET POST"),
    "assemblies:improvement-remove": Row(OWN, of="improvement", methods="POST"),
    "assemblies:improvement-move": Row(
        OWN_OF_VIEW, of="improvement_to_note", methods="GET POST", data={"reason": "已下单"}
    ),
    "assemblies:improvement-evidence": Row(BELOW, of="improvement_file"),
    "api:appraisal-list": Row(STAFF),
    "api:appraisal-detail": Row(BELOW, of="appraisal"),
    "assemblies:public-appraisal": Row(OPEN_TO_ALL, of="appraisal_link", is_public=True),
}
