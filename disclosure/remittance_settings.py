"""What the district sets about the remittance of funds: rate, due day, late fee, and how a payment is split by tier."""

from django.utils.translation import gettext_lazy as _

from unions.settingbook import NOT_LAW, Definition, definitions

GROUP, PER_MILLE, PERCENT = _("Remittance of funds"), "‰", "%"
LAW = "《中华人民共和国工会法》第四十三条"
MEASURES = "《北京市实施〈中华人民共和国工会法〉办法》第五十五条"
SPLIT = "工会经费留成和上解的通行比例；市以下各级比例" + NOT_LAW
SETTINGS = (
    ("remittance-rate", GROUP, _("Employers remit of their payroll"),
     _("An amount in the register that differs from it is pointed out at the import."), 20, 1, 100, PER_MILLE, LAW),
    ("remittance-tolerance", GROUP, _("An amount may differ from the rate by"),
     _("For rounding, in fen."), 1, 0, 10_000, _("fen"), NOT_LAW),
    ("remittance-due-day", GROUP, _("Funds of a quarter are due on day"),
     _("Of the month after the quarter. Frozen for each row when it is imported."), 15, 1, 28, "", MEASURES),
    ("remittance-late-fee", GROUP, _("Late fee a day"),
     _("On what is outstanding after the due day; always computed, never entered."), 5, 0, 100, PER_MILLE, MEASURES),
    ("remittance-share-union", GROUP, _("Share kept by the grassroots union"),
     _("The rest is passed up."), 60, 0, 60, PERCENT, SPLIT),
    ("remittance-share-middle", GROUP, _("Share of the street, area, zone or industry"),
     _("Out of the whole payment."), 15, 0, 15, PERCENT, SPLIT),
    ("remittance-share-district", GROUP, _("Share of the district"),
     _("Out of the whole payment."), 10, 0, 10, PERCENT, SPLIT),
    ("remittance-share-city", GROUP, _("Share of the city"),
     _("Out of the whole payment; what is left of it is the national federation's."), 10, 0, 10, PERCENT, SPLIT),
)  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    for row in SETTINGS:
        definitions.add(row[0], Definition(*row))
