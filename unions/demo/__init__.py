"""A made-up district of any size: true to the sizes, lateness and errors of a real one, and to nobody in it."""
