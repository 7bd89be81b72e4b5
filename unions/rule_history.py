"""What was changed on a rule, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unions.enums import Audience, UnionKind
from unions.models import Duty, DutyRule, Event


def changes_in_words(event: Event) -> list[str]:
    """One line for each thing that changed: old → new."""
    lines = [
        _("%(what)s: %(old)s → %(new)s") % {"what": _label(name), "old": _value(name, old), "new": _value(name, new)}
        for name, (old, new) in event.data.get("changes", {}).items()
    ]
    if count := event.data.get("count"):
        lines.append(ngettext("%(count)d open duty", "%(count)d open duties", count) % {"count": count})
    return lines


def _label(name: str) -> str:
    if name == "steps":
        return _("Reminders")
    model = Duty if name == "due_on" else DutyRule
    return str(model._meta.get_field(name).verbose_name)


def _value(name: str, value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "kinds":
        return _(", ").join(str(UnionKind(kind).label) for kind in value)
    if name == "steps":
        return _(", ").join(_step(step) for step in value) or _("none")
    return str(value) or _("none")


def _step(text: str) -> str:
    """“filler +1” → “+1 The person who fills it in”."""
    audience, _blank, when = text.partition(" ")
    words = {"when": _("opening") if when == "open" else when, "audience": Audience(audience).label}
    return _("%(when)s %(audience)s") % words
