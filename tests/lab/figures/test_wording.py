"""Words of figures: ends named with their numbers, and no more than fits."""

from study.lab.figures.wording import LONGEST, ends, told


def test_both_ends_are_named():
    found = [("a", 1.0, "1 %"), ("b", float("nan"), ""), ("c", 3.0, "3 %")]
    assert ends(found) == "lowest with a (1 %), highest with c (3 %)"


def test_what_looks_alike_is_called_so():
    assert ends([("a", 1.0, "1"), ("b", 1.0, "1")]) == "1 everywhere"
    assert ends([("a", 1.0, "1")]) == "1 with a"
    assert ends([]) == "no run has a number"


def test_what_does_not_fit_is_counted():
    text = told("Means", [f"{n} with method {n}" for n in range(40)])
    assert len(text) <= LONGEST
    shown = text.count(" with method ")
    assert text.endswith(f"{40 - shown} more.")
    assert len(told("a" * 300, ())) <= LONGEST
