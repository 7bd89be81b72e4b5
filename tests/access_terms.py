"""The access matrix of terms of office and of the tables by number of members."""

from tests.access import Row

TERMS: dict[str, Row] = {}
