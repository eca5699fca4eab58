"""What changed in the golden figures is told by value; that cells moved, by a count."""

import golden_figures as golden


def figure(value, states="", rows=""):
    return {"figure_id": "x", "value": value, "states": states, "rows": rows}


def test_values_are_told_and_cells_that_moved_are_counted():
    same = {"a": figure("1", rows="f:1;f:2")}
    before = same | {"b": figure("2", "LAO;NOR", "f:3"), "c": figure("3", rows="f:4"), "d": figure("4")}
    moved = {"a": figure("1", rows="f:2;f:3")}
    today = moved | {"b": figure("3", "LAO;TCD", "f:4"), "c": figure("3", rows="f:4;f:5"), "e": figure("5")}
    assert golden.differences(before, today) == [
        "gone: d (was 4)",
        "new: e = 5",
        "changed: b.value: '2' is now '3'",
        "changed: b.states: lost NOR and gained TCD",
        "changed: c.rows: gained f:5",
        "1 figure: only cells moved",
    ]
    assert golden.differences(same | {"b": same["a"]}, moved | {"b": moved["a"]}) == ["2 figures: only cells moved"]
    assert golden.differences(before, before) == []
