"""The asset register of a union on paper."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from disclosure.asset_lists import by_category
from disclosure.assets import SEE
from disclosure.models import Asset
from unions.kit.documents import Paper
from unions.models import Union, User
from unions.templatetags.components import full_day, number


def register(union: Union, user: User) -> Paper:
    """What is held, by number, and the sums by category."""
    made = Paper(_("Asset register of %(union)s") % {"union": union.name}, lead=full_day(timezone.localdate()))
    held = Asset.objects.visible_to(user, SEE).held().filter(union=union)
    lines = by_category(held)
    head = [pgettext("asset", "Category"), _("Pieces"), _("Value (yuan)")]
    rows = [[line["label"], line["count"], number(line["total"])] for line in lines]
    rows.append([_("Total"), sum(line["count"] for line in lines), number(sum(line["total"] for line in lines))])
    made.table(head, rows, [4, 2, 3])
    head = [
        pgettext("asset", "No."), _("Asset"), pgettext("asset", "Category"), _("Acquired on"), _("Value (yuan)"), _("Where from"),
        _("Where it stands"), _("Keeper (post)"),
    ]  # fmt: skip
    rows = [
        [
            one.number, one.name, one.get_category_display(), one.acquired_on, number(one.value), one.get_source_display(), one.place,
            one.keeper,
        ]
        for one in held.order_by("number")
    ]  # fmt: skip
    made.table(head, rows, [2, 3, 3, 2, 2, 2, 2, 2])
    made.signatures([_("Keeper (signature)"), _("Union (seal)")])
    return made
