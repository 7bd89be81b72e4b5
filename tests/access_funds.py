"""The access matrix of budgets: seen by the whole chain above, written and signed by the union itself, decided on by the
tier directly above."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from disclosure.budget_executions import FILE
from disclosure.duty_seeds import BUDGET
from disclosure.models import Budget
from tests.access import BELOW, STAFF, MatrixWorld, Row, maker
from tests.access_annual import DECIDE_OF_VIEW
from tests.access_bulletins import WRITE
from tests.access_oversight import LEAD
from tests.factories import budgets as made
from tests.factories.duties import make_duty
from unions import uploads
from unions.models import Duty, DutyRule, Union


@maker("union")
def budget(world: MatrixWorld, union: Union) -> dict:
    return {"pk": made.begun(union, world.somebody_at(union)).pk}


@maker("union")
def budget_move(world: MatrixWorld, union: Union) -> dict:
    return {**budget(world, union), "move": "accept"}


@maker("union")
def budget_document(world: MatrixWorld, union: Union) -> dict:
    return {**budget(world, union), "form": "docx"}


@maker("union")
def budget_in_force(world: MatrixWorld, union: Union) -> dict:
    return {"pk": _in_force(world, union).pk}


@maker("union")
def execution(world: MatrixWorld, union: Union) -> dict:
    return {"pk": made.entered(_in_force(world, union), world.somebody_at(union)).pk}


@maker("union")
def execution_move(world: MatrixWorld, union: Union) -> dict:
    return {**execution(world, union), "move": "submit"}


@maker("union")
def execution_file(world: MatrixWorld, union: Union) -> dict:
    found, by = execution(world, union), world.somebody_at(union)
    given = SimpleUploadedFile("纪要.pdf", b"%PDF-1.4\n%%EOF\n")
    return {**found, "upload": uploads.receive(given, purpose=FILE, union=union, by=by, object_id=found["pk"]).pk}


def _in_force(world: MatrixWorld, union: Union) -> Budget:
    """Last year's: its periods are over."""
    return made.in_force(union, world.somebody_at(union), timezone.localdate().year - 1)


@maker("union")
def budget_duty(world: MatrixWorld, union: Union) -> dict:
    budget(world, union)
    rule = DutyRule.objects.get(key=BUDGET)
    year = str(timezone.localdate().year)
    return {
        "pk": (Duty.objects.filter(rule=rule, union=union, period=year).first() or make_duty(rule, union, year)).pk
    }


FUNDS = {
    "disclosure:duty-way": Row(BELOW, of="budget_duty"),
    "api:budget-list": Row(STAFF),
    "api:budget-detail": Row(BELOW, of="budget"),
    "api:budget-move": Row(DECIDE_OF_VIEW, of="budget_move", methods="POST", data={"revision": 1}),
    "disclosure:budget-list": Row(STAFF, also=({"export": "xlsx"}, {"adopted": "1"})),
    "disclosure:budget-missing": Row(STAFF, also=({"export": "xlsx"}, {"year": "2020"})),
    "disclosure:budget-years": Row(BELOW, of="union"),
    "disclosure:budget-add": Row(WRITE, of="union", methods="GET POST"),
    "disclosure:budget": Row(BELOW, of="budget"),
    "disclosure:budget-edit": Row(WRITE, of="budget", methods="GET POST", data={"a.before": "6"}),
    "disclosure:budget-take": Row(WRITE, of="budget", methods="POST", data={"source": "accounts"}),
    "disclosure:budget-adjust": Row(WRITE, of="budget", methods="GET POST"),
    "disclosure:budget-discard": Row(WRITE, of="budget", methods="GET POST"),
    "disclosure:budget-move": Row(DECIDE_OF_VIEW, of="budget_move", methods="GET POST"),
    "disclosure:budget-document": Row(BELOW, of="budget_document"),
    "disclosure:budget-workbook": Row(BELOW, of="budget"),
    "disclosure:budget-upload": Row(WRITE, of="budget", methods="POST"),
    "disclosure:execution-upload": Row(WRITE, of="execution", methods="POST"),
    "disclosure:execution-add": Row(WRITE, of="budget_in_force", methods="GET POST"),
    "disclosure:execution": Row(BELOW, of="execution"),
    "disclosure:execution-edit": Row(WRITE, of="execution", methods="GET POST"),
    "disclosure:execution-move": Row(LEAD, of="execution_move", methods="GET POST"),
    "disclosure:execution-files": Row(WRITE, of="execution", methods="GET POST"),
    "disclosure:execution-file": Row(BELOW, of="execution_file"),
    "disclosure:execution-file-remove": Row(WRITE, of="execution_file", methods="POST"),
}
