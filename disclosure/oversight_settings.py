"""What the district sets about special oversight, and what is held of overseers."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from disclosure.models import Overseer
from unions import retention
from unions.enums import PersonalLevel
from unions.kit.masking import mask_name, mask_phone
from unions.personal import OFFICE, declare
from unions.settingbook import WORKING_DAYS, Definition, definitions

GROUP, PEOPLE = _("Special oversight"), _("people")
BASIS = "朝工发〔2015〕24号三（一）：各级工会在重大事项上，邀请会员（代表）进行专项监督；人数和时限由区总工会确定"
SETTINGS = (
    ("oversight-least", GROUP, _("An oversight begins once there take part at least"),
     _("Invited by name or drawn by lot, and willing."), 3, 1, 50, PEOPLE, BASIS),
    ("oversight-findings-workdays", GROUP, _("Overseers hand in their findings within"),
     _("Proposed when a matter is entered, counted from its beginning."), 15, 1, 120, WORKING_DAYS, BASIS),
    ("oversight-reply-workdays", GROUP, _("The union replies to findings within"),
     _("Counted from the day the findings are due."), 10, 1, 60, WORKING_DAYS, BASIS),
    ("oversight-rating-workdays", GROUP, _("Overseers are asked how far a reply satisfies within"),
     _("Silence is not consent: it is counted as no rating."), 10, 1, 60, WORKING_DAYS, BASIS),
    ("oversight-rework-workdays", GROUP, _("A finding is replied to once more within"),
     _("Where the overseer is dissatisfied with the first reply."), 10, 1, 60, WORKING_DAYS, BASIS),
    ("oversight-remind-workdays", GROUP, _("The union is reminded before a step is due"),
     _("Once, and once more when it is overdue; then the tier above hears of it too."), 2, 0, 30, WORKING_DAYS, BASIS),
)  # fmt: skip

REVEALED = _("masked to everybody in scope; in full for a reason to whoever prepares the oversight")
KEPT = _("until the erasure day of overseers")


def register() -> None:
    """Called once when the app is ready."""
    for row in SETTINGS:
        definitions.add(row[0], Definition(*row))
    declare("disclosure.Overseer", "name", purpose=_("Who is invited to oversee a matter of the union"), basis=OFFICE,
            level=PersonalLevel.SENSITIVE, kept=KEPT, seen_by=REVEALED, mask=mask_name)  # fmt: skip
    declare("disclosure.Overseer", "phone", purpose=_("To send an overseer their link"), basis=OFFICE,
            level=PersonalLevel.SENSITIVE, kept=KEPT, seen_by=REVEALED, mask=mask_phone)  # fmt: skip
    retention.add("overseers", _("Names and numbers of overseers whose matter is closed"), 730, 30, _closed, _erase)


def _closed(limit) -> QuerySet:
    return Overseer.objects.filter(oversight__closed_on__lt=limit.date()).exclude(name="")


def _erase(rows: QuerySet) -> int:
    """What they found, and that they were drawn, stays; who they were does not."""
    return rows.update(name="", phone="")
