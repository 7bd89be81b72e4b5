"""How numbers are written where Django's own language formats do not fit."""
