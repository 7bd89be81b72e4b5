"""What can be wrong with a row of an import, in sentences; the short form heads a group of such rows."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ERROR, WARNING, INFO = "error", "warning", "info"
TONES = {ERROR: "bad", WARNING: "warn", INFO: "info"}


@dataclass(frozen=True)
class Sentence:
    short: str | Promise
    text: str | Promise


SENTENCES: dict[str, Sentence] = {
    # One cell.
    "missing": Sentence(_("A required cell is empty"), _("This cell must be filled in.")),
    "formula": Sentence(_("A formula stands where text belongs"), _("A formula stands here. Paste it as a value.")),
    "formula_result": Sentence(_("A formula, its result was taken"), _("A formula stands here; its result %(text)s was taken.")),
    "cell_error": Sentence(_("The spreadsheet shows an error value"), _("The spreadsheet shows %(text)s here.")),
    "too_long": Sentence(_("Text is too long"), _("%(length)s characters; at most %(most)s are kept.")),
    "too_short": Sentence(_("Text is too short"), _("At least %(least)s characters are needed.")),
    "digits_lost": Sentence(
        _("A code was saved as a number"), _("%(text)s was saved as a number and has lost digits. Format the column as text.")
    ),
    "bad_code": Sentence(_("A code holds characters that no code has"), _("“%(text)s” is not a code.")),
    "old_tax_number": Sentence(
        _("Old 15-digit taxpayer number, left out"),
        _("%(text)s is an old 15-digit taxpayer number and was left out. Fill in the 18-character credit code."),
    ),
    "credit_code_length": Sentence(
        _("A credit code does not have 18 characters"), _("%(text)s has %(length)s characters; a credit code has 18.")
    ),
    "credit_code_check": Sentence(
        _("A credit code fails its check digit"), _("%(text)s fails its check digit: some character is mistyped.")
    ),
    "not_a_number": Sentence(_("Not a number"), _("“%(text)s” is not a number.")),
    "negative": Sentence(_("A negative number"), _("%(text)s is below nought.")),
    "not_whole": Sentence(_("Not a whole number"), _("%(text)s is not a whole number.")),
    "too_big": Sentence(_("A number is far too large"), _("%(text)s cannot be right.")),
    "rounded": Sentence(_("Rounded to the cent"), _("%(old)s was rounded to %(new)s.")),
    "read_as_number": Sentence(_("A number written as text"), _("“%(old)s” was read as %(new)s.")),
    "not_a_day": Sentence(_("Not a date"), _("“%(text)s” is not a date. Write it as 2026-01-31.")),
    "no_such_day": Sentence(_("There is no such day"), _("There is no such day: %(text)s.")),
    "read_as_day": Sentence(_("A date written as text"), _("“%(old)s” was read as %(new)s.")),
    "first_of_month": Sentence(_("A month was taken as its first day"), _("“%(old)s” names no day; %(new)s was taken.")),
    "not_a_period": Sentence(_("Not a quarter"), _("“%(text)s” is not a quarter. Write it as 2026年三季度 or 2026Q3.")),
    "odd_phone": Sentence(_("A phone number looks odd"), _("“%(text)s” does not look like a phone number; it is kept as it is.")),
    "masked": Sentence(_("A masked phone number"), _("%(text)s is masked; the number on record stays.")),
    "unknown_choice": Sentence(_("Not on the list of answers"), _("“%(text)s” is not on the list.")),
    "unknown_choice_near": Sentence(
        _("Not on the list of answers"), _("“%(text)s” is not on the list. Did you mean “%(near)s”?")
    ),
    "cleaned": Sentence(_("Blanks or full-width characters tidied"), _("“%(old)s” was tidied to “%(new)s”.")),
    # A row against the others and the register.
    "outside": Sentence(
        _("Outside your scope"), _("This row is not in your scope: neither the code nor the superior union is one of yours.")
    ),
    "doubled_code": Sentence(_("The same code twice in the file"), _("Row %(rows)s has the same code.")),
    "doubled_name": Sentence(_("The same name twice in the file"), _("Row %(rows)s has the same name. Is it the same union?")),
    "doubled_credit_code": Sentence(
        _("The same employer twice in the file"), _("Row %(rows)s has the same credit code: one employer, one grassroots union.")
    ),
    "credit_code_taken": Sentence(
        _("The employer has a union already"), _("A union of this credit code is registered already. Check the code of the union.")
    ),
    "name_known": Sentence(
        _("A union of this name is registered already"),
        _("%(known)s has this name already. If it is the same union, use that code; if not, tell them apart by name."),
    ),
    "other_union": Sentence(
        _("The code belongs to a union of another name and employer"),
        _("The register has “%(name)s” under this code, with another credit code. Correct the code, or change that union's card first."),
    ),
    "parent_unknown": Sentence(
        _("The superior union does not exist"), _("There is no union “%(text)s” in the file or among your unions.")
    ),
    "parent_unknown_near": Sentence(
        _("The superior union does not exist"),
        _("There is no union “%(text)s” in the file or among your unions. Did you mean “%(near)s”?"),
    ),
    "parent_ambiguous": Sentence(
        _("Several unions have the superior union's name"), _("%(count)s unions are called “%(text)s”. Give them different names first.")
    ),
    "parent_former": Sentence(
        _("The superior union is named by a former name"), _("“%(text)s” is a former name of “%(name)s”; that union was taken.")
    ),
    "parent_written": Sentence(
        _("The superior union is written differently"), _("“%(text)s” was taken for “%(name)s”.")
    ),
    "parent_refused": Sentence(
        _("The row of the superior union has an error"), _("The superior union stands in row %(row)s, which cannot be imported.")
    ),
    "parent_missing": Sentence(_("The superior union is missing"), _("Name the superior union.")),
    "parent_closed": Sentence(_("The superior union is closed"), _("“%(name)s” is dissolved or merged.")),
    "parent_loop": Sentence(_("Unions hang below each other in a circle"), _("This union would hang below itself.")),
    "kind_under_parent": Sentence(
        _("This kind of union cannot hang under that superior union"), _("A %(kind)s cannot hang under a %(parent)s.")
    ),
    "kind_changed": Sentence(
        _("The kind would change tier"), _("%(old)s cannot become %(new)s: that is another tier. Close the union and found a new one.")
    ),
    "second_district": Sentence(
        _("There is one district federation already"), _("The district federation is registered with the code %(known)s.")
    ),
    "may_not_move": Sentence(
        _("You may not move unions"), _("Moving the union from “%(old)s” to “%(new)s” is for the district to do.")
    ),
    "closed": Sentence(_("The union is closed"), _("This union is dissolved or merged; the register keeps it as it was.")),
    "exceeds": Sentence(_("A part is larger than the whole"), _("%(part)s (%(value)s) exceeds %(whole)s (%(limit)s).")),
    "members_over_workers": Sentence(
        _("More members than workers"),
        _("Members (%(members)s) exceed workers (%(workers)s). Only retired or unemployed members may explain that."),
    ),
    "term_years": Sentence(_("The term is neither 3 nor 5 years"), _("A term is 3 or 5 years, not %(text)s (Trade Union Law, article 16).")),
    "term_years_upper": Sentence(_("The term of this tier is 5 years"), _("At the middle tier and the district a term is 5 years, not %(text)s.")),
    "future": Sentence(_("A date lies in the future"), _("%(text)s lies in the future.")),
    "long_ago": Sentence(_("A date lies very far back"), _("%(text)s lies before the first unions; please check.")),
    "before_founding": Sentence(
        _("The term began before the union was founded"), _("The term began on %(text)s, the union was founded on %(founded)s.")
    ),
    # Accounts and appointments.
    "role_not_yours": Sentence(_("A role that you may not give there"), _("You may not give this role at this union.")),
    "account_taken": Sentence(
        _("The account name is taken"), _("Another person has this account name. Choose another.")
    ),
    "other_person": Sentence(
        _("One account name, two persons"), _("This account name belongs to %(name)s. Correct the name or the account name.")
    ),
    "not_oneself": Sentence(_("One's own account"), _("Nobody gives a role to themselves.")),
    "ends_before": Sentence(_("The last day comes before the first"), _("The last day cannot come before the first.")),
    "bad_email": Sentence(_("Not an e-mail address"), _("This is not an e-mail address.")),
    # Figures of past quarters.
    "union_unknown": Sentence(_("The union does not exist"), _("There is no union with the code %(text)s in your scope.")),
    "name_differs": Sentence(
        _("The name differs from the register's"), _("The register calls this union “%(name)s”.")
    ),
    "doubled_quarter": Sentence(_("The same union and quarter twice in the file"), _("Row %(rows)s has the same union and quarter.")),
    "filed_here": Sentence(
        _("Filed through the portal already"), _("The return of this quarter was filed through the portal and is not overwritten.")
    ),
    "before_period_end": Sentence(_("Filed before the quarter ended"), _("Filed on %(text)s, before the quarter ended.")),
    "period_ahead": Sentence(_("The quarter has not ended yet"), _("%(text)s has not ended yet.")),
    "period_not_asked": Sentence(_("The quarter lies before the first one asked for"), _("The returns begin with %(first)s.")),
    "kind_not_asked": Sentence(_("This kind of union does not file the return"), _("A %(kind)s does not file the quarterly return.")),
}  # fmt: skip


def problem(level: str, code: str, field: str = "", **params: Any) -> dict:
    """A problem as a row keeps it: words are made when somebody reads it, in that person's language."""
    if code not in SENTENCES:
        raise KeyError(code)
    return {"level": level, "code": code, "field": field, **({"params": params} if params else {})}


def sentence(given: dict) -> str:
    """The full sentence of a stored problem."""
    return str(SENTENCES[given["code"]].text) % given.get("params", {})


def short(code: str) -> str:
    return str(SENTENCES[code].short)
