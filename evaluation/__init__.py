"""How unions are judged: indicators, stars, inspections, plans."""
