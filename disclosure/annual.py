"""Writing an annual report: one paragraph or all of it, the accounts, what became of last year's promises, files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.annual_sources import Drawn, Year
from disclosure.enums import AccountSide, AnnualSource, PromiseOutcome
from disclosure.models import (
    AnnualHead,
    AnnualPart,
    AnnualPromise,
    AnnualPrompt,
    AnnualReport,
    AnnualSection,
    AnnualSheet,
)
from disclosure.models.annual import BEFORE
from unions.kit.periods import Period
from unions.kit.text import sentence
from unions.models import Duty, Event, Union, Upload, User
from unions.permissions import Permission
from unions.uploads import Purpose
from unions.workflow import MoveError, NotAllowed, demand_unchanged

# Whoever writes what the union discloses writes its report too, and whoever approves that signs it (docs/adr/0074).
SEE, WRITE, SIGN, REVIEW = (
    Permission.RETURN_VIEW, Permission.BULLETIN_WRITE, Permission.BULLETIN_APPROVE, Permission.RETURN_REVIEW,
)  # fmt: skip
LONGEST = 4000
MOST = Decimal("1e12")
FILE = Purpose(
    "annual-report", gettext_lazy("Files of annual reports"), ("pdf", "docx", "xlsx", "jpeg", "png"), 10, SEE, WRITE
)


def sheet_for(union: Union, year: int) -> AnnualSheet:
    """The sheet of the union's tier in force for a year."""
    sheets = AnnualSheet.objects.filter(tier=union.tier, first_year__lte=year).order_by("-first_year")
    if (sheet := sheets.first()) is None:
        raise MoveError(_("The district has set no annual report for this tier and year."))
    return sheet


def draft_for(duty: Duty) -> AnnualReport:
    """The stored report of a duty, or an unsaved one as it would begin."""
    rows = AnnualReport.objects.select_related("union__parent", "union__middle", "sheet", "duty__rule", "filled_by")
    if report := rows.filter(duty=duty).first():
        return report
    year = Period.parse(duty.period).year
    report = AnnualReport(duty=duty, union=duty.union, year=year, sheet=sheet_for(duty.union, year))
    last = AnnualReport.objects.filter(union=duty.union, year=year - 1).select_related("sheet").first()
    if last and last.accounts:
        report.accounts = {BEFORE: str(last.balance)}
    return report


# --- as it is read -------------------------------------------------------------------------------------------------


@dataclass
class Paragraph:
    """A heading with what was written under it, or what the portal proposes."""

    prompt: AnnualPrompt
    text: str
    drawn: list[Drawn]

    @property
    def name(self) -> str:
        return f"t.{self.prompt.pk}"

    @property
    def draft(self) -> str:
        return "".join(one.text for one in self.drawn).strip()

    @property
    def is_done(self) -> bool:
        return bool(self.text)

    @property
    def shown(self) -> str:
        return self.text or self.draft

    @property
    def is_plan(self) -> bool:
        return self.prompt.source == AnnualSource.PLAN

    @property
    def is_review(self) -> bool:
        return self.prompt.source == AnnualSource.PROMISES


@dataclass
class Line:
    """A row of the accounts."""

    name: str
    label: str
    amount: Decimal | None


@dataclass
class Chapter:
    part: AnnualPart
    paragraphs: list[Paragraph]
    files: list[Upload] = field(default_factory=list)
    is_counted: bool = True
    remark: str = ""  # of whoever sent it back last

    @property
    def is_done(self) -> bool:
        return self.is_counted and all(one.is_done for one in self.paragraphs)


class Book:
    """A report with everything on its page; read once."""

    def __init__(self, report: AnnualReport, *, with_sources: bool = False, sent_back: Event | None = None):
        self.report = report
        self.remarks = sent_back.data.get("remarks", {}) if sent_back else {}
        self.year = Year(report.union, report.year) if with_sources else None
        self.sections = {one.part_id: one for one in report.sections.all()} if report.pk else {}

    @cached_property
    def chapters(self) -> list[Chapter]:
        files = self._files()
        return [
            Chapter(part, [self._paragraph(prompt) for prompt in part.prompts.all()], files.get(part.pk, []),
                    not part.has_accounts or self.has_accounts, self.remarks.get(str(part.number), ""))
            for part in self.report.sheet.parts.prefetch_related("prompts").order_by("number")
        ]  # fmt: skip

    def _paragraph(self, prompt: AnnualPrompt) -> Paragraph:
        section = self.sections.get(prompt.part_id)
        return Paragraph(
            prompt, section.text(prompt) if section else "", self.year.drawn(prompt.source) if self.year else []
        )

    def _files(self) -> dict[int, list[Upload]]:
        parts = {section.pk: part for part, section in self.sections.items()}
        found: dict[int, list[Upload]] = {}
        rows = Upload.objects.filter(union=self.report.union_id, purpose=FILE.key, object_id__in=parts)
        for upload in rows.order_by("created_at", "pk"):
            found.setdefault(parts[upload.object_id], []).append(upload)
        return found

    @cached_property
    def heads(self) -> list[AnnualHead]:
        return list(self.report.sheet.heads.all())

    def lines(self, side: str) -> list[Line]:
        return [
            Line(f"a.{head.pk}", head.name, self.report.amount(head)) for head in self.heads if head.side == side
        ]  # fmt: skip

    @property
    def sides(self) -> list[tuple[str, str, list[Line], Decimal]]:
        """Side, its name, its rows, their sum."""
        return [(side.value, side.label, self.lines(side), self._sum(side)) for side in AccountSide]

    def _sum(self, side: str) -> Decimal:
        return sum((line.amount or Decimal(0) for line in self.lines(side)), Decimal(0))

    @property
    def balance(self) -> Decimal:
        return self.report.before + self._sum(AccountSide.INCOME) - self._sum(AccountSide.EXPENSE)

    @property
    def has_accounts(self) -> bool:
        return any(self.report.accounts.get(str(head.pk)) for head in self.heads)

    @property
    def remarks_on_accounts(self) -> list[str]:
        """Where the accounts differ from the accepted returns of the year: the reader is told, nothing is blocked."""
        if self.year is None or not self.year.quarters or not self.has_accounts:
            return []
        found = []
        for code, side in (("income", AccountSide.INCOME), ("expenditure", AccountSide.EXPENSE)):
            told, counted = self.year.sum(code), self._sum(side)
            if told != counted:
                found.append(
                    _("%(side)s: %(counted)s yuan here, %(told)s yuan in the accepted returns of the year.")
                    % {"side": side.label, "counted": f"{counted:,}", "told": f"{told:,}"}
                )
        return found

    @cached_property
    def promises(self) -> list[AnnualPromise]:
        return (self.year or Year(self.report.union, self.report.year)).promises

    @property
    def left(self) -> list[tuple[str, str]]:
        """What is still missing: the sentence, and where on the page it is."""
        found = []
        for chapter in self.chapters:
            count = sum(not one.is_done for one in chapter.paragraphs)
            if count:
                words = _("%(part)s: %(count)d paragraphs to look at") % {"part": chapter.part, "count": count}
                found.append((words, f"#part-{chapter.part.number}"))
            if not chapter.is_counted:
                found.append((_("Enter the income and expenditure of the year"), f"#part-{chapter.part.number}"))
        if self.balance < 0:
            found.append((_("More was spent than there was: the balance cannot be below zero"), "#accounts"))
        if count := sum(not one.outcome for one in self.promises):
            words = _("Say what became of %(count)d promises of last year") % {"count": count}
            found.append((words, "#promises"))
        return found


def shortcoming(report: AnnualReport) -> str | None:
    """What still stands in the way of filing, in one sentence."""
    left = Book(report).left
    if not left:
        return None
    return _("Before you file it: %(what)s.") % {"what": _("; ").join(words for words, _place in left)}


# --- writing -------------------------------------------------------------------------------------------------------


def may_write(user: User, duty: Duty) -> bool:
    """Nobody writes another union's report."""
    return user.has_perm(WRITE, duty)


def _open_for_writing(duty: Duty, by: User, revision: int | None) -> AnnualReport:
    if not may_write(by, duty):
        raise NotAllowed(_("You may not write this union's annual report."))
    report = _locked(duty)
    if report is None:
        Duty.objects.select_for_update(no_key=True).get(pk=duty.pk)  # stands in for the row that is not there yet
        report = _locked(duty) or _begun(duty, by)
    if not report.is_editable:
        raise MoveError(_("This report is filed. Withdraw it first if something must be changed."))
    demand_unchanged(report, revision)
    return report


def _locked(duty: Duty) -> AnnualReport | None:
    rows = AnnualReport.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("union", "duty__rule", "sheet").filter(duty=duty).first()


def _begun(duty: Duty, by: User) -> AnnualReport:
    report = draft_for(duty)
    report.filled_by = by
    report.save()
    AnnualSection.objects.bulk_create(AnnualSection(report=report, part=part) for part in report.sheet.parts.all())
    return report


@transaction.atomic
def ensure(duty: Duty, *, by: User) -> AnnualReport:
    """The stored report of a duty, begun where it was not."""
    return _open_for_writing(duty, by, None)


@transaction.atomic
def save_report(
    duty: Duty, *, by: User, values: Mapping[str, str] | None = None, take_drafts: bool = False, revision: int | None = None
) -> tuple[AnnualReport, dict[str, str]]:  # fmt: skip
    """Keep what was written; an amount that cannot be read is named (field → sentence) and the rest kept all the same.

    `t.<prompt>` is a paragraph, `a.<head>` and `a.before` an amount, `o.<promise>` and `w.<promise>` what became of a
    promise. `take_drafts` is the writer's word that the portal's drafts are right where nothing else was written.
    """
    report, errors = _open_for_writing(duty, by, revision), {}
    values, sections = values or {}, {section.part_id: section for section in report.sections.all()}
    prompts = {f"t.{one.pk}": one for one in AnnualPrompt.objects.filter(part__sheet=report.sheet_id)}
    for name, prompt in prompts.items():
        if name in values:
            sections[prompt.part_id].texts[str(prompt.pk)] = sentence(values[name], LONGEST)
    if take_drafts:
        year = Year(report.union, report.year)
        for prompt in prompts.values():
            texts = sections[prompt.part_id].texts
            texts[str(prompt.pk)] = texts.get(str(prompt.pk)) or year.draft(prompt.source).strip()
    AnnualSection.objects.bulk_update(sections.values(), ["texts"])
    _keep_accounts(report, values, errors)
    _keep_outcomes(report, values)
    report.filled_by, report.saved_at = by, timezone.now()
    report.revision += 1
    report.save()
    return report, errors


def _keep_accounts(report: AnnualReport, values: Mapping[str, str], errors: dict[str, str]) -> None:
    keys = [BEFORE, *(str(head.pk) for head in report.sheet.heads.all())]
    for key in keys:
        if (text := values.get(f"a.{key}")) is None:
            continue
        try:
            amount = read_amount(text)
        except ValueError as problem:
            errors[f"a.{key}"] = str(problem)
        else:
            report.accounts[key] = "" if amount is None else str(amount)


def read_amount(text: str) -> Decimal | None:
    """Yuan, at most two decimals, as people type them; nothing is None. Raises ValueError with a sentence."""
    plain = text.replace(",", "").replace("，", "").replace("元", "").strip()
    if not plain:
        return None
    try:
        amount = Decimal(plain).quantize(Decimal("0.01"))
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or not 0 <= amount < MOST or Decimal(plain) != amount:
        words = _("“%(text)s” is no amount: enter yuan, with two decimals at most.")
        raise ValueError(words % {"text": text[:40]})
    return amount


def _keep_outcomes(report: AnnualReport, values: Mapping[str, str]) -> None:
    for promise in Year(report.union, report.year).promises:
        outcome, account = values.get(f"o.{promise.pk}"), values.get(f"w.{promise.pk}")
        if outcome is None and account is None:
            continue
        if outcome in ("", *PromiseOutcome.values):
            promise.outcome = outcome
        if account is not None:
            promise.account = sentence(account, 300)
        promise.save(update_fields=["outcome", "account"])


def promise(report: AnnualReport) -> None:
    """Each line of what is planned becomes a promise that next year's report accounts for."""
    lines = []
    for chapter in Book(report).chapters:
        for one in chapter.paragraphs:
            lines += one.text.splitlines() if one.is_plan else []
    known = {one.text: (one.outcome, one.account) for one in report.promises.all()}
    report.promises.all().delete()
    texts = [sentence(line, 200) for line in lines if line.strip()]
    rows = [AnnualPromise(report=report, number=number, text=text) for number, text in enumerate(texts, 1)]
    for row in rows:
        row.outcome, row.account = known.get(row.text, ("", ""))
    AnnualPromise.objects.bulk_create(rows)


def conflict_rows(report: AnnualReport, given: Mapping[str, str]) -> list[dict]:
    """What somebody else stored against what this person just sent, where they differ."""
    rows = []
    for chapter in Book(report).chapters:
        for one in chapter.paragraphs:
            if one.name in given and given[one.name].strip() != one.text:
                rows.append({"label": one.prompt.title, "mine": given[one.name].strip(), "theirs": one.text})
    return rows
