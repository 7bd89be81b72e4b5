"""A form version read once: sections, figures, checks. Published versions never change, so each process keeps them."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from disclosure.enums import AddsUp, FigureSource, FigureType, Severity
from disclosure.models import Form, FormRule, FormVersion, Indicator, Section


@dataclass(frozen=True, eq=False)
class Definition:
    version: FormVersion
    form: Form
    sections: list[tuple[Section, list[Indicator]]]
    checks: list[FormRule]

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        return {i.code: i for _section, rows in self.sections for i in rows}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number a figure bears on the page and in print."""
        return {code: n for n, code in enumerate(self.indicators, 1)}

    @cached_property
    def adding(self) -> list[Indicator]:
        """The figures that add up the tree."""
        return [i for i in self.indicators.values() if i.adds_up == AddsUp.SUM and i.type != FigureType.TEXT]

    @cached_property
    def events(self) -> list[Indicator]:
        """Figures that count what happened in the period: they start at nothing, not at last quarter's figure."""
        return [i for i in self.indicators.values() if i.source == FigureSource.TYPED and i.type != FigureType.TEXT]

    @cached_property
    def explainable(self) -> frozenset[str]:
        return frozenset(check.code for check in self.checks if check.severity == Severity.EXPLAIN)


def _read(pk: int) -> Definition:
    version = FormVersion.objects.select_related("form", "form__summed_from", "form__rule").get(pk=pk)
    by_section: dict[int, list[Indicator]] = {}
    for indicator in version.indicators.order_by("section__order", "order"):
        by_section.setdefault(indicator.section_id, []).append(indicator)
    sections = [(section, by_section.get(section.pk, [])) for section in version.sections.order_by("order")]
    return Definition(version, version.form, sections, list(version.rules.order_by("order")))


@lru_cache(maxsize=64)
def _published(pk: int, _published_at) -> Definition:
    return _read(pk)


def definition_of(version: FormVersion) -> Definition:
    """The definition of a version: kept where it is published, read anew while it is a draft."""
    return _published(version.pk, version.published_at) if version.published_at else _read(version.pk)
