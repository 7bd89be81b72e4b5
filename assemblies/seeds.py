"""The first tables of this floor. The district changes any of it on its pages, never here; what is there already stays.

Where a table was replaced, both stand here, so that a meeting of those days is judged by the table of its own day.
"""

from collections.abc import Callable
from datetime import date

from django.apps import apps as installed
from django.db import transaction

from assemblies.enums import BandKey

# No union had another table before the first Trade Union Law.
FIRST_LAW = date(1950, 6, 29)
CONGRESS_1984 = date(1984, 1, 1)
ELECTIONS_2016 = date(2016, 10, 9)
ASSEMBLIES_2019 = date(2019, 1, 15)

OLD_ELECTIONS = "《工会基层组织选举工作暂行条例》，2016年10月9日起由总工发〔2016〕27号代替"
ELECTIONS = "《工会基层组织选举工作条例》（总工发〔2016〕27号）"
OLD_DELEGATES = "2019年1月15日前执行的会员代表比例；不足200人的，代表不少于30%，须经上级工会批准"
ASSEMBLIES = "《基层工会会员代表大会条例》（总工发〔2019〕6号）"
CONGRESS = "1984年关于地方工会代表大会代表名额的规定，可根据情况适当调整"

Row = tuple[int, int | None, int, int, bool]
NUMBER, PERCENT = False, True

# Key, holds from, basis, rows of (members from, members to, least, most, in per cent).
BANDS: list[tuple[BandKey, date, str, list[Row]]] = [
    (BandKey.COMMITTEE, FIRST_LAW, f"{OLD_ELECTIONS}；会员不足25人的可只选主席或组织员一人", [
        (1, 24, 1, 1, NUMBER), (25, 200, 3, 7, NUMBER), (201, 1000, 7, 15, NUMBER), (1001, 5000, 15, 21, NUMBER),
        (5001, 10000, 21, 29, NUMBER), (10001, None, 21, 37, NUMBER)]),
    (BandKey.COMMITTEE, ELECTIONS_2016, f"{ELECTIONS}；会员不足25人的设委员3至5人，也可只选主席或组织员一人", [
        (1, 24, 1, 5, NUMBER), (25, 200, 3, 7, NUMBER), (201, 1000, 7, 15, NUMBER), (1001, 5000, 15, 21, NUMBER),
        (5001, 10000, 21, 29, NUMBER), (10001, 50000, 29, 37, NUMBER), (50001, None, 37, 45, NUMBER)]),
    (BandKey.STANDING, FIRST_LAW, f"{ELECTIONS}；大型企事业单位工会经上一级工会批准可设常务委员会", [(1, None, 9, 11, NUMBER)]),
    (BandKey.AUDIT, FIRST_LAW, f"{ELECTIONS}；经费审查委员会与工会委员会同时选举，任期相同", [(1, None, 3, 11, NUMBER)]),
    (BandKey.DELEGATES, FIRST_LAW, OLD_DELEGATES, [
        (1, 199, 30, 100, PERCENT), (200, 500, 20, 25, PERCENT), (501, 1000, 10, 20, PERCENT),
        (1001, 5000, 6, 10, PERCENT), (5001, 10000, 5, 5, PERCENT), (10001, None, 1, 500, NUMBER)]),
    (BandKey.DELEGATES, ASSEMBLIES_2019, ASSEMBLIES, [
        (100, 200, 30, 40, NUMBER), (201, 1000, 40, 60, NUMBER), (1001, 5000, 60, 90, NUMBER),
        (5001, 10000, 90, 130, NUMBER), (10001, 50000, 130, 180, NUMBER), (50001, None, 180, 240, NUMBER)]),
    (BandKey.CONGRESS, CONGRESS_1984, CONGRESS, [
        (1, 49999, 100, 200, NUMBER), (50000, 299999, 200, 350, NUMBER), (300000, 699999, 300, 450, NUMBER),
        (700000, 999999, 400, 600, NUMBER), (1000000, None, 450, 800, NUMBER)]),
]  # fmt: skip


@transaction.atomic
def seed_bands(get_model: Callable = installed.get_model) -> None:
    """The tables by number of members; a table of the same key and day is left as it is."""
    model = get_model("assemblies", "Band")
    known = set(model.objects.values_list("key", "effective_from"))
    names = ("members_from", "members_to", "least", "most", "is_percent")
    model.objects.bulk_create(
        model(key=key, effective_from=start, basis=basis, **dict(zip(names, row, strict=True)))
        for key, start, basis, rows in BANDS
        for row in rows
        if (key, start) not in known
    )


THEMES = [
    ("组织建设", "Organisation"), ("权益保障", "Rights"), ("工资协商", "Wages"), ("劳动安全", "Safety at work"),
    ("福利待遇", "Benefits"), ("职工服务", "Services"), ("工会经费", "Union funds"), ("民主管理", "Democratic management"),
    ("其他", "Other"),
]  # fmt: skip
ANSWERS = [
    ("a", "已解决", "您提出的“……”已经解决。具体做法是：……。完成时间：……。感谢您对工会工作的关心和支持。"),
    ("b", "列入计划", "您提出的“……”已列入工作计划，由……负责，预计于……完成。完成后将另行告知并公布。"),
    ("c", "留作参考", "您提出的“……”经研究，因……，目前尚不具备解决的条件，已留作今后工作的参考。感谢您的理解。"),
]  # fmt: skip


@transaction.atomic
def seed_proposals(get_model: Callable = installed.get_model) -> None:
    """Themes of proposals and templates for answers, where the district has none yet."""
    theme, template = get_model("assemblies", "Theme"), get_model("assemblies", "AnswerTemplate")
    if not theme.objects.exists():
        theme.objects.bulk_create(
            theme(name_zh=zh, name_en=en, order=10 * order) for order, (zh, en) in enumerate(THEMES, 1)
        )
    if not template.objects.exists():
        template.objects.bulk_create(template(grade=grade, title=title, text=text) for grade, title, text in ANSWERS)
