"""A text cut at what was found in it, so that a page can mark each place."""

from dataclasses import dataclass

from disclosure.scanner import Finding


@dataclass(frozen=True)
class Segment:
    text: str
    finding: Finding | None = None


def segments(text: str, findings: list[Finding]) -> list[Segment]:
    """The text in order, found numbers apart."""
    parts, place = [], 0
    for finding in findings:
        parts += [Segment(text[place : finding.start]), Segment(text[finding.start : finding.end], finding)]
        place = finding.end
    return [part for part in [*parts, Segment(text[place:])] if part.text]
