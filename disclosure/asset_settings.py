"""What the district sets about assets."""

from django.utils.translation import gettext_lazy as _

from unions.settingbook import Definition, definitions

GROUP, YUAN = _("Assets"), _("yuan")
BASIS = "朝工发〔2015〕24号：严格资产管理；金额由区总工会确定"
SETTINGS = (
    ("asset-minutes-yuan", GROUP, _("Disposal needs the committee's minutes from a value of"),
     _("Below it whoever signs for the union decides."), 2000, 0, 10_000_000, YUAN, BASIS),
    ("asset-approval-yuan", GROUP, _("Disposal needs the approval of the tier above from a value of"),
     _("Below it the union decides by itself."), 20_000, 0, 100_000_000, YUAN, BASIS),
)  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    for row in SETTINGS:
        definitions.add(row[0], Definition(*row))
