"""Writing a return's content: one figure or all of them, the nothing-happened tick, the words around them."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosure.definition import definition_of
from disclosure.enums import FigureSource, FigureType, FormKind
from disclosure.models import Return
from disclosure.prefill import carry, draft_for, last_figures, read_figure
from disclosure.rules import Assessment, assess
from unions.calendar import WorkCalendar
from unions.kit.text import sentence
from unions.models import Duty, User
from unions.permissions import Permission
from unions.workflow import Invalid, MoveError, NotAllowed, demand_unchanged


def may_fill(user: User, duty: Duty) -> bool:
    """Nobody edits another union's figures; the tier above may help where it holds that right, under its own name."""
    return user.has_perm(Permission.RETURN_FILL, duty) or is_helper(user, duty)


def is_helper(user: User, duty: Duty) -> bool:
    return not user.has_perm(Permission.RETURN_FILL, duty) and user.has_perm(Permission.RETURN_ASSIST, duty)


def assessment_of(filing: Return, *, is_open: bool | None = None) -> Assessment:
    """What the checks say of a return now; of an open one also which figures nobody has looked at."""
    is_open = filing.is_editable if is_open is None else is_open
    definition = definition_of(filing.version)
    is_summary = definition.form.kind == FormKind.SUMMARY
    return assess(
        definition, figures=filing.figures, last=last_figures(filing), register=filing.union,
        explanations=filing.explanations, sources=filing.sources if is_open and not is_summary else None,
    )  # fmt: skip


def ensure(duty: Duty, *, by: User) -> Return:
    """The stored return of a duty, locked; made from its sources on the first write."""
    if filing := _locked(duty):
        return filing
    # The return's row comes before the duty's wherever both are locked; only where there is none does the duty's stand in.
    Duty.objects.select_for_update(no_key=True).get(pk=duty.pk)
    if filing := _locked(duty):
        return filing
    filing = draft_for(duty)
    filing.filled_by = by
    filing.save()
    return filing


def _locked(duty: Duty) -> Return | None:
    filings = Return.objects.select_for_update(of=("self",), no_key=True)
    return filings.select_related("version", "union", "duty").filter(duty=duty).first()


def _open_for_writing(duty: Duty, by: User, revision: int | None) -> Return:
    if not may_fill(by, duty):
        raise NotAllowed(_("You may not fill in this union's return."))
    filing = ensure(duty, by=by)
    if not filing.is_editable:
        raise MoveError(_("This return is submitted. Withdraw it first if something must be changed."))
    demand_unchanged(filing, revision)
    return filing


@transaction.atomic
def save_return(
    duty: Duty, *, by: User, values: Mapping[str, object] | None = None, explanations: Mapping[str, str] | None = None,
    narrative: str | None = None, confirm_rest: bool = False, revision: int | None = None,
    source: str = FigureSource.TYPED,
) -> tuple[Return, dict[str, str]]:  # fmt: skip
    """Keep what was filled in; what cannot be read is named (code → sentence) and the rest is kept all the same.

    `confirm_rest` is the filler's word that the figures not touched are right as they stand (nothing happened).
    """
    filing = _open_for_writing(duty, by, revision)
    definition, errors = definition_of(filing.version), {}
    for code, text in (values or {}).items():
        indicator = definition.indicators.get(code)
        if indicator is None or not indicator.is_editable:
            continue
        try:
            value = read_figure(indicator, text)
        except ValueError as problem:
            errors[code] = str(problem)
            continue
        if value != filing.figures.get(code) or source == FigureSource.UPLOADED:
            filing.figures[code], filing.sources[code] = value, str(source)
    if confirm_rest:
        for code, indicator in definition.indicators.items():
            if indicator.is_editable and filing.figures.get(code) not in (None, ""):
                filing.sources.setdefault(code, str(FigureSource.TYPED))
    for code, text in (explanations or {}).items():
        if code in definition.explainable:
            filing.explanations[code] = sentence(text, 300)
    if narrative is not None:
        filing.narrative = sentence(narrative, 4000)
    _keep(filing, by)
    return filing, errors


@transaction.atomic
def confirm_figure(duty: Duty, code: str, *, by: User, text: object, revision: int | None = None) -> Return:
    """One figure as typed; typing the figure that stands there already confirms it. Raises Invalid."""
    filing, errors = save_return(duty, by=by, values={code: text}, revision=revision)
    if errors:
        raise Invalid(errors[code], errors)
    indicator = definition_of(filing.version).indicators.get(code)
    if indicator and indicator.is_editable and code not in filing.sources:
        filing.sources[code] = str(FigureSource.TYPED)
        filing.save(update_fields=["sources"])
    return filing


def _keep(filing: Return, by: User) -> None:
    carry(filing)
    definition = definition_of(filing.version)
    filing.is_nil = bool(definition.events) and all(
        i.code in filing.sources and not float(filing.figures.get(i.code) or 0) for i in definition.events
    )
    if is_helper(by, filing.duty):
        filing.assisted_by = by
    else:
        filing.filled_by = by
    filing.saved_at = timezone.now()
    filing.revision += 1
    filing.save()


def default_correction_day(filing: Return) -> date:
    """The day proposed for a correction: so many working days from today (default 3, set in the duty rule)."""
    return WorkCalendar().shift(timezone.localdate(), filing.duty.rule.correction_days)


def filled_count(filing: Return) -> tuple[int, int]:
    """How many figures are filled in and confirmed, and how many are left to look at."""
    definition = definition_of(filing.version)
    asked = [i for i in definition.indicators.values() if i.type != FigureType.TEXT]
    done = sum(i.code in filing.sources and filing.figures.get(i.code) not in (None, "") for i in asked)
    return done, len(asked) - done


@transaction.atomic
def save_summary(
    duty: Duty, *, by: User, reasons: Mapping[int, tuple[str, str]], explanations: Mapping[str, str] | None = None,
    narrative: str | None = None, revision: int | None = None,
) -> Return:  # fmt: skip
    """Keep a summary's reasons for missing unions (union → code and words), explanations and narrative; its figures
    are nobody's to type."""
    filing = _open_for_writing(duty, by, revision)
    given = {row["union"]: row for row in filing.shortfall}
    given |= {
        union: {"union": union, "code": code, "text": sentence(text, 200)} for union, (code, text) in reasons.items()
    }
    filing.shortfall = [row for row in given.values() if row.get("code")]
    known = definition_of(filing.version).explainable
    filing.explanations |= {code: sentence(text, 300) for code, text in (explanations or {}).items() if code in known}
    if narrative is not None:
        filing.narrative = sentence(narrative, 4000)
    filing.filled_by, filing.saved_at = by, timezone.now()
    filing.revision += 1
    filing.save()
    return filing
