"""Returns and their totals; bulletins and the public page of a union; annual reports; budgets; enquiries; special oversight;
fund audits; assets; remittance of funds."""

from disclosure.models.annual import (
    AnnualHead,
    AnnualPart,
    AnnualPromise,
    AnnualPrompt,
    AnnualReport,
    AnnualSection,
    AnnualSheet,
)
from disclosure.models.annual_hearing import AnnualHearer, AnnualQuestion
from disclosure.models.assets import Asset, AssetCheck, StockTaking
from disclosure.models.budgets import Budget, Execution
from disclosure.models.bulletins import Bulletin, CatalogueItem, Category, Posting
from disclosure.models.enquiries import Addition, Asker, Enquiry, EnquiryTheme, Reply
from disclosure.models.fund_audits import FundAudit, FundFinding
from disclosure.models.oversight import Overseer, Oversight, OversightDraw, OversightFinding, OversightReply
from disclosure.models.pages import PublicPage
from disclosure.models.remittance import Remittance
from disclosure.models.returns import (
    Form,
    FormRule,
    FormVersion,
    Indicator,
    Remark,
    Return,
    ReturnRound,
    Section,
    Total,
)

__all__ = [
    "Addition",
    "AnnualHead",
    "AnnualHearer",
    "AnnualPart",
    "AnnualPromise",
    "AnnualPrompt",
    "AnnualQuestion",
    "AnnualReport",
    "AnnualSection",
    "AnnualSheet",
    "Asker",
    "Asset",
    "AssetCheck",
    "Budget",
    "Bulletin",
    "CatalogueItem",
    "Category",
    "Enquiry",
    "EnquiryTheme",
    "Execution",
    "Form",
    "FormRule",
    "FormVersion",
    "FundAudit",
    "FundFinding",
    "Indicator",
    "Overseer",
    "Oversight",
    "OversightDraw",
    "OversightFinding",
    "OversightReply",
    "Posting",
    "PublicPage",
    "Remark",
    "Remittance",
    "Reply",
    "Return",
    "ReturnRound",
    "Section",
    "StockTaking",
    "Total",
]
