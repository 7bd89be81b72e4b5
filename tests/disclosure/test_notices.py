import pytest
from django.utils import translation

from disclosure.notices import register  # noqa: F401  the kinds are registered when the app is ready
from unions.notices import wordings

PARAMS = {
    "union": "北京瑞丰同创科技有限公司工会委员会", "period": "2026Q3", "by": "王建国", "round": 2, "reason": "请与名册核对。", "due": "2026-11-25",
    "figure": "女会员", "text": "与名册不符。",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["submitted", "returned", "accepted", "reopened", "asked", "chased", "pushed"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_notice_names_union_and_matter_in_both_languages(kind, language):
    wording = wordings[f"return.{kind}"]
    with translation.override(language):
        words = wording.title(PARAMS) + wording.body(PARAMS)
    assert PARAMS["union"] in words and "%(" not in words
    if language == "zh-hans":
        assert not any("a" <= letter.lower() <= "z" for letter in words), words
