"""Forms as the district changes them: a new version is copied, edited, and published from a period on, never before.

A published version is never edited: what was filed under it keeps its meaning.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosure.enums import FigureSource, FormKind
from disclosure.models import Form, FormRule, FormVersion, Indicator, Section
from disclosure.rules import ExpressionError, check_problems, parse, unknown_names
from unions.kit.periods import Period
from unions.kit.text import sentence
from unions.models import Duty, Union, User
from unions.services import record
from unions.workflow import Invalid, MoveError


def _recorded(action: str, version: FormVersion, by: User, **data) -> None:
    record(Union.objects.district(), f"form.{action}", version, by=by, data={"form": version.form.code, "version": version.number, **data})  # fmt: skip


def only_drafts(version: FormVersion) -> None:
    """Raises where a version is published."""
    if version.published_at:
        raise MoveError(_("A published version is never changed. Copy it to a new version and change that."))


@transaction.atomic
def copy_version(version: FormVersion, *, by: User) -> FormVersion:
    """A draft with everything the version has; a form has one draft at a time."""
    form = Form.objects.select_for_update().get(pk=version.form_id)
    draft = form.versions.filter(published_at=None).first()
    if draft:
        return draft
    draft = FormVersion.objects.create(
        form=form, number=form.versions.aggregate(top=Max("number"))["top"] + 1, first_period=_next_period(form).code
    )
    _copy_content(version, draft)
    _recorded("copy", draft, by, source=version.number)
    return draft


def _copy_content(version: FormVersion, draft: FormVersion, *, summed: bool = False) -> None:
    """Sections and indicators; for a summary every figure becomes a sum. Checks only between versions of one form."""
    for section in version.sections.all():
        rows = list(section.indicators.all())
        section.pk, section.version, section._state.adding = None, draft, True
        section.save()
        for row in rows:
            row.pk, row.version, row.section, row._state.adding = None, draft, section, True
            if summed:
                row.source, row.source_expression = FigureSource.COMPUTED, ""
        Indicator.objects.bulk_create(rows)
    if version.form_id == draft.form_id:
        rules = list(version.rules.all())
        for rule in rules:
            rule.pk, rule.version, rule._state.adding = None, draft, True
        FormRule.objects.bulk_create(rules)


def _newest_opened(form: Form) -> str | None:
    return Duty.objects.filter(rule=form.rule_id).aggregate(newest=Max("period"))["newest"]


def _next_period(form: Form) -> Period:
    """The first period that is not open yet: the earliest from which a new version can hold."""
    newest = _newest_opened(form)
    return Period.parse(newest).next() if newest else form.rule.current_period(timezone.localdate()).next()


def problems_of(version: FormVersion) -> list[str]:
    """Everything that stands against publishing a version, in sentences."""
    indicators = list(version.indicators.all())
    codes, found = {indicator.code for indicator in indicators}, []
    if not indicators:
        found.append(_("The form has no figures."))
    for indicator in indicators:
        if why := source_problem(indicator, codes):
            found.append(f"{indicator.name}: {why}")
    for check in version.rules.all():
        problems = check_problems(check.condition, [check.message_zh, check.message_en], check.field, codes)
        found += [f"{check.code}: {why}" for why in problems.values()]
    return found


def source_problem(indicator: Indicator, codes: Iterable[str]) -> str | None:
    """What is wrong with where a figure is taken from, or None."""
    if indicator.version.form.kind == FormKind.SUMMARY:
        return None
    needs = indicator.source in (FigureSource.CARRIED, FigureSource.COMPUTED)
    if needs and not indicator.source_expression:
        return _("Say what it is computed or carried from.")
    if not indicator.source_expression:
        return None
    text = indicator.source_expression
    if indicator.source == FigureSource.REGISTER:
        text = f"register.{text}"
    elif indicator.source == FigureSource.LAST:
        text = f"last.{text}"
    try:
        unknown = sorted(unknown_names(parse(text), set(codes)))
    except ExpressionError as problem:
        return str(problem)
    return _("This form has no figure “%(name)s”.") % {"name": unknown[0]} if unknown else None


@transaction.atomic
def publish_version(version: FormVersion, *, by: User, first_period: str, note: str) -> FormVersion:
    """Put a draft in force from a period that is not open yet; a summary of the form follows with the same figures."""
    version = FormVersion.objects.select_for_update(of=("self",)).select_related("form__rule").get(pk=version.pk)
    only_drafts(version)
    try:
        period = Period.parse(first_period)
    except ValueError:
        raise Invalid(_("Something is still missing."), {"first_period": _("Choose the first period.")}) from None
    newest = _newest_opened(version.form)
    if newest and period.code <= newest:
        why = _("%(period)s is open already; a new version can hold from %(next)s on.")
        why %= {"period": period.label, "next": _next_period(version.form).label}
        raise Invalid(why, {"first_period": why})
    if problems := problems_of(version):
        raise Invalid(problems[0], {"content": problems[0]})
    version.first_period, version.note = period.code, sentence(note, 200)
    version.published_at, version.published_by = timezone.now(), by
    version.save()
    _recorded("publish", version, by, first_period=period.code)
    for summary in version.form.summaries.all():
        _follow(summary, version, by)
    return version


def _follow(summary: Form, version: FormVersion, by: User) -> None:
    """The summary's own next version: the same figures, all summed, and those of its checks that still apply."""
    before = summary.versions.filter(published_at__isnull=False).order_by("-first_period", "-number").first()
    summary.versions.filter(published_at=None).delete()
    number = (summary.versions.aggregate(top=Max("number"))["top"] or 0) + 1
    follower = FormVersion.objects.create(
        form=summary, number=number, first_period=version.first_period, note=version.note
    )
    _copy_content(version, follower, summed=True)
    codes = set(follower.indicators.values_list("code", flat=True))
    for rule in before.rules.all() if before else ():
        if not check_problems(rule.condition, [rule.message_zh, rule.message_en], rule.field, codes):
            rule.pk, rule.version, rule._state.adding = None, follower, True
            rule.save()
    follower.published_at, follower.published_by = timezone.now(), by
    follower.save()
    _recorded("publish", follower, by, first_period=follower.first_period)


@transaction.atomic
def discard_version(version: FormVersion, *, by: User) -> None:
    """Throw a draft away."""
    only_drafts(version)
    _recorded("discard", version, by)
    version.delete()


@transaction.atomic
def keep_part(part: Section | Indicator | FormRule, *, by: User, is_gone: bool = False) -> None:
    """Store or delete a section, figure or check of a draft."""
    version = FormVersion.objects.select_for_update(of=("self",)).select_related("form").get(pk=part.version_id)
    only_drafts(version)
    _recorded("part", version, by, part=str(part), gone=is_gone)
    if is_gone:
        part.delete()
        return
    if part._state.adding:
        siblings = type(part).objects.filter(version=part.version_id)
        if isinstance(part, Indicator):
            siblings = siblings.filter(section=part.section_id)
        part.order = (siblings.aggregate(top=Max("order"))["top"] or 0) + 1
    part.save()
