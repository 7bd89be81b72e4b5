"""Chinese names: cleaning what people type, pinyin for search and order."""

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style
from pypinyin.converter import DefaultConverter
from pypinyin.core import Pinyin

# Blanks and marks that nobody sees: zero-width characters, byte-order marks, direction marks, soft hyphens.
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"\s+")
# Most texts hold nothing that cleaning would touch: one look instead of four passes.
_UNTIDY = re.compile(rf"[\s\uff10-\uff5a]|{_INVISIBLE.pattern}")
_BRACKETS = str.maketrans("（【〔[）】〕]", "(((())))")
_HAN_BLANK = re.compile(r"(?<=[\u3400-\u9fff（）()])\s+(?=[\u3400-\u9fff（）()])")


def clean(text: object) -> str:
    """The text as it was meant: full-width letters and digits made half-width, invisible characters dropped,
    blanks between Chinese characters removed, others folded to one, brackets of Chinese names full-width."""
    value = str(text)
    if not _UNTIDY.search(value):
        return value
    value = _INVISIBLE.sub("", value)
    value = "".join(
        unicodedata.normalize("NFKC", ch) if ch == "\u3000" or ("\uff10" <= ch <= "\uff5a" and ch.isalnum()) else ch
        for ch in value
    )
    value = _HAN_BLANK.sub("", _BLANKS.sub(" ", value).strip())
    return value


def fold_name(text: object) -> str:
    """A name for comparing: cleaned, brackets of either kind alike, case folded, no blanks."""
    return _BLANKS.sub("", clean(text).upper().translate(_BRACKETS))


class _Words(DefaultConverter):
    """Names are made of the same words again and again; each is spelt once."""

    @lru_cache(maxsize=20_000)  # noqa: B019  one converter for the process
    def convert(self, words, style, heteronym, errors, strict, **kwargs):
        return super().convert(words, style, heteronym, errors, strict, **kwargs)


_PINYIN = Pinyin(_Words())


@lru_cache(maxsize=20_000)
def _syllables(text: str) -> tuple[str, ...]:
    return tuple(_PINYIN.lazy_pinyin(text, style=Style.NORMAL, errors=list))


def pinyin_key(text: str) -> str:
    """The sort key of a Chinese name; a collation would need ICU, which a private server lacks."""
    return " ".join(_syllables(text)).lower()


def initials(text: str) -> str:
    return "".join(syllable[0] for syllable in _syllables(text) if syllable.strip()).upper()


def search_text(*parts: str) -> str:
    """What a union is found by: names, their pinyin and initials, codes; upper case, one line a part."""
    lines = []
    for part in filter(None, parts):
        lines.append(part.upper())
        if not part.isascii():
            lines += [fold_name(part), "".join(_syllables(part)).upper(), initials(part)]
    return "\n".join(dict.fromkeys(lines))
