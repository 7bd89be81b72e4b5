"""How members govern their union: terms, meetings, votes, proposals, appraisal."""
