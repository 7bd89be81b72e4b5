"""Personal data as it is shown unless somebody asks for it with a reason."""


def mask_phone(phone: str | None) -> str:
    """138****5678: the first three and the last four."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "*" * len(phone)


def mask_email(address: str | None) -> str:
    """w***@example.org: the first letter and the host."""
    if not address:
        return ""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}"


def mask_name(text: str) -> str:
    """The first two characters: enough to recognise one's own slip, too little to read a password typed there."""
    return f"{text[:2]}{'*' * 3}" if text else ""
