"""Entries of the menu about meetings."""

from django.utils.translation import gettext_lazy as _

from assemblies.menu import ASSEMBLIES
from unions.kit.registry import MenuItem, menu
from unions.permissions import Permission


def register() -> None:
    """Called once when the app is ready."""
    menu.add(
        "assemblies.meetings",
        MenuItem(
            _("Meetings"), "presentation", "assemblies:meeting-list", Permission.ASSEMBLY_VIEW, 310, ASSEMBLIES),
    )  # fmt: skip
    menu.add(
        "assemblies.matters",
        MenuItem(_("Matters raised"), "message-square-text", "assemblies:matter-list", Permission.ASSEMBLY_VIEW, 330, ASSEMBLIES),
    )  # fmt: skip
