"""Text that people send outside a form, names kept in two languages, numbers as documents write them."""

from django.utils.translation import get_language

HAN = "零一二三四五六七八九"


def sentence(text: str, most: int) -> str:
    """Without the blanks around it, and no longer than its column."""
    return text.strip()[:most]


def in_language(chinese: str, english: str) -> str:
    """The name in the reader's language; Chinese where the English one is missing."""
    return english if (get_language() or "").startswith("en") and english else chinese


def numeral(number: int) -> str:
    """A small number in a title: 第三届第十二次 in Chinese, digits elsewhere."""
    if not (get_language() or "").startswith("zh") or not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{HAN[tens]}十") + (HAN[ones] if ones else "")
