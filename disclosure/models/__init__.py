"""Returns and their totals; bulletins and the public page of a union."""

from disclosure.models.bulletins import Bulletin, CatalogueItem, Category, Posting
from disclosure.models.pages import PublicPage
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
    "Bulletin",
    "CatalogueItem",
    "Category",
    "Form",
    "FormRule",
    "FormVersion",
    "Indicator",
    "Posting",
    "PublicPage",
    "Remark",
    "Return",
    "ReturnRound",
    "Section",
    "Total",
]
