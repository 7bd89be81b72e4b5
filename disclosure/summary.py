"""The middle tier's summary: what is accepted below it, who is missing and why, frozen when it goes up."""

from django.utils.translation import gettext as _

from disclosure.enums import FormKind, ReturnState, ShortfallReason
from disclosure.models import Form, Return, ReturnRound
from disclosure.totals import total_of
from unions.enums import DutyState
from unions.models import Duty
from unions.models.duty import DutyQuerySet
from unions.wall import system


def is_summary(filing: Return) -> bool:
    return filing.version.form.kind == FormKind.SUMMARY


def parts(filing: Return) -> DutyQuerySet:
    """The duties whose returns a summary adds up: those of the unions below it, in its period."""
    form = filing.version.form
    return Duty.objects.filter(middle=filing.union_id, rule__form=form.summed_from_id, period=filing.period)


def accepted_below(filing: Return):
    return Return.objects.filter(
        middle=filing.union_id, version__form=filing.version.form.summed_from_id, period=filing.period,
        state=ReturnState.ACCEPTED,
    )  # fmt: skip


def rounds_included(filing: Return) -> list[ReturnRound]:
    """What a submitted summary added up, as it was then: of each return the last round sent before it went up. Those of a
    union that has moved away since are shown as well: they were this union's to add up."""
    rounds = ReturnRound.objects.filter(filing__in=filing.included, submitted_at__lte=filing.submitted_at)
    newest = rounds.order_by("filing_id", "-number").distinct("filing_id").select_related("filing__union")
    with system("shows what a summary was made of"):
        return list(newest)


def missing(filing: Return) -> DutyQuerySet:
    """Duties whose figures are not in: neither accepted nor exempt."""
    return parts(filing).exclude(state__in=(DutyState.FULFILLED, DutyState.WAIVED)).select_related("union")


def reasons_of(filing: Return) -> dict[int, dict]:
    """union → {code, text} as given so far."""
    return {row["union"]: row for row in filing.shortfall}


def has_reason(row: dict | None) -> bool:
    """A reason is one of the list; “another reason” also wants words."""
    if not row or row.get("code") not in ShortfallReason.values:
        return False
    return row["code"] != ShortfallReason.OTHER or bool(row.get("text", "").strip())


def unreasoned(filing: Return) -> int:
    """How many of the missing unions stand without a reason."""
    given = reasons_of(filing)
    return sum(not has_reason(given.get(pk)) for pk in missing(filing).values_list("union_id", flat=True))


def refusal(filing: Return) -> str | None:
    """Why the summary cannot go up yet: all are in, or each one missing is listed with a reason."""
    if not accepted_below(filing).exists():
        return _("Nothing has been accepted yet: there is nothing to sum up.")
    if count := unreasoned(filing):
        return _("Give a reason for each of the %(count)d unions that are missing.") % {"count": count}
    return None


def show_live(filing: Return) -> None:
    """Put the total as it stands now into a summary that is still open; a submitted one keeps what it said."""
    if filing.is_editable:
        form: Form = filing.version.form.summed_from
        filing.figures = dict(total_of(filing.union_id, form, filing.period).figures)


def freeze(filing: Return) -> None:
    """On submission: the figures, the returns they are made of and the missing with their reasons, for good."""
    show_live(filing)
    filing.included = list(accepted_below(filing).order_by("pk").values_list("pk", flat=True))
    given = reasons_of(filing)
    filing.shortfall = [
        {"union": duty.union_id, "name": duty.union.name, "state": duty.state, "members": duty.members,
         "code": given.get(duty.union_id, {}).get("code", ""), "text": given.get(duty.union_id, {}).get("text", "")}
        for duty in missing(filing)
    ]  # fmt: skip
