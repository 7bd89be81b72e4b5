"""The ground floor's entries of the side menu."""

from django.utils.translation import gettext_lazy as _

from unions.kit.registry import MenuItem, menu
from unions.permissions import Permission

ORGANISATION, ADMINISTRATION = _("Organisation building"), _("Administration")


def _looks_down(user) -> bool:
    """Whether the person sees more than one grassroots union."""
    scope = user.scope(Permission.DUTY_VIEW)
    return bool(scope.everything or scope.middles or scope.paths)


def register() -> None:
    menu.add("home", MenuItem(_("Workbench"), "house", "unions:home", None, 10))
    menu.add("duties", MenuItem(_("Duties"), "list-checks", "unions:duty-list", Permission.DUTY_VIEW, 20))
    menu.add(
        "board",
        MenuItem(_("Overdue board"), "clock-alert", "unions:board", Permission.DUTY_VIEW, 30, shown=_looks_down),
    )
    menu.add(
        "unions", MenuItem(_("Union roster"), "list", "unions:union-list", Permission.UNION_VIEW, 200, ORGANISATION)
    )
    menu.add("tree", MenuItem(_("Union tree"), "network", "unions:tree", Permission.UNION_VIEW, 210, ORGANISATION))
    menu.add(
        "imports",
        MenuItem(_("Import"), "file-up", "unions:import-list", Permission.UNION_IMPORT, 220, ORGANISATION),
    )
    _register_administration()


def _register_administration() -> None:
    menu.add(
        "rules",
        MenuItem(
            _("Rules and calendar"), "calendar-cog", "unions:rule-list", Permission.RULE_EDIT, 900, ADMINISTRATION
        ),
    )
    menu.add(
        "settings",
        MenuItem(
            _("Settings"),
            "sliders-horizontal",
            "unions:setting-list",
            None,
            904,
            ADMINISTRATION,
            shown=lambda user: user.has_perm(Permission.RULE_EDIT) or user.has_perm(Permission.SECURITY_EDIT),
        ),
    )
    menu.add(
        "personal",
        MenuItem(_("Personal data"), "shield-check", "unions:personal-register", Permission.PERSON_AUDIT, 905, ADMINISTRATION),
    )  # fmt: skip
    menu.add(
        "webhooks",
        MenuItem(_("Webhooks"), "webhook", "unions:webhook-list", Permission.RULE_EDIT, 906, ADMINISTRATION),
    )
    menu.add(
        "corrections",
        MenuItem(_("Corrections asked for"), "user-check", "unions:correction-list", Permission.ACCOUNT_MANAGE, 906, ADMINISTRATION),
    )  # fmt: skip
    menu.add(
        "events",
        MenuItem(_("Record of acts"), "scroll-text", "unions:event-list", Permission.EVENT_VIEW, 920, ADMINISTRATION),
    )
    menu.add(
        "accounts",
        MenuItem(_("Accounts"), "users", "unions:account-list", Permission.ACCOUNT_MANAGE, 880, ADMINISTRATION),
    )
    menu.add(
        "locks",
        MenuItem(
            _("Locked sign-ins"), "lock-open", "unions:lock-list", Permission.ACCOUNT_UNLOCK, 884, ADMINISTRATION
        ),
    )
    menu.add(
        "emergency",
        MenuItem(
            _("Emergency access"),
            "siren",
            "unions:emergency-list",
            None,
            888,
            ADMINISTRATION,
            shown=lambda user: (
                user.has_perm(Permission.EMERGENCY_READ) or user.scope(Permission.EVENT_VIEW).everything
            ),
        ),
    )
    menu.add("runs", MenuItem(_("Runs"), "activity", "unions:run-list", Permission.RUN_VIEW, 910, ADMINISTRATION))
