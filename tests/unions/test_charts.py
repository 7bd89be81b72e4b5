"""Charts do not make a small change look large: what is drawn as a surface or a column stands on nought."""

from unions.kit import charts


def test_columns_are_as_high_as_their_amounts():
    drawn = charts.columns([("2024", [50, 25]), ("2025", [None, 100])], ["accounts", "budget"])
    heights = [[bar["height"] for bar in group["bars"]] for group in drawn["groups"]]
    assert heights[0][0] == 2 * heights[0][1] and heights[1] == [4 * heights[0][1]]
    assert drawn["grid"][0]["text"] == "0"
    assert [bar["name"] for bar in drawn["groups"][1]["bars"]] == ["budget"], "what is missing leaves its place empty"


def test_no_amounts_and_nothing_but_noughts_can_be_drawn():
    assert charts.columns([("2024", [None])], ["accounts"])["groups"] == []
    assert charts.columns([("2024", [0])], ["accounts"])["groups"][0]["bars"][0]["height"] == 0


def test_a_line_that_does_not_stand_on_nought_has_no_surface_below():
    assert not charts.line([("Q1", 870), ("Q2", 921)])["area"]
    assert charts.line([("Q1", 0), ("Q2", 921)])["area"]
