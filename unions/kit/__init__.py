"""Toolbox without models: tables, filters, spreadsheets in and out, charts, calendar, htmx."""
