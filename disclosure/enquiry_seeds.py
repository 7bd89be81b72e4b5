"""The first themes of enquiries; the district changes them on its page."""

from collections.abc import Callable

from django.apps import apps as installed

THEMES = [
    ("劳动合同", "Labour contract"), ("工资", "Wages"), ("社会保险", "Social insurance"), ("劳动安全", "Safety at work"),
    ("休息休假", "Rest and leave"), ("女职工", "Women workers"), ("困难帮扶", "Help in hardship"), ("法律援助", "Legal aid"),
    ("会员服务", "Services to members"), ("工会工作建议", "Suggestions to the union"), ("其他", "Other"),
]  # fmt: skip


def seed_enquiry_themes(get_model: Callable = installed.get_model) -> None:
    """Only where the district has no list yet."""
    theme = get_model("disclosure", "EnquiryTheme")
    if not theme.objects.exists():
        theme.objects.bulk_create(
            theme(name_zh=zh, name_en=en, order=10 * order) for order, (zh, en) in enumerate(THEMES, 1)
        )
