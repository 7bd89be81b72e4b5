"""What the district sets about enquiries, and for how long it is kept who asked."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from disclosure.models import Asker
from unions import retention
from unions.enums import PersonalLevel
from unions.kit.masking import mask_name, mask_phone
from unions.personal import ALL_IN_SCOPE, OFFICE, declare
from unions.settingbook import NOT_LAW, WORKING_DAYS, Definition, definitions

GROUP, PIECES = _("Enquiries and concerns"), _("pieces")
DIALOGUE = "朝阳区各街道、地区、产业工会自2018年10月起每月12日为职工沟通日；日期由区总工会确定"
SETTINGS = (
    ("enquiry-answer-workdays", GROUP, _("An enquiry is replied to within"),
     _("Counted from the day it was asked."), 10, 1, 60, WORKING_DAYS, NOT_LAW),
    ("enquiry-handover-workdays", GROUP, _("Whoever is handed an enquiry has at least"),
     _("Up or down the tree; the last day moves only where less is left."), 5, 1, 30, WORKING_DAYS, NOT_LAW),
    ("enquiry-extension-workdays", GROUP, _("A reply can be extended once by at most"),
     _("With a reason that the asker reads."), 10, 1, 60, WORKING_DAYS, NOT_LAW),
    ("enquiry-feedback-workdays", GROUP, _("The asker is asked for a rating within"),
     _("Silence is not consent: without a rating an enquiry stays open to one."), 10, 1, 60, WORKING_DAYS, NOT_LAW),
    ("enquiry-rework-workdays", GROUP, _("What was reopened is replied to within"),
     _("Where the asker is dissatisfied with the first reply."), 10, 1, 60, WORKING_DAYS, NOT_LAW),
    ("enquiry-remind-workdays", GROUP, _("Whoever handles an enquiry is reminded before it is due"),
     _("Once, and once more when it is overdue; then the tier above hears of it too."), 2, 0, 30, WORKING_DAYS, NOT_LAW),
    ("enquiry-link-hourly", GROUP, _("Enquiries taken in from one network address in an hour"),
     _("By public pages; people behind one office line share an address."), 20, 1, 1000, PIECES, NOT_LAW),
    ("enquiry-union-daily", GROUP, _("Enquiries that one public page takes in a day"),
     _("Beyond it the page names the telephone and the office."), 200, 5, 10_000, PIECES, NOT_LAW),
    ("dialogue-day", GROUP, _("Dialogue day of each month"),
     _("On a day off it moves to the next working day."), 12, 1, 28, "", DIALOGUE),
)  # fmt: skip

CONSENT = _("PIPL article 13 (1) 1: whoever asks leaves name and number of their own accord")
REVEALED = _("masked to everybody; in full for a reason to whoever handles it now")
KEPT = _("until the erasure day of settled enquiries")


def register() -> None:
    """Called once when the app is ready."""
    for row in SETTINGS:
        definitions.add(row[0], Definition(*row))
    declare("disclosure.Asker", "name", purpose=_("To answer somebody by name, where they gave one"), basis=CONSENT,
            level=PersonalLevel.SENSITIVE, kept=KEPT, seen_by=REVEALED, mask=mask_name)  # fmt: skip
    declare("disclosure.Asker", "phone", purpose=_("To ask back about an enquiry, where a number was given"), basis=CONSENT,
            level=PersonalLevel.SENSITIVE, kept=KEPT, seen_by=REVEALED, mask=mask_phone)  # fmt: skip
    declare("disclosure.Reply", "signed", purpose=_("Who is responsible for a reply"), basis=OFFICE, level=PersonalLevel.GENERAL,
            kept=_("with the enquiry"), seen_by=ALL_IN_SCOPE)  # fmt: skip
    retention.add("askers", _("Names and numbers of askers whose enquiry is settled"), 365, 30, _settled, _erase)


def _settled(limit) -> QuerySet:
    return Asker.objects.filter(enquiry__closed_on__lt=limit.date())


def _erase(rows: QuerySet) -> int:
    return rows.delete()[0]
