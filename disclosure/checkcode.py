"""The check code on a sealed copy: it names the return and the round, and only the portal can make it.

60 bits as twelve letters: 28 of the return's number, 5 of the round, 27 of a keyed hash. Nothing is stored for it, so
the codes of superseded rounds stay readable too.
"""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that reads like another
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_SEAL, _ROUND = 27, 5


def _seal(number: int, secret: str) -> int:
    digest = salted_hmac("disclosure.checkcode", str(number), secret=secret, algorithm="sha256").digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _SEAL)


def make(pk: int, round_number: int) -> str:
    """The code of a return's round, in letters that survive paper."""
    number = (pk << _ROUND) | (round_number % 2**_ROUND)
    value = (number << _SEAL) | _seal(number, settings.SECRET_KEY)
    return "".join(_LETTERS[(value >> shift) & 31] for shift in range(55, -1, -5))


def grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(text: str) -> tuple[int, int] | None:
    """Return and round behind a code as somebody typed it, or None where it is not one of ours."""
    letters = "".join(text.upper().split()).replace("-", "").translate(_MISREAD)
    if len(letters) != 12 or any(letter not in _LETTERS for letter in letters):
        return None
    value = 0
    for letter in letters:
        value = value << 5 | _LETTERS.index(letter)
    number, seal = value >> _SEAL, value & (2**_SEAL - 1)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if constant_time_compare(str(_seal(number, secret)), str(seal)):
            return number >> _ROUND, number % 2**_ROUND
    return None
