"""What the disclosure floor lets the district set."""

from django.utils.translation import gettext_lazy

from unions.settingbook import DAYS, Definition, definitions

# The law was amended in 2024 and its articles may have moved: it is named without a number until the district, which
# has the text in force before it, gives one.
STATISTICS_LAW = "《中华人民共和国统计法》"


def register() -> None:
    """Called once when the app is ready."""
    definitions.add(
        "signature-law",
        Definition(
            "signature-law",
            gettext_lazy("Returns"),
            gettext_lazy("Law named beside the signature"),
            gettext_lazy("Whoever signs a return answers for its figures under this law; add the article in force."),
            STATISTICS_LAW,
            most=80,
            basis="统计调查对象须真实、准确、完整、及时提供统计资料；2024年修正后的条文序号请核对现行文本后填写",
        ),
    )


ALONE_FORBIDDEN, ALONE_ALLOWED = 0, 1
OF_BULLETINS = gettext_lazy("Bulletins")


def register_bulletins() -> None:
    """Called once when the app is ready."""
    definitions.add(
        "bulletin-alone",
        Definition(
            "bulletin-alone",
            OF_BULLETINS,
            gettext_lazy("In a grassroots union the writer of a bulletin"),
            gettext_lazy("In the district and the middle tier somebody else always approves."),
            ALONE_ALLOWED,
            choices=(
                (ALONE_FORBIDDEN, gettext_lazy("needs somebody else's approval")),
                (ALONE_ALLOWED, gettext_lazy("may approve it alone")),
            ),
        ),
    )
    definitions.add(
        "board-days",
        Definition(
            "board-days",
            OF_BULLETINS,
            gettext_lazy("A bulletin stays on a notice board for at least"),
            gettext_lazy("The page of a bulletin says so beside its postings."),
            7,
            least=1,
            most=90,
            unit=DAYS,
        ),
    )
