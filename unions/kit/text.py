"""Text that people send outside a form."""


def sentence(text: str, most: int) -> str:
    """Without the blanks around it, no longer than its column, and without NUL, which PostgreSQL cannot store."""
    return text.replace("\x00", "").strip()[:most]
