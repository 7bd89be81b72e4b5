"""What the disclosure floor lets the district set."""

from django.utils.translation import gettext_lazy

from unions.settingbook import Definition, definitions

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
