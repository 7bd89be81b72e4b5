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


OF_ANNUAL = gettext_lazy("Annual reports")


def register_annual() -> None:
    """Called once when the app is ready."""
    for key, label, help_text, days in (
        (
            "annual-hearing-days",
            gettext_lazy("The committee rates an annual report within"),
            gettext_lazy("Proposed when the report is given to its members."),
            10,
        ),
        (
            "annual-answer-workdays",
            gettext_lazy("Questions about an annual report are answered within"),
            gettext_lazy("Counted in working days from the question."),
            10,
        ),
    ):
        definitions.add(
            key,
            Definition(key, OF_ANNUAL, label, help_text, days, least=1, most=60, unit=DAYS,
                       basis="朝工发〔2015〕24号三（一）：接受评议和咨询；时限由区总工会确定"),
        )  # fmt: skip


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
