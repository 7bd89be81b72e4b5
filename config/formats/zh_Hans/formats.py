"""Figures in official Chinese papers are grouped by thousands with a comma: 8,774."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
