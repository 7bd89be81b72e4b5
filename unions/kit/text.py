"""Text that people send outside a form, and names kept in two languages."""

from django.utils.translation import get_language


def sentence(text: str, most: int) -> str:
    """Without the blanks around it, no longer than its column, and without NUL, which PostgreSQL cannot store."""
    return text.replace("\x00", "").strip()[:most]


def in_language(chinese: str, english: str) -> str:
    """The name in the reader's language; Chinese where the English one is missing."""
    return english if (get_language() or "").startswith("en") and english else chinese
