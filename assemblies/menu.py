"""The floor's entries of the side menu."""

from django.utils.translation import gettext_lazy as _

from unions.kit.registry import MenuItem, menu, union_tabs
from unions.permissions import Permission

ASSEMBLIES = _("Democratic running")
TAB = "assemblies"  # of a union's page


def _register_terms() -> None:
    menu.add(
        "assemblies.terms",
        MenuItem(_("Terms of office"), "hourglass", "assemblies:term-list", Permission.ASSEMBLY_VIEW, 300, ASSEMBLIES),
    )
    menu.add(
        "assemblies.bands",
        MenuItem(
            _("Tables by members"), "table", "assemblies:band-list", Permission.RULE_EDIT, 905, _("Administration")
        ),
    )


def register() -> None:
    """Called once when the app is ready."""
    union_tabs.add(TAB, (TAB, ASSEMBLIES))
    _register_terms()
